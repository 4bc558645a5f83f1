from odoo import fields, models


class SaleReport(models.Model):
    """The margin of the sales analysis, for who may see cost. (R088)"""

    _inherit = 'sale.report'

    margin = fields.Float(groups='k20_base.group_k20_cost')
