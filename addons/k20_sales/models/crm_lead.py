from odoo import models


class CrmLead(models.Model):
    """A project is named only by who may read it: other records copy from it what it knows of the customer. (R157)"""

    _inherit = 'crm.lead'
    _k20_guarded = True
