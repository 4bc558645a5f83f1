from odoo import models


class AccountMove(models.Model):
    """An invoice is named only by who may read it: other records copy from it what it knows of the customer. (R157)"""

    _inherit = 'account.move'
    _k20_guarded = True
