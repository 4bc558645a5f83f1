from odoo import fields, models


class SaleOrderLine(models.Model):
    """What was sold, line by line: of any period, by product, customer, channel, project and salesperson. (R029)"""

    _inherit = 'sale.order.line'

    k20_project_id = fields.Many2one(
        related='order_id.opportunity_id', string="Project", store=True, index='btree_not_null'
    )
    k20_customer_id = fields.Many2one(
        related='order_id.k20_customer_id', string="Customer (Company)", store=True, index='btree_not_null'
    )

    def action_k20_open_order(self):
        """Open the order of this line.

        :return: an action
        """
        self.ensure_one()
        self.check_access('read')
        return self.order_id.get_formview_action()
