from . import k20_price_ask
from . import k20_price_history
