from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.k20_base.tools.opening import is_creating, is_open, opened

from .account_payment import CONFIRMED

# What makes the journal entry; Odoo would change these of a confirmed payment and leave the posted entry as it is.
FROZEN = {
    'amount', 'company_id', 'currency_id', 'date', 'destination_account_id', 'journal_id', 'move_id',
    'outstanding_account_id', 'partner_id', 'partner_type', 'payment_method_line_id', 'payment_type',
}  # fmt: skip
# How the register wizard brings its own entry along, still a draft.
OWN_ENTRY = {'write_off_line_vals', 'force_balance', 'line_ids', 'move_id'}


class AccountPayment(models.Model):
    """The doors through which money counts or ceases to, each with its rule. (R092, R195, R200)

    Made as a draft, confirmed and reset by the function only, frozen while confirmed, and never without a posted entry.
    """

    _inherit = 'account.payment'

    @api.model_create_multi
    def create(self, vals_list):
        if is_creating(self):
            return super().create(vals_list)
        decided = [vals for vals in vals_list if OWN_ENTRY & vals.keys() or vals.get('state', 'draft') != 'draft']
        # Asked of records not made yet, since the entry would be made at once, and the number used up.
        if any(self.new(vals)._k20_watched() for vals in self._k20_without_entry(decided)):
            raise UserError(
                self.env._("A payment is made as a draft and confirmed afterwards: leave state and entry out.")
            )
        payments = super(AccountPayment, self.with_context(default_state='draft')).create(vals_list)
        payments._k20_watched()._k20_check_order_link()
        return payments.with_env(self.env)

    @api.model
    def _k20_without_entry(self, vals_list):
        return [{name: value for name, value in vals.items() if name not in OWN_ENTRY} for vals in vals_list]

    def write(self, vals):
        if all(map(is_open, self)):  # the step inside a step: Odoo writes move and state on the way
            return super().write(vals)
        self._k20_refuse_figures(vals)  # here, since what is opened below lets the server's own writing through
        watched = self if vals.get('k20_sale_order_id') else self._k20_watched()
        confirmed = watched._k20_confirmed()
        confirmed._k20_check_frozen(vals)
        (watched - confirmed)._k20_check_draft(vals)
        entering = leaving = watched.browse()
        if 'state' in vals:
            if vals['state'] in CONFIRMED:
                entering = watched - confirmed
                entering._k20_check_may_confirm()
            else:
                leaving = confirmed
                leaving._k20_check_reset_by_button()
        if 'k20_sale_order_id' in vals:
            confirmed._k20_check_given(vals['k20_sale_order_id'])
        with opened(entering):
            result = super().write(vals)
            if entering:
                entering._k20_stamp()
        watched._k20_after_write(vals, entering)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_k20_confirmed(self):
        for payment in self._k20_watched()._k20_confirmed():
            raise UserError(
                self.env._(
                    "%s is confirmed and has an entry in the books: reset it to draft first.", payment.display_name
                )
            )

    # -- actions of Odoo, the only ones that take a confirmed payment back ---------------------------------------------

    def action_draft(self):
        """Take payments back to draft, with their entry and its matching; the order's totals follow.

        :return: True
        :raise UserError: where refunds of the order would stand above its collections
        """
        self._k20_check_may_reset()
        self.k20_collection_id._k20_check_may_revive()
        with opened(self):
            # Odoo would leave the draft entry matched, and the invoice paid.
            self._k20_watched().move_id.line_ids.remove_move_reconcile()
            super().action_draft()
            self._k20_after_reset()
        return True

    def action_cancel(self):
        """Cancel payments with their entry; the order's totals follow.

        :return: True
        :raise UserError: where refunds of the order would stand above its collections
        """
        self._k20_check_may_reset()
        with opened(self):
            super().action_cancel()
            self._k20_after_reset()
        return True

    def action_reject(self):
        """Reject payments (the bank did) with their entry, which Odoo alone would leave posted and matched.

        :return: True
        :raise UserError: where refunds of the order would stand above its collections
        """
        self._k20_check_may_reset()
        with opened(self):
            super().action_reject()
            moves = self._k20_watched().move_id
            moves.line_ids.remove_move_reconcile()
            moves.filtered(lambda move: move.state == 'posted').button_draft()
            moves.filtered(lambda move: move.state == 'draft').write({'auto_post': 'no', 'state': 'cancel'})
            self._k20_after_reset()
        return True

    def action_post(self):
        """Confirm payments: they get a posted entry, count for their orders, and settle the orders' invoices.

        :return: True
        :raise AccessError: without the function to confirm collections
        :raise UserError: where an order would be paid more than is open, or refunded more than it collected
        """
        return super().action_post() or True

    def action_validate(self):
        """The same for payments without matching. See `action_post`.

        :return: True
        """
        return super().action_validate() or True

    # -- checks ------------------------------------------------------------------------------------------------------

    def _k20_check_may_confirm(self):
        if self and not is_creating(self):
            self._k20_check_may_confirm_new()

    @api.model
    def _k20_check_may_confirm_new(self):
        if not self._k20_may_confirm():
            raise AccessError(
                self.env._("Collections are confirmed by finance (function: confirm collections): ask there.")
            )

    def _k20_check_may_reset(self):
        if self._k20_watched()._k20_confirmed():
            self._k20_check_may_confirm()

    def _k20_check_reset_by_button(self):
        for payment in self:
            raise UserError(
                self.env._(
                    "%s is confirmed: use Reset to Draft, Cancel or Reject, which take its entry along.",
                    payment.display_name,
                )
            )

    def _k20_check_frozen(self, vals):
        """UserError where `vals` would change what the posted entries of these confirmed payments say."""
        for payment in self:
            for field in payment._k20_changed(FROZEN, vals):
                raise UserError(
                    self.env._(
                        "%(payment)s is confirmed, so its %(field)s stays: reset it to draft first.",
                        payment=payment.display_name,
                        field=field._description_string(self.env),
                    )
                )

    def _k20_check_draft(self, vals):
        """UserError where `vals` would give these drafts an entry made elsewhere, or change them while confirming.

        Odoo makes the entry first and changes the payment afterwards.
        """
        names = FROZEN if vals.get('state') in CONFIRMED else {'move_id'}
        if not is_creating(self) and any(payment._k20_changed(names, vals) for payment in self):
            raise UserError(
                self.env._("The entry of a payment is made from it as it stands: change it first, confirm it then.")
            )
        self._k20_check_head(vals)

    def _k20_check_head(self, vals):
        """UserError where `vals` would tell another story of a transfer than its collection does."""
        for payment in self:
            collection = payment.k20_collection_id
            changed = payment._k20_changed({'date', 'journal_id', 'partner_id', 'currency_id', 'payment_type'}, vals)
            if collection and changed and not is_open(collection):
                raise UserError(
                    self.env._(
                        "%(payment)s is part of collection %(collection)s: correct payer, date and journal there.",
                        payment=payment.display_name,
                        collection=collection.display_name,
                    )
                )

    def _k20_changed(self, names, vals):
        """Return which of the fields `names` the `vals` would change on this payment."""
        fields_ = ((self._fields[name], vals[name]) for name in sorted(names & vals.keys()))
        return [
            field
            for field, value in fields_
            if field.convert_to_cache(value, self) != field.convert_to_cache(self[field.name], self)
        ]

    def _k20_check_given(self, order_id):
        """UserError where confirmed money would change its order; an advance may be given to one."""
        self._k20_check_may_reset()
        for payment in self:
            if payment.k20_sale_order_id and payment.k20_sale_order_id.id != order_id:
                raise UserError(
                    self.env._(
                        "%(payment)s is confirmed for order %(order)s: reset it to draft to give it to another one.",
                        payment=payment.display_name,
                        order=payment.k20_sale_order_id.name,
                    )
                )

    def _k20_check_order_link(self):
        """UserError where money that goes out names an order without a refund: it would pass the approval. (R087)"""
        for payment in self.filtered('k20_sale_order_id'):
            if payment.partner_type != 'customer':
                raise UserError(
                    self.env._(
                        "%s is a supplier's payment and belongs to no order: leave the order out.", payment.display_name
                    )
                )
            if payment.payment_type == 'outbound' and not is_creating(self):
                payment._k20_check_refund()

    def _k20_check_refund(self):
        """UserError unless this outgoing payment is what an approved refund of its order says, or less."""
        refund = self.sudo().k20_refund_ids
        order = self.k20_sale_order_id
        if (
            not refund
            or refund.k20_approval_state != 'approved'
            or refund.cancelled
            or refund.order_id != order
            or order.currency_id.compare_amounts(-self.k20_order_amount, refund.amount) > 0
        ):
            raise UserError(
                self.env._(
                    "Money goes back to the customer of order %s by an approved refund, no more than it says: ask for"
                    " it with the order's button Refund.",
                    order.name,
                )
            )

    # -- what follows ------------------------------------------------------------------------------------------------

    def _k20_stamp(self):
        self.env.add_to_compute(self._fields['k20_order_amount'], self)  # once, at the rate of its day as known now
        self.write({'k20_confirmed_by': self.env.uid, 'k20_confirmed_on': fields.Datetime.now()})

    def _k20_after_write(self, vals, entering):
        """Check what a write of state or order has brought about, against the orders' stored totals, and match."""
        if 'move_id' in vals and is_creating(self):
            return  # made with its entry, which is posted later: see `_k20_check_made`
        if vals.get('state') in CONFIRMED:
            self._k20_check_posted()
        if vals.keys() & {'k20_sale_order_id', 'partner_type', 'payment_type', 'amount', 'currency_id', 'date'}:
            self._k20_check_order_link()
        given = self._k20_confirmed() if 'k20_sale_order_id' in vals else self.browse()
        counting = (entering | given).filtered('k20_sale_order_id')
        if counting:
            counting._k20_check_limits()
            counting._k20_counting_changed()
            counting.k20_sale_order_id._k20_settle()

    def _k20_check_made(self):
        """Check, as after a confirmation, payments that were made and confirmed in one go; then match the rest."""
        made = self._k20_watched()._k20_confirmed()
        made._k20_check_posted()
        made = made.filtered('k20_sale_order_id')
        made._k20_check_limits()
        made._k20_counting_changed()
        made.k20_sale_order_id._k20_settle()

    def _k20_join(self, collection):
        """Make these payments part of a transfer."""
        with opened(self):
            self.k20_collection_id = collection

    def _k20_counting_changed(self):
        """Hook: these payments of orders count from now on or no more, as `k20_counted` says; it may come twice."""

    def _k20_check_posted(self):
        for payment in self._k20_confirmed():
            if payment.move_id.state != 'posted':
                raise UserError(
                    self.env._(
                        "%s would count without a posted entry in the books: reset it to draft and confirm it again.",
                        payment.display_name,
                    )
                )
            booked = payment._k20_booked()
            if payment.currency_id.compare_amounts(booked, payment.amount_signed):
                raise UserError(
                    self.env._(
                        "The entry of %(payment)s says %(booked)s and the payment %(amount)s: cancel it and register it"
                        " anew.",
                        payment=payment.display_name,
                        booked=payment.currency_id.format(booked),
                        amount=payment.currency_id.format(payment.amount_signed),
                    )
                )

    def _k20_booked(self):
        """Return what the entry of this payment says came in, below zero for what went out, in its currency."""
        lines = self.move_id.line_ids.filtered(lambda line: line.account_id == self.outstanding_account_id)
        return sum(lines.mapped('amount_currency'))

    def _k20_check_limits(self):
        """UserError where an order is paid more than its claim, or refunded more than it has collected.

        Asked after the write, of the stored totals: of two at once the database makes one try again.
        """
        outbound = self.filtered(lambda payment: payment.payment_type == 'outbound')
        for payment in outbound:
            payment._k20_check_refund()
        outbound.k20_sale_order_id._k20_check_refunded()
        (self - outbound).k20_sale_order_id._k20_check_not_overpaid()

    def _k20_after_reset(self):
        watched = self._k20_watched()
        watched.k20_sale_order_id._k20_check_refunded()
        watched.write({'k20_confirmed_by': False, 'k20_confirmed_on': False})
        watched.filtered('k20_sale_order_id')._k20_counting_changed()
