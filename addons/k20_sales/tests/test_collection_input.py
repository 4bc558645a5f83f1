from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import K20MoneyCase


@tagged('post_install', '-at_install')
class TestCollectionInput(K20MoneyCase):
    """What is told wrongly of a transfer is refused in a sentence, and nothing written. (R092, R093, R200)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_claim(1000)
        cls.dollars = cls.make_dollars({'2026-01-01': 7.0, '2026-02-01': 7.2})
        cls.usd = cls.dollars.currency_id
        cls.cny = cls.env.ref('base.CNY')

    def make_journal(self, **values):
        return self.env['account.journal'].create({'name': "Dollar Bank", 'code': 'USD9', 'type': 'bank', **values})

    # -- days and currencies -----------------------------------------------------------------------------------------

    def test_money_counts_at_the_rate_of_its_day(self):
        """R200: what is open, what is registered and what is kept, each converted at the day of the transfer."""
        order = self.make_claim(1000, pricelist_id=self.dollars.id)
        yuan = {'currency_id': self.cny.id, 'date': '2026-01-15'}
        payment = self.collect(order, 2100, **yuan)
        self.assertEqual(payment.k20_counted, 300)
        self.assertMoney(order, collected=300, open=700)
        with self.assertRefused('left to collect'):
            self.register(order, 4901, **yuan)  # 700.14 dollars then, less at later rates
        rest = self.register(order, 5000, keep_advance=True, **yuan)
        self.assertEqual((rest.amount, rest.k20_collection_id.amount_advance), (4900, 100))

    def test_a_rate_entered_later_counts_at_confirmation(self):
        """R200: what is registered before the bank's rate of that day is known."""
        order = self.make_claim(1000, pricelist_id=self.dollars.id)
        payment = self.register(order, 720, currency_id=self.cny.id, date='2026-02-15')
        self.assertMoney(order, pending=100)
        values = {'name': '2026-02-15', 'currency_id': self.usd.id, 'inverse_company_rate': 8}
        self.env['res.currency.rate'].create(values)
        payment.with_user(self.finance).action_post()
        self.assertMoney(order, collected=90, open=910)

    def test_the_day_is_the_companys(self):
        """R092: registered after midnight in China, before it in Greenwich."""
        self.env.company.partner_id.tz = 'Asia/Shanghai'
        with freeze_time('2026-03-31 17:00:00'):
            self.assertEqual(self.register(self.order, 10).date, fields.Date.to_date('2026-04-01'))

    def test_no_correction_into_closed_books(self):
        """R092: finance corrects the date of what is registered."""
        collection = self.register(self.order, 10, date='2026-02-15').k20_collection_id.with_user(self.finance)
        self.env.company.fiscalyear_lock_date = '2025-12-31'
        with self.assertRefused('books are closed until 2025-12-31'):
            collection.date = '2025-12-31'
        collection.date = '2026-01-01'

    def test_journals_take_their_own_currency(self):
        """R092: and one of the currency goes before one of the company's; none of another company, none archived."""
        foreign = self.make_journal(currency_id=self.usd.id, sequence=99)
        with self.assertRefused('takes no collection in CNY'):
            self.register(self.order, 10, journal_id=foreign.id)
        order = self.make_claim(1000, pricelist_id=self.dollars.id)
        self.assertEqual(self.register(order, 10).journal_id, foreign)
        self.assertEqual(self.register(self.order, 10).journal_id.currency_id - self.cny, self.env['res.currency'])
        branch = self.env['res.company'].create({'name': "Branch", 'currency_id': self.cny.id})
        theirs = self.make_journal(company_id=branch.id, code='BR1')
        with self.assertRefused('takes no collection in CNY'):
            self.register(self.order, 10, journal_id=theirs.id)
        foreign.active = False
        with self.assertRefused('not there or not in use'):
            self.register(order, 10, journal_id=foreign.id)
        yen = self.env['res.currency'].with_context(active_test=False).search([('active', '=', False)], limit=1)
        with self.assertRefused('not there or not in use'):
            self.register(self.order, 10, currency_id=yen.id)

    def test_the_setting_is_the_orders_companys(self):
        """R092: another company's collections count at once; this one's wait, wherever one works just now."""
        branch = self.env['res.company'].create({'name': "Branch", 'k20_confirm_collections_at_once': True})
        self.sales1.company_ids += branch
        companies = {'allowed_company_ids': (branch + self.env.company).ids}
        order = self.order.with_user(self.sales1).with_context(**companies)
        payment = order.action_k20_register_collection(10, reference=self.new_reference())
        self.assertEqual(self.env['account.payment'].browse(payment).state, 'draft')

    def test_an_order_that_is_overpaid_takes_nothing(self):
        """R092: what comes in besides is an advance, all of it."""
        self.collect(self.order, 1000)
        self.order.order_line.price_unit = 700
        payment = self.register(self.order, 50, keep_advance=True)
        self.assertEqual((payment.amount, payment.k20_sale_order_id.id), (50, False))
        self.assertEqual(len(payment.k20_collection_id.payment_ids), 1)

    # -- a double click ----------------------------------------------------------------------------------------------

    def test_what_only_looks_like_a_double_click(self):
        """R200: by somebody else, of another day, in another currency, or a minute later."""
        self.register(self.order, 10, reference=None, date='2026-02-15')
        for values in (
            {'user': self.manager, 'date': '2026-02-15'},
            {'date': '2026-02-16'},
            {'date': '2026-02-15', 'currency_id': self.usd.id},
        ):
            self.register(self.order, 10, reference=None, **values)
        payment = self.register(self.order, 11, reference=None, date='2026-02-15')
        with self.assertRefused('a moment ago'):
            self.register(self.order, 11, reference=None, date='2026-02-15')
        with freeze_time(fields.Datetime.add(payment.create_date, seconds=61)):
            self.register(self.order, 11, reference=None, date='2026-02-15')

    def test_a_double_click_with_a_rest(self):
        """R200: the whole transfer is compared, not only the order's share."""
        self.register(self.order, 1100, reference=None, keep_advance=True)
        with self.assertRefused('a moment ago'):
            self.register(self.order, 1100, reference=None, keep_advance=True)

    # -- the dialog --------------------------------------------------------------------------------------------------

    def open_dialog(self, orders, user=None, **values):
        action = orders.with_user(user or self.sales1).action_k20_open_register()
        Wizard = self.env[action['res_model']].with_user(user or self.sales1)
        return Wizard.with_context(**action['context']).create(values)

    def test_the_dialog_refuses_what_is_no_transfer(self):
        """R092: no amount, an order twice, an advance below zero, orders of several companies."""
        none = self.open_dialog(self.order, advance=50)
        none.line_ids.amount = 0
        with self.assertRefused('No order gets anything'):
            none.action_apply()
        twice = self.open_dialog(self.order)
        twice.line_ids = [Command.create({'order_id': self.order.id, 'amount': 5})]
        with self.assertRefused('stands here twice'):
            twice.action_apply()
        with self.assertRefused('zero or more'):
            self.open_dialog(self.order, advance=-1).action_apply()
        with self.assertRefused('above zero'):
            below = self.open_dialog(self.order)
            below.line_ids.amount = -5
            below.action_apply()
        branch = self.env['res.company'].create({'name': "Branch"})
        self.sales1.company_ids += branch
        elsewhere = self.open_dialog(self.order)
        self.env.cr.execute(
            "UPDATE k20_collection_register SET company_id = %s WHERE id = %s", [branch.id, elsewhere.id]
        )
        elsewhere.invalidate_recordset()
        with self.assertRefused('several companies'):
            elsewhere.with_context(allowed_company_ids=self.sales1.company_ids.ids).action_apply()
        self.assertFalse(self.order.k20_payment_ids)

    def test_two_dialogs_are_a_double_click_too(self):
        """R200: opened twice, filled in alike, without a bank reference."""
        dialogs = [self.open_dialog(self.order) for _ in range(2)]
        for dialog in dialogs:
            dialog.line_ids.amount = 10
        dialogs[0].action_apply()
        with self.assertRefused('a moment ago'):
            dialogs[1].action_apply()

    def test_the_dialog_outlives_no_move(self):
        """R092: whoever opened it and sees the customer no more registers nothing; nor who sells nothing, in sudo."""
        dialog = self.open_dialog(self.order)
        with self.assertRefused('Collections are registered by', AccessError):
            dialog.with_user(self.storekeeper).sudo().action_apply()
        self.order.partner_id.with_user(self.admin).user_id = self.sales3
        with self.assertRaises(AccessError):
            dialog.action_apply()
        self.assertFalse(self.order.k20_payment_ids)

    # -- corrections -------------------------------------------------------------------------------------------------

    def test_a_transfers_payments_follow_it_alone(self):
        """R093: payer and journal, too; the payments of a transfer are not corrected one by one."""
        payment = self.register(self.order, 10).with_user(self.finance)
        cash = self.env['account.journal'].search([('type', '=', 'cash')], limit=1)
        payer = self.make_customer(owner=self.sales1)
        for forged in (
            {'journal_id': cash.id}, {'partner_id': payer.id}, {'payment_type': 'outbound'},
            {'currency_id': self.usd.id},
        ):  # fmt: skip
            with self.assertRefused('is part of collection'):
                payment.write(forged)
        payment.k20_collection_id.write({'journal_id': cash.id, 'partner_id': payer.id})
        self.assertEqual((payment.journal_id, payment.partner_id), (cash, payer))

    def test_a_bank_reference_is_corrected_to_a_free_one(self):
        """R092: a used one is refused with where to look."""
        first, second = self.register(self.order, 10), self.register(self.order, 20)
        collection = second.k20_collection_id.with_user(self.finance)
        with self.assertRefused('is registered already, dated', ValidationError):
            collection.reference = first.k20_reference.lower()
        cash = self.env['account.journal'].search([('type', '=', 'cash')], limit=1)
        third = self.register(self.order, 30, journal_id=cash.id, reference=first.k20_reference)
        with self.assertRefused('is registered already, dated', ValidationError):
            third.k20_collection_id.with_user(self.finance).journal_id = first.journal_id
        collection.reference = second.k20_reference  # the same once more

    def test_what_counts_adds_up_to_collected(self):
        """R093: the confirmed ones, and no other."""
        payments = self.env['account.payment'].browse()
        for amount, action in ((100, None), (50, 'action_cancel'), (30, 'action_reject'), (20, 'action_draft')):
            payment = self.collect(self.order, amount)
            if action:
                getattr(payment.with_user(self.finance), action)()
            payments += payment
        self.assertEqual(payments.mapped('k20_counted'), [100, 0, 0, 0])
        self.assertMoney(self.order, collected=100, pending=20)
