from . import base_partner_merge
from . import k20_approval_reject
from . import k20_customer_assign
from . import k20_customer_import
from . import k20_customer_move
from . import k20_customer_star
from . import k20_duplicate_check
from . import k20_user_handover
