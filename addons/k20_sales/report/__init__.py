from . import k20_order_movement
from . import k20_receivable
