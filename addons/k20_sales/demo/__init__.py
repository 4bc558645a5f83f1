from . import k20_demo_sales
from . import k20_demo_orders
from . import k20_demo_money
