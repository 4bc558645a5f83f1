from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.matching import is_matching, matching

# Approved refunds and those waiting for approval take their share of what may still be asked for.
ASKED_FOR = ('submitted', 'approved')


class SaleOrder(models.Model):
    """What an order claims, has received and still claims, in its own currency. (R091, R092, R094, R200; DESIGN §6)

    Always contract − credited − written off = collected − refunded + open; below zero, open is to be refunded.
    A cancelled order claims nothing: contract, credited and written off are 0, and what it collected is to be refunded.
    """

    _inherit = 'sale.order'

    k20_payment_ids = fields.One2many(
        'account.payment',
        'k20_sale_order_id',
        "Collections",
        copy=False,
        groups='k20_base.group_k20_salesperson,account.group_account_readonly,account.group_account_invoice',
    )
    k20_refund_ids = fields.One2many(
        'k20.order.refund',
        'order_id',
        "Refunds",
        copy=False,
        groups='k20_base.group_k20_salesperson,account.group_account_readonly,account.group_account_invoice',
    )
    k20_amount_contract = fields.Monetary(
        "Contract Amount", compute='_compute_k20_amount_contract', store=True, help="With tax; 0 once cancelled."
    )
    k20_amount_collected = fields.Monetary("Collected", compute='_compute_k20_amounts_paid', store=True, copy=False)
    k20_amount_refunded = fields.Monetary("Refunded", compute='_compute_k20_amounts_paid', store=True, copy=False)
    k20_amount_pending = fields.Monetary(
        "Waiting for Finance",
        compute='_compute_k20_amounts_paid',
        store=True,
        copy=False,
        help="Collections that are registered and not confirmed yet.",
    )
    k20_amount_credited = fields.Monetary(
        "Credited",
        compute='_compute_k20_amount_credited',
        store=True,
        copy=False,
        help="What is owed no more by approved refunds and posted credit notes.",
    )
    k20_amount_refund_pending = fields.Monetary(
        "Refunds to Pay",
        compute='_compute_k20_amount_refund_pending',
        store=True,
        copy=False,
        help="Refunds asked for or approved that finance has not paid yet.",
    )
    k20_amount_written_off = fields.Monetary("Written off", compute='_compute_k20_amounts_paid', store=True, copy=False)
    k20_amount_open = fields.Monetary("Uncollected", compute='_compute_k20_amount_open', store=True, copy=False)

    # -- figures -----------------------------------------------------------------------------------------------------

    @api.depends('amount_total', 'state')
    def _compute_k20_amount_contract(self):
        for order in self:
            order.k20_amount_contract = 0.0 if order.state == 'cancel' else order.amount_total

    @api.depends(
        'k20_payment_ids.k20_counted',
        'k20_payment_ids.k20_order_amount',
        'k20_payment_ids.k20_written_off',
        'k20_payment_ids.state',
        'state',
    )
    def _compute_k20_amounts_paid(self):
        sums = self._k20_payment_sums()
        nothing = (0.0, 0.0, 0.0)
        for order in self:
            counted_in, amount_in, forgiven_in = sums.get((order._origin.id, 'inbound', True), nothing)
            counted_out, _amount, forgiven_out = sums.get((order._origin.id, 'outbound', True), nothing)
            order.k20_amount_collected = counted_in
            order.k20_amount_refunded = -counted_out
            order.k20_amount_written_off = 0.0 if order.state == 'cancel' else forgiven_in + forgiven_out
            order.k20_amount_pending = sums.get((order._origin.id, 'inbound', False), nothing)[1]

    def _k20_payment_sums(self):
        """Return {(order id, direction, confirmed): (counted, in the order's currency, written off)}."""
        if not self.ids:
            return {}
        sums = defaultdict(lambda: (0.0, 0.0, 0.0))
        rows = (
            self.env['account.payment']
            .sudo()
            ._read_group(
                [('k20_sale_order_id', 'in', self.ids), ('state', 'in', ('draft', 'in_process', 'paid'))],
                ['k20_sale_order_id', 'payment_type', 'state'],
                ['k20_counted:sum', 'k20_order_amount:sum', 'k20_written_off:sum'],
            )
        )
        for order, direction, state, *amounts in rows:
            key = order.id, direction, state != 'draft'
            sums[key] = tuple(map(sum, zip(sums[key], amounts, strict=True)))
        return sums

    @api.depends(
        'state',
        'k20_refund_ids.k20_approval_state',
        'k20_refund_ids.amount',
        'k20_refund_ids.kind',
        'k20_refund_ids.cancelled',
        'order_line.invoice_lines.parent_state',
        'order_line.invoice_lines.price_total',
        'order_line.invoice_lines.move_id.k20_claim_stays',
    )
    def _compute_k20_amount_credited(self):
        standing = self.filtered(lambda order: order.state != 'cancel' and order._origin.id)
        noted = standing.filtered('order_line.invoice_lines')._k20_credit_note_sums()
        refunded = dict(
            self.env['k20.order.refund']
            .sudo()
            ._read_group(
                [
                    ('order_id', 'in', standing.ids),
                    ('kind', '=', 'credit'),
                    ('k20_approval_state', '=', 'approved'),
                    ('cancelled', '=', False),
                ],
                ['order_id'],
                ['amount:sum'],
            )
            if standing
            else ()
        )
        for order in self:
            order.k20_amount_credited = noted.get(order._origin.id, 0.0) + refunded.get(order._origin, 0.0)

    def _k20_credit_note_sums(self):
        """Return {order id: what posted credit notes of it say, in its currency}.

        A note over several orders counts for each by its lines; the cents of rounding go by the note's total. A refund
        makes a note without a tie to the order's lines, so it is not among them.
        """
        if not self.ids:
            return {}
        rows = (
            self.env['account.move.line']
            .sudo()
            ._read_group(
                [
                    ('sale_line_ids.order_id', 'in', self.ids),
                    ('parent_state', '=', 'posted'),
                    ('move_id.move_type', '=', 'out_refund'),
                    ('move_id.k20_claim_stays', '=', False),
                ],
                ['move_id', 'sale_line_ids'],
                ['price_total:sum'],
            )
        )
        shares = defaultdict(float)
        for note, line, amount in rows:
            shares[note, line.order_id] += amount
        sums = defaultdict(float)
        for (note, order), share in shares.items():
            total = sum(note.invoice_line_ids.mapped('price_total'))
            amount = note.currency_id.round(share * note.amount_total / total) if total else 0.0
            day = note.invoice_date or note.date
            sums[order.id] += note.currency_id._convert(amount, order.currency_id, note.company_id, day)
        return sums

    @api.depends(
        'k20_refund_ids.k20_approval_state',
        'k20_refund_ids.amount',
        'k20_refund_ids.cancelled',
        'k20_refund_ids.payment_id.state',
    )
    def _compute_k20_amount_refund_pending(self):
        sums = (
            dict(
                self.env['k20.order.refund']
                .sudo()
                ._read_group(
                    [('order_id', 'in', self.ids), *self.env['k20.order.refund']._k20_pending_domain()],
                    ['order_id'],
                    ['amount:sum'],
                )
            )
            if self.ids
            else {}
        )
        for order in self:
            order.k20_amount_refund_pending = sums.get(order._origin, 0.0)

    @api.depends(
        'k20_amount_contract',
        'k20_amount_credited',
        'k20_amount_written_off',
        'k20_amount_collected',
        'k20_amount_refunded',
    )
    def _compute_k20_amount_open(self):
        for order in self:
            claim = order._k20_claim()
            order.k20_amount_open = claim - order.k20_amount_collected + order.k20_amount_refunded

    def _k20_claim(self):
        """Return what the customer owes of this order in all: contract − credited − written off."""
        self.ensure_one()
        return self.k20_amount_contract - self.k20_amount_credited - self.k20_amount_written_off

    # -- what others ask ---------------------------------------------------------------------------------------------

    def _k20_is_settled(self):
        """Tell whether nothing is open on this order, either way."""
        self.ensure_one()
        return self.currency_id.is_zero(self.k20_amount_open)

    @api.depends(
        'k20_amount_contract',
        'k20_amount_credited',
        'k20_amount_written_off',
        'k20_amount_collected',
        'k20_amount_refunded',
    )
    def _compute_k20_is_deal(self):
        super()._compute_k20_is_deal()

    def _k20_is_deal(self):
        """What is given back whole is no deal any more. (DESIGN §3)"""
        return super()._k20_is_deal() and not self._k20_is_fully_refunded()

    def _k20_is_fully_refunded(self):
        """Tell whether the sale is undone: its whole claim credited, or all of its money and contract given back."""
        self.ensure_one()
        is_none = self.currency_id.compare_amounts
        if self.k20_amount_credited and is_none(self._k20_claim(), 0) <= 0:
            return True
        back = self.k20_amount_refunded
        return (
            is_none(back, 0) > 0
            and is_none(back, self.k20_amount_collected) >= 0
            and is_none(back, self.k20_amount_contract - self.k20_amount_written_off) >= 0
        )

    def _k20_amount_to_register(self):
        """Return what may still be registered: open, less what waits for finance; never below zero."""
        self.ensure_one()
        return max(self.currency_id.round(self.k20_amount_open - self.k20_amount_pending), 0.0)

    def _k20_amount_to_refund(self):
        """Return what may still be asked back: collected − refunded, less what is asked for already."""
        self.ensure_one()
        left = self.k20_amount_collected - self.k20_amount_refunded - self.k20_amount_refund_pending
        return max(self.currency_id.round(left), 0.0)

    # -- limits ------------------------------------------------------------------------------------------------------

    def _k20_check_not_overpaid(self):
        """UserError where more is collected than these orders claim."""
        for order in self:
            if order.currency_id.compare_amounts(order.k20_amount_open, 0) < 0:
                raise UserError(
                    self.env._(
                        "Order %(order)s would be paid %(amount)s more than is open: correct the amount, or keep the"
                        " rest as an advance.",
                        order=order.name,
                        amount=order._k20_format(-order.k20_amount_open),
                    )
                )

    def _k20_check_refunded(self):
        """UserError where more is refunded than these orders have collected."""
        for order in self:
            if order.currency_id.compare_amounts(order.k20_amount_refunded, order.k20_amount_collected) > 0:
                raise UserError(
                    self.env._(
                        "Order %(order)s would stand at %(refunded)s refunded and %(collected)s collected: take the"
                        " refund back first.",
                        order=order.name,
                        refunded=order._k20_format(order.k20_amount_refunded),
                        collected=order._k20_format(order.k20_amount_collected),
                    )
                )

    def _k20_check_no_open_refund(self):
        """UserError where a refund of these orders waits for a decision or its payment, also for the administrator."""
        for order in self.sudo():
            if order.currency_id.compare_amounts(order.k20_amount_refund_pending, 0) > 0:
                raise UserError(
                    self.env._(
                        "%(order)s has refunds of %(amount)s asked for and not paid: have them paid or taken back"
                        " first.",
                        order=order.name,
                        amount=order._k20_format(order.k20_amount_refund_pending),
                    )
                )

    def _k20_format(self, amount):
        self.ensure_one()
        return self.currency_id.format(amount)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_k20_money(self):
        for order in self.sudo():
            if order.k20_payment_ids or order.k20_refund_ids:
                raise UserError(
                    self.env._("Order %s has collections or refunds and stays: cancel it instead.", order.name)
                )

    # -- matching ----------------------------------------------------------------------------------------------------

    def _k20_settle(self):
        """Match what these orders' customers owe in the books with what they paid, each order with its own money.

        Refunds come first: the credit note of one is kept for its payment. Then all that is left of invoices, due ones
        first, and of money given back, with all that is left of collections and credit notes.
        """
        if is_matching() or not self:
            return
        orders = self.sudo()._k20_matchable()
        with matching():
            orders.k20_refund_ids._k20_settle()
            for order in orders:
                for lines in order._k20_open_items().grouped('account_id').values():
                    balances = lines.mapped('amount_residual')
                    if min(balances) < 0 < max(balances):
                        lines.reconcile()

    def _k20_matchable(self):
        """Return those of these orders that have an invoice or a refund: collections alone match nothing."""
        return self.search([
            ('id', 'in', self.ids), '|', ('k20_refund_ids', '!=', False), ('order_line.invoice_lines', '!=', False)
        ])  # fmt: skip

    def _k20_open_items(self):
        """Return this order's unmatched items in the books, without what is kept for a refund.

        Odoo takes those due first, first.
        """
        self.ensure_one()
        invoices = self.order_line.invoice_lines.move_id
        refunds = self.k20_refund_ids
        invoices |= refunds.filtered(lambda refund: refund._k20_is_paid()).credit_note_id
        moves = invoices | self.k20_payment_ids._k20_confirmed().move_id
        return moves.filtered(lambda move: move.state == 'posted').line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable' and not line.reconciled
        )
