from . import days
