from . import base_partner_merge
from . import k20_customer_import
from . import k20_duplicate_check
