from . import test_cost
from . import test_price_properties
from . import test_price_tour
from . import test_prices
from . import test_collections
from . import test_money_doors
from . import test_refunds
from . import test_visibility
