from . import k20_demo
from . import k20_demo_ownership
