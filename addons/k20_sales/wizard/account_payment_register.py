from odoo import models
from odoo.exceptions import UserError

from odoo.addons.k20_base.tools.opening import creating

from ..tools.matching import matching


class AccountPaymentRegister(models.TransientModel):
    """Odoo's dialog on invoices: what it makes belongs to the invoice's order, one payment an order. (R092, R200)"""

    _inherit = 'account.payment.register'

    def _create_payments(self):
        orders = self.line_ids.move_id.sudo()._k20_orders()
        if orders or self.partner_type == 'customer':
            self.env['account.payment']._k20_check_may_confirm_new()
        if len(orders) > 1:
            self.group_payment = False
        # Made with their entry, write-off included, which is posted at the end; matched with what the user chose.
        with creating(self.env['account.payment']), matching():
            payments = super()._create_payments()
        # Not in sudo, and checked again: what was made stands under the rules of all other payments.
        payments._k20_check_made()
        return payments

    def _create_payment_vals_from_wizard(self, batch_result):
        values = super()._create_payment_vals_from_wizard(batch_result)
        return {**values, **self._k20_order_values(batch_result)}

    def _create_payment_vals_from_batch(self, batch_result):
        values = super()._create_payment_vals_from_batch(batch_result)
        return {**values, **self._k20_order_values(batch_result)}

    def _k20_order_values(self, batch_result):
        orders = batch_result['lines'].move_id.sudo()._k20_orders()
        if len(orders) > 1:
            raise UserError(
                self.env._(
                    "This invoice is of several orders (%s): register one collection for them, with each one's share.",
                    ', '.join(orders.mapped('name')),
                )
            )
        return {'k20_sale_order_id': orders.id} if orders else {}
