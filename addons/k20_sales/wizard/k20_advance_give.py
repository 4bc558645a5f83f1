from odoo import api, fields, models
from odoo.exceptions import UserError


class K20AdvanceGive(models.TransientModel):
    """Gives an advance, or part of it, to an order. (R200)"""

    _name = 'k20.advance.give'
    _description = "Give an Advance to an Order"

    payment_id = fields.Many2one('account.payment', "Advance", required=True, readonly=True)
    partner_id = fields.Many2one(related='payment_id.partner_id', string="Payer")
    currency_id = fields.Many2one(related='payment_id.currency_id')
    order_id = fields.Many2one('sale.order', required=True, domain=[('k20_amount_open', '>', 0)])
    amount = fields.Monetary(compute='_compute_amount', store=True, readonly=False)

    @api.depends('payment_id', 'order_id')
    def _compute_amount(self):
        for wizard in self:
            payment, order = wizard.payment_id, wizard.order_id
            left = order._k20_amount_to_register() if order else 0.0
            left = (
                order.currency_id._convert(left, payment.currency_id, payment.company_id, payment.date) if left else 0.0
            )
            wizard.amount = min(left, payment.amount) if order else payment.amount

    def action_apply(self):
        """Give the amount to the order; the rest stays an advance.

        :return: an action that closes the dialog
        :raise UserError: for more than the advance, or than is open on the order
        """
        self.ensure_one()
        if not self.payment_id:
            raise UserError(self.env._("No advance is chosen: open it and give it from there."))
        self.payment_id.action_k20_give(self.order_id.id, self.amount)
        return {'type': 'ir.actions.act_window_close'}
