from odoo import models


class SaleOrderLine(models.Model):
    """A line of a quotation or order, locked with it. (R193)"""

    _name = 'sale.order.line'
    _inherit = ['sale.order.line', 'k20.approval.line.mixin']
    _k20_document_field = 'order_id'
