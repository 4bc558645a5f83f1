from . import base_partner_merge
from . import k20_duplicate_check
