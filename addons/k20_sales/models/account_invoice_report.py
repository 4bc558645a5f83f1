from odoo import fields, models


class AccountInvoiceReport(models.Model):
    """Odoo works margin and inventory value out of the product's cost: for who may see cost. (R088)"""

    _inherit = 'account.invoice.report'

    price_margin = fields.Float(groups='k20_base.group_k20_cost')
    inventory_value = fields.Float(groups='k20_base.group_k20_cost')
