from odoo import models


class K20OrderType(models.Model):
    """What kind of business an order is: hardware, software, services … (R084)"""

    _name = 'k20.order.type'
    _inherit = ['k20.base.data.mixin']
    _description = "Order Type"

    _name_uniq = models.UniqueIndex("((name->>'en_US'))", "This name exists already in the list.")
