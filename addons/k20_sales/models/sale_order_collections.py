import math

from odoo import fields, models
from odoo.exceptions import UserError

# So long a second registration without a bank reference, the same in all else, is taken for a double click.
ECHO_SECONDS = 60


class SaleOrder(models.Model):
    """Collections and refunds as the salesperson meets them: buttons on the order. (R087, R092, R093, R200)"""

    _inherit = 'sale.order'

    k20_payment_count = fields.Integer(compute='_compute_k20_payment_count', compute_sudo=True)

    def _compute_k20_payment_count(self):
        counts = dict(
            self.env['account.payment']._read_group(
                [('k20_sale_order_id', 'in', self.ids)], ['k20_sale_order_id'], ['__count']
            )
        )
        for order in self:
            order.k20_payment_count = counts.get(order._origin, 0)

    def action_k20_register_collection(
        self, amount, date=None, journal_id=None, reference=None, currency_id=None, keep_advance=False
    ):
        """Register money that came in for this order, as a draft that counts once finance confirms it. (R092, R195)

        :param float amount: in `currency_id`, above zero
        :param date: day of the transfer, by default today in the company's zone
        :param int journal_id: bank or cash journal, by default the company's first one that takes the currency
        :param str reference: the bank's number of the transfer; registered twice it is refused
        :param int currency_id: by default the order's
        :param bool keep_advance: keep what is above the open amount as an advance, instead of refusing it
        :return: id of the payment for this order, of the advance where nothing was open
        :raise AccessError: for who may not register on this order
        :raise UserError: one sentence each, and nothing written
        """
        self.ensure_one()
        Collection = self.env['k20.collection']
        Collection._k20_check_may_register(self)
        amount = self._k20_money(amount)
        currency = self._k20_chosen('res.currency', currency_id) or self.currency_id
        date = Collection._k20_day(date, self.company_id)
        self._k20_check_not_echo(amount, date, reference, currency)
        share, advance = self._k20_split(amount, currency, date, keep_advance)
        journal = self._k20_chosen('account.journal', journal_id)
        collection = Collection._k20_register(
            {self: share}, advance=advance, date=date, journal=journal, reference=reference, currency=currency
        )
        return collection.sudo().payment_ids.sorted(lambda payment: not payment.k20_sale_order_id)[:1].id

    def _k20_money(self, amount):
        """Return `amount` as a number above zero; UserError for anything else a client may send."""
        is_number = isinstance(amount, int | float) and not isinstance(amount, bool) and math.isfinite(amount)
        if not is_number or self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("The amount is above zero: type what came in."))
        return amount

    def _k20_chosen(self, model, record_id):
        """Return the record of `model` that a client has named, None for none; UserError for what is no live record."""
        if record_id is None or record_id is False:
            return None
        chosen = self.env[model].browse(record_id if isinstance(record_id, int) else [])
        if not chosen.sudo().exists().filtered('active'):
            kind = self.env['ir.model']._get(model).name
            raise UserError(self.env._("This %s is not there or not in use: choose another one.", kind))
        return chosen

    def _k20_split(self, amount, currency, date, keep_advance=False):
        """Return (what of `amount` this order still takes, what is kept as an advance), both in `currency`.

        :raise UserError: for a cancelled order, and for more than may be registered unless it is kept
        """
        self.ensure_one()
        if self.state == 'cancel':
            raise UserError(
                self.env._("Order %s is cancelled and takes no collection: choose another order.", self.name)
            )
        amount = currency.round(amount)
        left = self._k20_amount_to_register()
        taken = currency._convert(amount, self.currency_id, self.company_id, date)
        if self.currency_id.compare_amounts(taken, left) <= 0:
            return amount, 0.0
        if not keep_advance:
            raise UserError(
                self.env._(
                    "Order %(order)s has %(left)s left to collect and you entered %(amount)s: correct it, or keep"
                    " %(rest)s as an advance.",
                    order=self.name,
                    left=self._k20_format(left),
                    amount=currency.format(amount),
                    rest=self._k20_format(taken - left),
                )
            )
        share = min(self.currency_id._convert(left, currency, self.company_id, date), amount)
        return share, currency.round(amount - share)

    def _k20_check_not_echo(self, amount, date, reference, currency):
        """UserError for the same registration without a reference a moment later: a double click or a repeated call."""
        if (reference or '').strip():
            return
        now = fields.Datetime.now()
        # sudo: the twin is one's own, registered on this order by the same person.
        twins = self.sudo().k20_payment_ids.filtered(
            lambda payment: (
                payment.state == 'draft'
                and payment.k20_collection_id.user_id == self.env.user
                and not payment.k20_reference
                and payment.date == date
                and payment.currency_id == currency
                and not currency.compare_amounts(payment.k20_collection_id.amount, amount)
                and (now - payment.create_date).total_seconds() < ECHO_SECONDS
            )
        )
        if twins:
            raise UserError(
                self.env._(
                    "%(amount)s was registered on order %(order)s a moment ago: if more has come in, tell the two apart"
                    " by their bank references.",
                    amount=currency.format(amount),
                    order=self.name,
                )
            )

    # -- buttons -----------------------------------------------------------------------------------------------------

    def action_k20_open_register(self):
        """Open the dialog that registers one transfer for these orders.

        :return: an action
        """
        self.env['k20.collection']._k20_check_may_register(self)
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_collection_register_action')
        return {**action, 'context': {'active_model': 'sale.order', 'active_ids': self.ids}}

    def action_k20_open_collections(self):
        """Open the payments of this order.

        :return: an action
        """
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.account_payment_action')
        return {**action, 'domain': [('k20_sale_order_id', 'in', self.ids)], 'context': {'create': False}}

    def action_k20_open_refunds(self):
        """Open the refunds of this order, with a new one a click away; the new one itself where there is none yet.

        :return: an action
        :raise UserError: for a completed order
        """
        self.ensure_one()
        self._k20_check_not_completed()
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_order_refund_action')
        refunds = [('order_id', '=', self.id)]
        if not self.env['k20.order.refund'].search_count(refunds, limit=1):
            action['views'] = [(False, 'form')]
        return {**action, 'domain': refunds, 'context': {'default_order_id': self.id}}
