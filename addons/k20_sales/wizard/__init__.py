from . import k20_price_ask
from . import k20_price_history
from . import k20_user_handover
