from . import base_partner_merge
from . import k20_order_complete
from . import k20_price_ask
from . import k20_price_history
from . import k20_user_handover
