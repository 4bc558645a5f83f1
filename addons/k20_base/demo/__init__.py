from . import k20_demo
