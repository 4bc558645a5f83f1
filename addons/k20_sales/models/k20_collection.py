import unicodedata

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.k20_base.tools.opening import creating, opened

from .account_payment import CONFIRMED

# What finance may correct while nothing of it is confirmed; the payments follow.
HEAD = {'date', 'journal_id', 'partner_id', 'reference'}


class K20Collection(models.Model):
    """One transfer of a customer: in it one payment per order, and one without an order for the rest. (R092, R200)

    Who may do what:
        salesperson, leader   reads those of customers and orders they see; registers through the order
        confirm collections   (function) confirms all of a transfer at once; corrects date, journal and reference before
    """

    _name = 'k20.collection'
    _inherit = ['mail.thread']
    _description = "Collection"
    _order = 'date desc, id desc'
    _check_company_auto = True

    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        'res.partner', "Payer", required=True, index=True, ondelete='restrict', check_company=True, tracking=True
    )
    journal_id = fields.Many2one('account.journal', required=True, check_company=True, tracking=True)
    date = fields.Date(required=True, index=True, tracking=True)
    reference = fields.Char(
        "Bank Reference", tracking=True, help="The number of the transfer at the bank; it can be registered once."
    )
    reference_key = fields.Char(compute='_compute_reference_key', store=True, precompute=True, copy=False)
    currency_id = fields.Many2one('res.currency', required=True, readonly=True)
    amount = fields.Monetary(compute='_compute_amount', store=True, tracking=True)
    amount_advance = fields.Monetary(
        "Advance", compute='_compute_amount', store=True, help="What is not given to an order yet."
    )
    payment_ids = fields.One2many('account.payment', 'k20_collection_id', "Payments", readonly=True)
    state = fields.Selection(
        [('draft', "Waiting for finance"), ('confirmed', "Confirmed"), ('cancelled', "Cancelled")],
        compute='_compute_state',
        store=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one('res.users', "Registered by", readonly=True, default=lambda self: self.env.user)

    _reference_uniq = models.UniqueIndex(
        "(company_id, journal_id, reference_key) WHERE reference_key IS NOT NULL AND state != 'cancelled'",
        "This bank reference is registered already: look for it under Collections.",
    )

    # -- figures -----------------------------------------------------------------------------------------------------

    @api.depends('reference')
    def _compute_reference_key(self):
        for collection in self:
            collection.reference_key = self._k20_reference_key(collection.reference)

    @api.model
    def _k20_reference_key(self, reference):
        """Return `reference` as the bank means it: full or half width, spaces and case make no difference."""
        plain = unicodedata.normalize('NFKC', reference or '').upper()
        return ''.join(plain.split()) or False

    @api.depends('payment_ids.amount', 'payment_ids.state', 'payment_ids.k20_sale_order_id')
    def _compute_amount(self):
        for collection in self:
            live = collection.payment_ids.filtered(lambda payment: payment.state in ('draft', *CONFIRMED))
            collection.amount = sum((live or collection.payment_ids).mapped('amount'))
            collection.amount_advance = sum(
                live.filtered(lambda payment: not payment.k20_sale_order_id).mapped('amount')
            )

    @api.depends('payment_ids.state')
    def _compute_state(self):
        for collection in self:
            states = set(collection.payment_ids.mapped('state'))
            if 'draft' in states or not states:
                collection.state = 'draft'
            else:
                collection.state = 'confirmed' if states & set(CONFIRMED) else 'cancelled'

    @api.depends('reference', 'date', 'partner_id')
    def _compute_display_name(self):
        for collection in self:
            name = collection.reference or fields.Date.to_string(collection.date) or ''
            collection.display_name = f'{name} {collection.sudo().partner_id.name or ""}'.strip()

    # -- the doors ---------------------------------------------------------------------------------------------------

    def write(self, vals):
        told = {name for name in vals if not name.startswith(('message_', 'activity_'))}
        if told - HEAD:
            raise UserError(
                self.env._("A collection is made of its payments: correct payer, date, journal or reference only.")
            )
        if HEAD & vals.keys():
            self._k20_check_unconfirmed()
        if {'reference', 'journal_id'} & vals.keys():
            self._k20_check_reference_free(vals)
        result = super().write(vals)
        head = {name: vals[name] for name in HEAD - {'reference'} if name in vals}
        if head:
            with opened(self):
                self.payment_ids.filtered(lambda payment: payment.state == 'draft').write(head)
        return result

    def action_confirm(self):
        """Confirm all payments of these transfers at once.

        :return: True
        :raise AccessError: without the function to confirm collections
        :raise UserError: where an order would be paid more than is open
        """
        self.payment_ids.filtered(lambda payment: payment.state == 'draft').action_post()
        return True

    # -- checks ------------------------------------------------------------------------------------------------------

    def _k20_check_unconfirmed(self):
        for collection in self:
            if collection.sudo().payment_ids.filtered(lambda payment: payment.state in CONFIRMED):
                raise UserError(
                    self.env._(
                        "%s is confirmed: reset its payments to draft to correct date, journal or reference.",
                        collection.display_name,
                    )
                )

    def _k20_check_reference_free(self, vals):
        """ValidationError where `vals` give these transfers a bank reference used before.

        Before they are written: the index, which holds it when two come at once, would know no date.
        """
        journal = self.env['account.journal'].browse(vals.get('journal_id'))
        for collection in self.filtered(lambda collection: collection.state != 'cancelled'):
            self._k20_check_reference(
                collection.company_id,
                journal or collection.journal_id,
                vals.get('reference', collection.reference),
                but=collection,
            )

    def _k20_check_may_revive(self):
        """ValidationError where a cancelled transfer's bank reference has been registered anew meanwhile."""
        for collection in self.filtered(lambda collection: collection.state == 'cancelled'):
            self._k20_check_reference(
                collection.company_id, collection.journal_id, collection.reference, but=collection
            )

    @api.model
    def _k20_check_reference(self, company, journal, reference, but=None):
        key = self._k20_reference_key(reference)
        # sudo: a reference is used up, whoever registered it; no more than its date is told.
        twin = key and self.sudo().search(
            [
                ('company_id', '=', company.id),
                ('journal_id', '=', journal.id),
                ('reference_key', '=', key),
                ('state', '!=', 'cancelled'),
                ('id', 'not in', but.ids if but else []),
            ],
            limit=1,
        )
        if twin:
            raise ValidationError(
                self.env._(
                    "Bank reference %(reference)s is registered already, dated %(date)s: look for it under"
                    " Collections.",
                    reference=reference,
                    date=twin.date,
                )
            )

    @api.constrains('date', 'journal_id')
    def _k20_check_day(self):
        for collection in self:
            collection._k20_check_period(collection.company_id, collection.journal_id, collection.date)

    @api.model
    def _k20_check_period(self, company, journal, date):
        """UserError for a day whose books are closed."""
        locks = company.sudo()._get_violated_lock_dates(date, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "The books are closed until %(lock)s: a collection of %(date)s needs a later date, or finance opens"
                    " the period.",
                    lock=locks[-1][0],
                    date=date,
                )
            )

    # -- registering -------------------------------------------------------------------------------------------------

    @api.model
    def _k20_register(self, shares, advance=0.0, date=None, journal=None, reference=None, currency=None, payer=None):
        """Register one transfer: a draft payment for each order, one for the rest; the caller has checked the amounts.

        :param dict shares: {order: amount in `currency`}
        :param float advance: what of the transfer belongs to no order yet, in `currency`
        :return: the collection
        :raise UserError: one sentence each, and nothing written
        """
        order = next(iter(shares))
        company = order.company_id
        currency = currency or order.currency_id
        date = self._k20_day(date, company)
        journal = self._k20_journal(journal, company, currency)
        self._k20_check_reference(company, journal, reference)
        payer = payer or order.partner_invoice_id.commercial_partner_id
        # sudo: salespeople may not make payments; what is made here is a draft that finance confirms.
        # Who registered it and when stands in its fields: no message says so again.
        Collection = (
            self.sudo().with_company(company).with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        )
        collection = Collection.create({
            'company_id': company.id,
            'partner_id': payer.id,
            'journal_id': journal.id,
            'date': date,
            'reference': (reference or '').strip() or False,
            'currency_id': currency.id,
            'user_id': self.env.uid,
        })  # fmt: skip
        collection._k20_make_payments(shares, advance)
        if company.sudo().k20_confirm_collections_at_once:
            with creating(self.env['account.payment']):
                collection.payment_ids.action_post()
        return collection.sudo(False)

    def _k20_make_payments(self, shares, advance):
        """Make the draft payments of this transfer."""
        parts = [(order, amount) for order, amount in shares.items() if amount]
        if advance:
            parts.append((self.env['sale.order'], advance))
        with creating(self.env['account.payment']):
            self.env['account.payment'].create([
                {
                    'k20_collection_id': self.id,
                    'k20_sale_order_id': order.id,
                    'payment_type': 'inbound',
                    'partner_type': 'customer',
                    'partner_id': self.partner_id.id,
                    'journal_id': self.journal_id.id,
                    'company_id': self.company_id.id,
                    'currency_id': self.currency_id.id,
                    'date': self.date,
                    'amount': amount,
                    'memo': ' '.join(filter(None, (order.name, self.reference))),
                }
                for order, amount in parts
            ])  # fmt: skip

    @api.model
    def _k20_day(self, date, company):
        try:
            return fields.Date.to_date(date) or company._k20_today()
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("%s is no date: write it like 2026-03-31.", date)) from error

    @api.model
    def _k20_journal(self, journal, company, currency):
        """Return the bank or cash journal for a transfer in `currency`.

        :raise UserError: where there is none, or `journal` takes no money of this company in this currency
        """
        # sudo: salespeople read no journals beyond their names; only a journal of the order's company comes back.
        Journal = self.env['account.journal'].sudo().with_context(active_test=True)
        domain = [
            *Journal._check_company_domain(company),
            ('type', 'in', ('bank', 'cash')),
            ('inbound_payment_method_line_ids', '!=', False),
            ('currency_id', 'in', (currency.id, False)),
        ]
        if journal:
            domain.append(('id', '=', journal.id))
        found = Journal.search(domain, order='sequence, type, id')
        # A journal kept in the currency itself comes before one in the company's.
        found = found.sorted(lambda journal: (journal.currency_id != currency, journal.type == 'cash'))[:1]
        if not found:
            raise UserError(
                self.env._("This journal takes no collection in %s: choose a bank or cash journal.", currency.name)
                if journal
                else self.env._(
                    "%(company)s has no bank journal for %(currency)s: finance makes one first.",
                    company=company.name,
                    currency=currency.name,
                )
            )
        return found

    @api.model
    def _k20_check_may_register(self, orders):
        """AccessError unless the user sells to or keeps the books of these orders' customers. (R092)"""
        orders.check_access('read')
        groups = 'k20_base.group_k20_salesperson,k20_base.group_k20_finance,k20_base.group_k20_admin'
        if self.env.uid != api.SUPERUSER_ID and not self.env.user.has_groups(groups):
            raise AccessError(
                self.env._("Collections are registered by the order's salesperson, their leader or finance: ask there.")
            )
