from odoo import models


class PaymentTransaction(models.Model):
    """An online payment of a quotation is kept and submits the order; it never confirms it, and never fails. (R191)"""

    _inherit = 'payment.transaction'

    def _check_amount_and_confirm_order(self):
        """Submit what the customer has paid enough for; Odoo would confirm it.

        :return: no order, since none is confirmed here
        """
        for transaction in self:
            # As Odoo has it: one payment for several orders is not supported.
            order = transaction.sale_order_ids if len(transaction.sale_order_ids) == 1 else self.env['sale.order']
            if order.state in {'draft', 'sent'} and order._is_confirmation_amount_reached():
                order._k20_submit_for_customer(self.env._("The customer has paid online."))
        return self.env['sale.order']
