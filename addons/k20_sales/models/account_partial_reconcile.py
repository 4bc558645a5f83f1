from odoo import api, models
from odoo.exceptions import UserError

from ..tools.matching import matching


class AccountPartialReconcile(models.Model):
    """An order's invoice is settled by its own order's money, and by money that K20 counts. (R195, R200)"""

    _inherit = 'account.partial.reconcile'

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials.sudo()._k20_check_own_money()
        return partials

    def _k20_check_own_money(self):
        for partial in self:
            debit, credit = partial.debit_move_id.move_id, partial.credit_move_id.move_id
            for invoice, money in ((debit, credit), (credit, debit)):
                if invoice.move_type in ('out_invoice', 'out_refund') and money.move_type == 'entry':
                    partial._k20_check_match(invoice, money)

    def _k20_check_match(self, invoice, money):
        """UserError where `money`, an entry, is not of the order of `invoice`; an advance is given to that order."""
        orders = invoice._k20_orders() | invoice.k20_refund_ids.order_id
        if not orders:
            return
        if money.statement_line_id:
            raise UserError(
                self.env._(
                    "%(invoice)s is of order %(order)s, which would not count this money: register a collection on the"
                    " order.",
                    invoice=invoice.name,
                    order=orders[0].name,
                )
            )
        payment = money.origin_payment_id
        if not payment or payment.k20_sale_order_id in orders:
            return
        if payment.k20_sale_order_id:
            raise UserError(
                self.env._(
                    "%(payment)s is money of order %(own)s and cannot settle %(invoice)s of order %(other)s.",
                    payment=payment.display_name,
                    own=payment.k20_sale_order_id.name,
                    invoice=invoice.name,
                    other=orders[0].name,
                )
            )
        if len(orders) > 1:
            raise UserError(
                self.env._(
                    "%(invoice)s is of several orders (%(orders)s): give the advance to one of them first.",
                    invoice=invoice.name,
                    orders=', '.join(orders.mapped('name')),
                )
            )
        with matching():  # which is under way
            # As the user: giving an advance to an order takes the function, and no more than is open.
            payment.with_user(self.env.uid).k20_sale_order_id = orders
