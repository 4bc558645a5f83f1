from . import test_visibility
from . import test_prices
