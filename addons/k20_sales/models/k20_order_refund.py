from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.k20_base.tools.opening import creating, is_creating, is_open, opened

from .account_payment import CONFIRMED

# Filled in by the server when a refund is granted or taken back.
OUTCOME = {'payment_id', 'credit_note_id', 'cancelled', 'granted_on'}
# Taken from the order.
DERIVED = {'company_id', 'currency_id', 'partner_id'}
ASKED = {'order_id', 'amount', 'reason', 'kind'}


class K20OrderRefund(models.Model):
    """Money that goes back to an order's customer: asked for with a reason, approved, then paid by finance. (R087)

    Kind `credit` ends the claim: what goes back is owed no more, and where invoiced a credit note says so in the books.
    Kind `return_payment` gives the money back and leaves the claim as it is.

    Who may do what:
        salesperson, leader   ask for it on orders they see, change and delete it before they submit it
        approvers             by the flow, the administrator as shipped
        confirm collections   (function) confirms the payment that an approved refund has made
        administrator         besides, takes an approved refund back before it is paid
    """

    _name = 'k20.order.refund'
    _inherit = ['k20.approval.mixin']
    _description = "Order Refund"
    _order = 'id desc'
    _check_company_auto = True

    # Said again, so that this addon's translation names the states.
    k20_approval_state = fields.Selection(
        [('draft', "Draft"), ('submitted', "Submitted"), ('approved', "Approved"), ('rejected', "Rejected")]
    )
    order_id = fields.Many2one(
        'sale.order',
        required=True,
        index=True,
        ondelete='restrict',
        check_company=True,
        domain=[('k20_completed', '=', False)],
    )
    company_id = fields.Many2one(related='order_id.company_id', store=True, precompute=True)
    partner_id = fields.Many2one(related='order_id.partner_id', string="Customer", store=True, precompute=True)
    currency_id = fields.Many2one(related='order_id.currency_id', store=True, precompute=True)
    amount = fields.Monetary(required=True, tracking=True)
    amount_left = fields.Monetary(
        "Can Be Refunded", compute='_compute_amount_left', help="Collected, less what is refunded or asked for already."
    )
    reason = fields.Text(required=True)
    kind = fields.Selection(
        [('credit', "Credit: owed no more"), ('return_payment', "Money back: still owed")],
        required=True,
        default='credit',
        tracking=True,
        help="Credit ends the claim over this amount; money back leaves it to be collected again.",
    )
    payment_id = fields.Many2one(
        'account.payment', readonly=True, copy=False, ondelete='restrict', index='btree_not_null'
    )
    payment_state = fields.Selection(related='payment_id.state', string="Payment State")
    payment_status = fields.Selection(related='payment_id.k20_status', string="Payment Status")
    credit_note_id = fields.Many2one(
        'account.move', readonly=True, copy=False, ondelete='restrict', index='btree_not_null'
    )
    cancelled = fields.Boolean("Taken Back", readonly=True, copy=False, tracking=True)
    granted_on = fields.Date("Granted on", readonly=True, copy=False, help="The company's day of the approval.")

    _amount_positive = models.Constraint('CHECK (amount > 0)', "The amount is above zero: type what is to go back.")

    @api.depends('order_id', 'amount')
    def _compute_display_name(self):
        self.display_name = False
        for refund in self.filtered('order_id'):
            order = refund.sudo().order_id
            amount = order.currency_id.format(refund.amount)
            refund.display_name = self.env._("Refund of %(order)s: %(amount)s", order=order.name, amount=amount)

    @api.depends('order_id.k20_amount_collected', 'order_id.k20_amount_refunded', 'order_id.k20_amount_refund_pending')
    def _compute_amount_left(self):
        for refund in self:
            refund.amount_left = refund.order_id._k20_amount_to_refund() if refund.order_id else 0.0

    # -- the doors ---------------------------------------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # A default, of the context or a personal one, would fill in what the server does.
        defaults = super().default_get([name for name in fields if name in ASKED])
        # Or a new one would show neither Submit nor what can be refunded.
        return {**defaults, **({'k20_approval_state': 'draft'} if 'k20_approval_state' in fields else {})}

    @api.model_create_multi
    def create(self, vals_list):
        if not is_creating(self):
            for vals in vals_list:
                self._k20_refuse_outcome({name for name in (OUTCOME | DERIVED) & vals.keys() if vals[name]})
        refunds = super().create(vals_list)
        refunds._k20_check_order()
        return refunds

    def write(self, vals):
        if not all(map(is_open, self)):
            self._k20_refuse_outcome((OUTCOME | DERIVED) & vals.keys())
            if vals.keys() & {'order_id', 'amount', 'kind'}:
                self._k20_check_not_granted()
        result = super().write(vals)
        if 'order_id' in vals:
            self._k20_check_order()
        return result

    def _k20_check_order(self):
        """Raise where these refunds are of orders that the user may not read, or that are completed. (R086)"""
        self.order_id.check_access('read')
        self.order_id._k20_check_not_completed()

    def _k20_refuse_outcome(self, names):
        if names:
            raise AccessError(
                self.env._(
                    "Payment and credit note of a refund are made when it is approved, its customer and currency are"
                    " the order's: leave them out."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_granted(self):
        self._k20_check_not_granted()

    def _k20_check_not_granted(self):
        """UserError where a refund has a payment already: also the administrator takes it back instead."""
        for refund in self:
            if refund.k20_approval_state == 'approved':
                raise UserError(self.env._("%s is approved and stays: take it back and ask anew.", refund.display_name))

    # -- the approval ------------------------------------------------------------------------------------------------

    def _k20_approval_amount(self):
        day = self.company_id._k20_today()
        return self.currency_id._convert(self.amount, self.company_id.currency_id, self.company_id, day)

    def _k20_approval_summary(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        return ' · '.join(filter(None, (self.partner_id.name, kinds.get(self.kind), self.reason)))

    def _k20_approval_check(self):
        super()._k20_approval_check()
        self._k20_check_amount()

    def _k20_approval_granted(self):
        super()._k20_approval_granted()
        for refund in self:
            refund._k20_check_amount()
            refund.sudo()._k20_carry_out()

    @api.model
    def _k20_pending_domain(self):
        """Return the domain of refunds that are asked for or granted and not paid yet."""
        granted = Domain('k20_approval_state', '=', 'approved') & Domain('payment_id.state', 'not in', CONFIRMED)
        return (Domain('k20_approval_state', '=', 'submitted') | granted) & Domain('cancelled', '=', False)

    def _k20_check_amount(self):
        """UserError where more would be refunded than the order has collected, other requests counted. (R087)"""
        for refund in self:
            order = refund.order_id.sudo()  # the figures decide, whatever of the payments the asker may read
            order._k20_check_not_completed()
            if not (refund.reason or '').strip():
                raise UserError(self.env._("The approver decides by your reason: say why the money goes back."))
            if order.currency_id.compare_amounts(order.k20_amount_collected, 0) <= 0:
                raise UserError(self.env._("Order %s has collected nothing that could be refunded.", order.name))
            own = refund.amount if refund.k20_approval_state in ('submitted', 'approved') else 0.0
            pending = order.k20_amount_refund_pending - own
            left = order.currency_id.round(order.k20_amount_collected - order.k20_amount_refunded - pending)
            if order.currency_id.compare_amounts(refund.amount, left) > 0:
                raise UserError(
                    self.env._(
                        "Of order %(order)s %(left)s can be refunded (%(collected)s collected, %(refunded)s refunded,"
                        " %(pending)s asked for) and you ask for %(amount)s: correct it.",
                        order=order.name,
                        left=order._k20_format(max(left, 0.0)),
                        collected=order._k20_format(order.k20_amount_collected),
                        refunded=order._k20_format(order.k20_amount_refunded),
                        pending=order._k20_format(pending),
                        amount=order._k20_format(refund.amount),
                    )
                )

    # -- what a yes does ---------------------------------------------------------------------------------------------

    def _k20_carry_out(self):
        """Make the payment, and for a credit the credit note, where invoices are there to be credited."""
        self.ensure_one()
        with creating(self.env['account.payment']), opened(self):
            self.granted_on = self.company_id._k20_today()
            self.payment_id = self.env['account.payment'].with_company(self.company_id).create(self._prepare_payment())
        self._k20_make_credit_note()

    def _prepare_payment(self):
        order = self.order_id
        received = order.k20_payment_ids._k20_confirmed().filtered(lambda payment: payment.payment_type == 'inbound')
        journals = received.sorted('date', reverse=True).journal_id.filtered(
            lambda journal: (
                journal.outbound_payment_method_line_ids
                and journal.currency_id in (self.currency_id, self.currency_id.browse())
            )
        )
        journal = journals[:1] or self.env['k20.collection']._k20_journal(None, self.company_id, self.currency_id)
        return {
            'k20_sale_order_id': order.id,
            'payment_type': 'outbound',
            'partner_type': 'customer',
            'partner_id': (received[:1].partner_id or order.partner_invoice_id.commercial_partner_id).id,
            'journal_id': journal.id,
            'company_id': self.company_id.id,
            'currency_id': self.currency_id.id,
            'date': self.company_id._k20_today(),
            'amount': self.amount,
            'memo': f'{order.name} {self.reason}',
        }

    def _k20_make_credit_note(self):
        """Make and post the credit notes of these refunds, as soon as so much is invoiced."""
        for refund in self.sorted('id'):
            if refund._k20_needs_credit_note():
                note = self.env['account.move'].with_company(refund.company_id).create(refund._prepare_credit_note())
                with opened(refund):
                    refund.credit_note_id = note
                note.action_post()

    def _k20_needs_credit_note(self):
        self.ensure_one()
        if self.kind != 'credit' or self.credit_note_id or self.cancelled or self.k20_approval_state != 'approved':
            return False
        order = self.order_id
        invoices = order.order_line.invoice_lines.move_id | order.k20_refund_ids.credit_note_id
        posted = invoices.filtered(lambda move: move.state == 'posted')
        invoiced = -sum(move.direction_sign * move.amount_total * move._k20_share(order) for move in posted)
        return self.currency_id.compare_amounts(invoiced, self.amount) >= 0

    def _prepare_credit_note(self):
        """Return the values of a credit note over exactly this amount, with the taxes of the order in proportion.

        Its lines are not tied to the order's, or Odoo would offer to invoice them again.
        """
        order, company = self.order_id, self.company_id
        Tax = self.env['account.tax']
        lines = order.order_line.filtered(lambda line: not line.display_type and not line.is_downpayment)
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        Tax._add_tax_details_in_base_lines(base_lines, company)
        Tax._round_base_lines_tax_details(base_lines, company)
        reduced = Tax._prepare_down_payment_lines(
            base_lines=base_lines,
            company=company,
            amount_type='fixed',
            amount=self.amount,
            computation_key=f'k20_refund,{self.id}',
        )
        return {
            **order._prepare_invoice(),
            'move_type': 'out_refund',
            'invoice_date': company._k20_today(),
            'ref': f'{order.name} {self.reason}',
            'invoice_payment_term_id': False,
            'invoice_line_ids': [
                Command.create({
                    'name': self.env._("Refund of order %(order)s: %(reason)s", order=order.name, reason=self.reason),
                    'quantity': 1.0,
                    'price_unit': line['price_unit'],
                    'tax_ids': [Command.set(line['tax_ids'].ids)],
                    'extra_tax_data': Tax._export_base_line_extra_tax_data(line),
                })
                for line in reduced
            ],
        }  # fmt: skip

    # -- matching ----------------------------------------------------------------------------------------------------

    def _k20_is_paid(self):
        self.ensure_one()
        return self.payment_id.state in CONFIRMED

    def _k20_settle(self):
        """Match the credit note of each refund with its payment."""
        for refund in self:
            if not refund.credit_note_id or not refund._k20_is_paid():
                continue
            moves = (refund.credit_note_id | refund.payment_id.move_id).filtered(lambda move: move.state == 'posted')
            lines = moves.line_ids.filtered(
                lambda line: line.account_id.account_type == 'asset_receivable' and not line.reconciled
            )
            if len(lines.move_id) == 2:
                lines.reconcile()

    # -- taking it back ----------------------------------------------------------------------------------------------

    def action_k20_cancel(self):
        """Take approved refunds back before they are paid, with payment and credit note; the administrator's.

        :return: True
        :raise AccessError: for anybody else
        :raise UserError: for a refund that is not approved, or paid already
        """
        self.check_access('write')
        if not self._k20_is_administrator():
            raise AccessError(self.env._("Approved refunds are taken back by the administrator: ask there."))
        for refund in self:
            refund._k20_check_can_be_cancelled()
            with opened(refund), opened(refund.payment_id):
                refund.cancelled = True
                refund.sudo().payment_id.action_cancel()
                refund.sudo().credit_note_id.button_cancel()
        return True

    def _k20_check_can_be_cancelled(self):
        if self.k20_approval_state != 'approved' or self.cancelled:
            raise UserError(self.env._("%s is not approved: there is nothing to take back.", self.display_name))
        if self.sudo()._k20_is_paid():
            raise UserError(self.env._("%s is paid: reset its payment to draft first.", self.display_name))
