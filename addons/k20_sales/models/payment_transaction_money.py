from odoo import models

from odoo.addons.k20_base.tools.opening import creating

from ..tools.matching import matching


class PaymentTransaction(models.Model):
    """What a customer pays online is kept, counts at once, and belongs to its order as far as that is open. (R195)"""

    _inherit = 'payment.transaction'

    def _post_process(self):
        # The provider has the money: nobody confirms it, and a cancellation there takes it back here.
        with creating(self.env['account.payment']):
            return super()._post_process()

    def _create_payment(self, **extra_create_values):
        with creating(self.env['account.payment']), matching():
            payment = super()._create_payment(**{**self._k20_order_values(), **extra_create_values})
        payment = payment.sudo()
        payment._k20_check_posted()
        if payment.k20_sale_order_id:
            payment._k20_counting_changed()
            payment.k20_sale_order_id._k20_settle()
        return payment.with_env(self.env)

    def _k20_order_values(self):
        """Return the order that this money is for; what is above open stays an advance that finance gives to it."""
        orders = self.sale_order_ids | self.invoice_ids.invoice_line_ids.sale_line_ids.order_id
        if len(orders) != 1 or self.amount <= 0:
            return {}
        day = orders.company_id._k20_today()
        amount = self.currency_id._convert(self.amount, orders.currency_id, orders.company_id, day)
        if orders.currency_id.compare_amounts(amount, orders.k20_amount_open) > 0:
            return {}
        return {'k20_sale_order_id': orders.id}
