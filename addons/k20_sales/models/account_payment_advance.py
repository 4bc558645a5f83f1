from odoo import models
from odoo.exceptions import UserError

from .account_payment import CONFIRMED


class AccountPayment(models.Model):
    """An advance is money without an order; finance gives it to one, whole or in part. (R200)"""

    _inherit = 'account.payment'

    def action_k20_give(self, order_id, amount=None):
        """Give this advance to an order; of a part, the rest stays an advance of the same transfer.

        :param int order_id: the order, of the same company
        :param float amount: in the advance's currency, by default all of it
        :return: id of the payment that is the order's now
        :raise AccessError: without the function to confirm collections
        :raise UserError: for money that is no advance, more than it is, or more than is open on the order
        """
        self.ensure_one()
        self.check_access('write')
        self._k20_check_may_confirm()
        order = self.env['sale.order'].browse(order_id)
        self._k20_check_is_advance()
        amount = self.amount if amount is None else order._k20_money(amount)
        if self.currency_id.compare_amounts(amount, self.amount) > 0:
            raise UserError(
                self.env._(
                    "%(payment)s is an advance of %(amount)s: type no more than that.",
                    payment=self.display_name,
                    amount=self.currency_id.format(self.amount),
                )
            )
        order._k20_split(amount, self.currency_id, self.date)  # refuses a cancelled order, and more than is open
        part = self if not self.currency_id.compare_amounts(amount, self.amount) else self._k20_part(amount)
        part.k20_sale_order_id = order
        return part.id

    def action_k20_open_give(self):
        """Open the dialog that gives this advance to an order.

        :return: an action
        """
        self.ensure_one()
        self._k20_check_is_advance()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_advance_give_action')
        return {**action, 'context': {'default_payment_id': self.id}}

    def _k20_check_is_advance(self):
        if self.k20_sale_order_id or self.payment_type != 'inbound' or not self._k20_watched():
            raise UserError(self.env._("%s is no advance of a customer.", self.display_name))
        if self.state not in ('draft', *CONFIRMED):
            raise UserError(self.env._("%s is cancelled or rejected and can be given to nobody.", self.display_name))

    def _k20_part(self, amount):
        """Split `amount` off this advance; both parts are confirmed again where it was.

        :return: the new payment
        """
        was_confirmed = self._k20_confirmed()
        if was_confirmed:
            self.action_draft()
        collection = self.k20_collection_id
        part = self.copy({'amount': amount})
        if collection:
            part.sudo()._k20_join(collection)
        self.amount -= amount
        if was_confirmed:
            (self + part).action_post()
        return part
