from odoo import api, fields, models
from odoo.tools import SQL

# A payment counts in these states; Odoo itself moves it between the two as it is matched.
CONFIRMED = ('in_process', 'paid')


class AccountPayment(models.Model):
    """Money of an order: one payment per order and transfer, drafts registered by the salesperson. (R092, R093, R200)

    Who may do what:
        salesperson, leader   reads the payments of orders they see; registers through the order, nothing else
        confirm collections   (function) confirms, resets, cancels, gives advances to orders
    A payment counts once it is confirmed, and then has a posted entry; the rules are in account_payment_guard.py.
    """

    _name = 'account.payment'
    _inherit = ['k20.figures.mixin', 'account.payment']

    k20_sale_order_id = fields.Many2one(
        'sale.order', "Order", ondelete='restrict', index='btree_not_null', copy=False, check_company=True
    )
    k20_collection_id = fields.Many2one(
        'k20.collection', "Collection", ondelete='restrict', index='btree_not_null', copy=False, readonly=True
    )
    k20_status = fields.Selection(
        [
            ('waiting', "Waiting for finance"),
            ('confirmed', "Confirmed"),
            ('cancelled', "Cancelled"),
            ('rejected', "Rejected"),
        ],
        "Status",
        compute='_compute_k20_status',
        help="Odoo's state in the words of who registers and confirms.",
    )
    k20_reference = fields.Char(related='k20_collection_id.reference', string="Bank Reference")
    k20_order_currency_id = fields.Many2one(
        related='k20_sale_order_id.currency_id', string="Currency of the Order", store=True
    )
    k20_order_amount = fields.Monetary(
        "Amount for the Order",
        currency_field='k20_order_currency_id',
        compute='_compute_k20_order_amount',
        store=True,
        help="In the order's currency, converted once at the payment's date; money going out is negative.",
    )
    k20_counted = fields.Monetary(
        "Counted",
        currency_field='k20_order_currency_id',
        compute='_compute_k20_counted',
        store=True,
        help="What the order's totals count of this payment: nothing until it is confirmed.",
    )
    k20_written_off = fields.Monetary(
        "Written off",
        currency_field='k20_order_currency_id',
        compute='_compute_k20_written_off',
        store=True,
        help="What this payment forgives of the order's claim.",
    )
    k20_confirmed_by = fields.Many2one('res.users', "Confirmed by", readonly=True, copy=False)
    k20_confirmed_on = fields.Datetime("Confirmed on", readonly=True, copy=False)
    k20_refund_ids = fields.One2many('k20.order.refund', 'payment_id', "Refund")

    @api.depends('state')
    def _compute_k20_status(self):
        status = {'draft': 'waiting', 'canceled': 'cancelled', 'rejected': 'rejected'}
        for payment in self:
            payment.k20_status = status.get(payment.state, 'confirmed')

    # -- figures -----------------------------------------------------------------------------------------------------

    @api.depends('amount', 'payment_type', 'currency_id', 'date', 'k20_sale_order_id', 'k20_order_currency_id')
    def _compute_k20_order_amount(self):
        # Not by state: an invoice that gets paid later must not convert the money again, at rates changed meanwhile.
        for payment in self:
            signed = payment.amount if payment.payment_type == 'inbound' else -payment.amount
            payment.k20_order_amount = payment._k20_in_order_currency(signed)

    @api.depends('k20_order_amount', 'state')
    def _compute_k20_counted(self):
        for payment in self:
            payment.k20_counted = payment.k20_order_amount if payment.state in CONFIRMED else 0.0

    @api.depends('state', 'k20_sale_order_id', 'k20_order_currency_id')
    def _compute_k20_written_off(self):
        written_off = self._k20_written_off_lines()
        for payment in self:
            amount = written_off.get(payment.id, 0.0) if payment.state in CONFIRMED else 0.0
            payment.k20_written_off = payment._k20_in_order_currency(amount)

    def _k20_in_order_currency(self, amount):
        """Return `amount` of this payment in its order's currency at the payment's date; 0 without an order."""
        order = self.k20_sale_order_id
        if not order or not amount:
            return 0.0
        return self.currency_id._convert(amount, order.currency_id, self.company_id, self.date)

    def _k20_written_off_lines(self):
        """Return {payment id: what its entry writes off, in the payment's currency}.

        These are the lines that are neither the bank's nor the customer's; a plain entry of two lines has none.
        """
        linked = self.filtered(lambda payment: payment.k20_sale_order_id and payment.move_id)
        if not linked:
            return {}
        self.env['account.move.line'].flush_model(['move_id', 'amount_currency'])
        entries = self.env.execute_query(
            SQL(
                "SELECT move_id FROM account_move_line WHERE move_id IN %s GROUP BY move_id HAVING COUNT(*) > 2",
                tuple(linked.move_id.ids),
            )
        )
        longer = {move_id for (move_id,) in entries}
        return {
            payment.id: sum(payment._seek_for_lines()[2].mapped('amount_currency'))
            for payment in linked
            if payment.move_id.id in longer
        }

    # -- who is meant ------------------------------------------------------------------------------------------------

    def _k20_watched(self):
        """Hook: return those of these payments that stand under K20's rules: the money of customers and orders."""
        return self.filtered(lambda payment: payment.partner_type == 'customer' or payment.k20_sale_order_id)

    def _k20_confirmed(self):
        return self.filtered(lambda payment: payment.state in CONFIRMED)

    @api.model
    def _k20_may_confirm(self):
        """Tell whether the user confirms collections: by function, or the system itself. (R155)"""
        return self.env.uid == api.SUPERUSER_ID or self.env.user.has_group('k20_sales.group_k20_confirm_collection')
