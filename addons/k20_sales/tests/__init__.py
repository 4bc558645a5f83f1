from . import test_cost
from . import test_price_properties
from . import test_price_tour
from . import test_prices
from . import test_order_approval
from . import test_order_lock
from . import test_visibility
