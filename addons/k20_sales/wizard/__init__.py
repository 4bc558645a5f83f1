from . import account_move_reversal
from . import account_payment_register
from . import k20_advance_give
from . import k20_collection_register
from . import k20_price_ask
from . import k20_price_history
