from odoo import models


class IrModelAccess(models.Model):
    """Access rows hold the rights up: whoever changes one hands out rights. (R021)"""

    _name = 'ir.model.access'
    _inherit = ['k20.administered.mixin', 'ir.model.access']
