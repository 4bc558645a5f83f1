from odoo import fields, models


class K20OrderComplete(models.TransientModel):
    """Asks the administrator why an order that is still open is completed. (R086)"""

    _name = 'k20.order.complete'
    _description = "Complete an Order"

    order_ids = fields.Many2many('sale.order', required=True)
    reason = fields.Text(required=True)

    def action_complete(self):
        """Complete the orders with this reason.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_ids.action_k20_complete(self.reason)
        return {'type': 'ir.actions.act_window_close'}
