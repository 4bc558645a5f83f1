from . import base_partner_merge_parties
from . import k20_issue_solve
from . import k20_price_ask
from . import k20_price_history
from . import k20_project_step
from . import k20_user_handover_issues
