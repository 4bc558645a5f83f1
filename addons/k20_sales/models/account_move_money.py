from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.k20_base.tools.opening import is_open

from .account_payment import CONFIRMED


class AccountMove(models.Model):
    """Invoices take their own order's money, and the entry of a confirmed payment stays as it is. (R195, R200)"""

    _inherit = 'account.move'

    k20_claim_stays = fields.Boolean(
        "Claim Stays",
        copy=False,
        help="Tick it on a credit note that only corrects an invoice: what the order claims stays, and is invoiced "
        "anew.",
    )
    k20_refund_ids = fields.One2many('k20.order.refund', 'credit_note_id', "Refunds")

    def write(self, vals):
        if vals.get('state') in ('draft', 'cancel'):
            self.filtered(lambda move: move.state == 'posted')._k20_check_entry_stays()
        if 'k20_claim_stays' in vals:
            self._k20_check_claim_open()
        return super().write(vals)

    def _post(self, soft=True):
        self._k20_check_with_payment()
        posted = super()._post(soft=soft)
        # sudo: matching is the system's, whoever posts; Odoo's billing right alone reads no refunds.
        orders = posted.filtered(lambda move: move.move_type in ('out_invoice', 'out_refund')).sudo()._k20_orders()
        if orders:
            orders.k20_refund_ids._k20_make_credit_note()
            orders._k20_settle()
        return posted

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._k20_check_entry_stays()
        return super()._reverse_moves(default_values_list, cancel)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_k20_entry(self):
        self._k20_check_entry_stays()

    def _k20_orders(self):
        """Return the orders that these invoices and credit notes are of."""
        return self.invoice_line_ids.sale_line_ids.order_id

    def _k20_claimants(self):
        """Return the orders that these documents are of: invoices, credit notes of refunds, entries of payments."""
        return self._k20_orders() | self.k20_refund_ids.order_id | self.origin_payment_id.k20_sale_order_id

    def _k20_over_several_orders(self):
        """Return those of these documents that are invoices and credit notes over more than one order."""
        invoices = self.filtered(lambda move: move.move_type in ('out_invoice', 'out_refund'))
        return invoices.filtered(lambda move: len(move._k20_claimants()) > 1)

    def _k20_share(self, order):
        """Return what part of this document is of `order`, from 0 to 1; lines of no order go along with the others."""
        self.ensure_one()
        amounts = defaultdict(float)
        for line in self.invoice_line_ids:
            amounts[line.sale_line_ids.order_id[:1]] += line.price_total
        amounts.pop(order.browse(), None)
        total = sum(amounts.values())
        if not total:
            return float(order in self._k20_claimants())
        return amounts[order] / total

    def _k20_share_left(self, order):
        """Return what is still to be settled of the part of `order`, in the document's currency."""
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        settled = sum(
            partial.debit_amount_currency * partial.credit_move_id.move_id._k20_share(order)
            for partial in items.matched_credit_ids
        ) + sum(
            partial.credit_amount_currency * partial.debit_move_id.move_id._k20_share(order)
            for partial in items.matched_debit_ids
        )
        return max(self.currency_id.round(self.amount_total * self._k20_share(order) - settled), 0.0)

    def _k20_check_claim_open(self):
        for move in self:
            if move.state == 'posted':
                raise UserError(
                    self.env._("%s is posted: reset it to draft to say whether its claim stays.", move.name)
                )

    def _k20_check_with_payment(self):
        """UserError for the entry of a customer's draft: it is posted with its payment, or the two would disagree."""
        for payment in self.sudo().origin_payment_id._k20_watched():
            if payment.state not in CONFIRMED and not is_open(payment):
                raise UserError(
                    self.env._(
                        "This is the entry of payment %s: confirm the payment, its entry follows.", payment.display_name
                    )
                )

    def _k20_check_entry_stays(self):
        """UserError for the entry of a confirmed customer payment, and for the credit note of an approved refund."""
        # sudo: the rule holds, whatever the user may read of payments and refunds.
        payments = self.sudo().origin_payment_id._k20_watched()._k20_confirmed()
        for payment in payments.filtered(lambda payment: payment.move_id.state == 'posted'):
            raise UserError(
                self.env._(
                    "This is the entry of payment %s: reset, cancel or reject the payment, its entry follows.",
                    payment.display_name,
                )
            )
        for refund in self.sudo().k20_refund_ids:
            if not is_open(refund) and not refund.cancelled:
                raise UserError(
                    self.env._(
                        "This credit note belongs to refund %s: cancel the refund, its credit note follows.",
                        refund.display_name,
                    )
                )
