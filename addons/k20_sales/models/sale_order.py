from odoo import models


class SaleOrder(models.Model):
    """An order is named only by who may read it: other records copy from it what it knows of the customer. (R157)"""

    _inherit = 'sale.order'
    _k20_guarded = True
