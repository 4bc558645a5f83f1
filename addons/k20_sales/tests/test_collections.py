from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import K20MoneyCase


@tagged('post_install', '-at_install')
class TestCollections(K20MoneyCase):
    """Money comes in: registered by the salesperson, counted once finance confirms it. (R092, R093, R195, R200)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_claim(1000)

    def test_any_number_of_collections_until_nothing_is_open(self):
        """R200: before and after approval; each counts once it is confirmed, to the cent."""
        first = self.register(self.order, 300.33)
        self.assertEqual(first.state, 'draft')
        self.assertMoney(self.order, contract=1000, collected=0, pending=300.33, open=1000)
        first.with_user(self.finance).action_post()
        self.assertMoney(self.order, collected=300.33, pending=0, open=699.67)
        self.confirm_order(self.order)
        self.collect(self.order, 399.67)
        self.assertFalse(self.order._k20_is_settled())
        self.collect(self.order, 300)
        self.assertMoney(self.order, contract=1000, collected=1000, open=0)
        self.assertTrue(self.order._k20_is_settled())
        self.assertEqual(self.balance(self.order.partner_id), -1000)

    def test_what_is_recorded_of_a_collection(self):
        """R093: date, amount, journal, bank reference, who registered, who confirmed."""
        payment = self.register(self.order, 10, date='2026-03-05', journal_id=self.bank.id, reference=' ab 12 ')
        collection = payment.k20_collection_id
        self.assertEqual((str(payment.date), payment.amount, payment.journal_id), ('2026-03-05', 10, self.bank))
        self.assertEqual((collection.reference, collection.user_id, collection.amount), ('ab 12', self.sales1, 10))
        self.assertEqual((collection.state, payment.k20_confirmed_by.id), ('draft', False))
        collection.with_user(self.finance).action_confirm()
        self.assertEqual((collection.state, payment.k20_confirmed_by), ('confirmed', self.finance))
        self.assertEqual(payment.move_id.state, 'posted')

    def test_more_than_open_is_refused_or_kept(self):
        """R092: drafts that wait for finance count too."""
        self.register(self.order, 700)
        with self.assertRefused('has .*300.00 left to collect and you entered .*300.01'):
            self.register(self.order, 300.01)
        payment = self.register(self.order, 350, keep_advance=True)
        self.assertEqual(payment.amount, 300)
        self.assertEqual(payment.k20_collection_id.amount, 350)
        self.assertEqual(payment.k20_collection_id.amount_advance, 50)
        self.assertFalse((payment.k20_collection_id.payment_ids - payment).k20_sale_order_id)
        rest = self.register(self.order, 20, keep_advance=True)  # nothing is left: all of it is an advance
        self.assertEqual((rest.amount, rest.k20_sale_order_id.id), (20, False))

    def test_what_cannot_be_registered(self):
        """R092: one sentence each, and nothing written."""
        count = self.env['account.payment'].search_count([])
        for amount in (0, -1, 0.001, float('nan'), float('inf'), 'ten', None, True):
            with self.assertRefused('above zero'):
                self.register(self.order, amount)
        for values, message in (
            ({'date': 'soon'}, 'soon is no date'),
            ({'journal_id': 0}, 'not in use'),
            ({'journal_id': 'x'}, 'not in use'),
            ({'journal_id': 987654321}, 'not in use'),
            ({'currency_id': 987654321}, 'not in use'),
        ):
            with self.assertRefused(message):
                self.register(self.order, 10, **values)
        sale = self.env['account.journal'].search([('type', '=', 'sale')], limit=1)
        with self.assertRefused('takes no collection'):
            self.register(self.order, 10, journal_id=sale.id)
        self.env.company.fiscalyear_lock_date = '2025-12-31'
        with self.assertRefused('books are closed until 2025-12-31'):
            self.register(self.order, 10, date='2025-12-31')
        self.order.action_cancel()
        with self.assertRefused('is cancelled and takes no collection'):
            self.register(self.order, 10)
        self.assertEqual(self.env['account.payment'].search_count([]), count)
        self.assertFalse(self.env['k20.collection'].search([('partner_id', '=', self.order.partner_id.id)]))

    def test_without_a_bank_journal(self):
        """R092: a company without one."""
        self.env['account.journal'].search([('type', 'in', ('bank', 'cash'))]).active = False
        with self.assertRefused('no bank journal'):
            self.register(self.order, 10)

    def test_a_bank_reference_counts_once(self):
        """R092, R200: whatever spaces, width and case; free again once cancelled."""
        payment = self.register(self.order, 10, reference='Abc 001')
        other = self.make_claim(50, self.sales3)
        for reference in ('Abc 001', 'ＡＢＣ００１', ' a b c 0 0 1 '):
            with self.assertRefused('is registered already', ValidationError):
                self.register(other, 10, reference=reference)
        cash = self.env['account.journal'].search([('type', '=', 'cash')], limit=1)
        self.register(other, 10, reference='Abc 001', journal_id=cash.id)
        payment.with_user(self.finance).action_cancel()
        again = self.register(other, 10, reference='Abc 001')
        with self.assertRefused('is registered already', ValidationError):
            payment.with_user(self.finance).action_draft()
            self.env.flush_all()
        self.assertEqual(again.state, 'draft')

    def test_a_double_click_makes_one_payment(self):
        """R200: a repeated call without a reference too."""
        self.register(self.order, 10, reference=None)
        with self.assertRefused('was registered on order .* a moment ago'):
            self.register(self.order, 10, reference=None)
        self.register(self.order, 11, reference=None)
        self.register(self.order, 10, reference='different')

    def test_who_registers_and_who_confirms(self):
        """R092, R155: owner, leader, finance, administrator register; the function confirms."""
        for user in (self.sales1, self.manager, self.finance, self.admin):
            payment = self.register(self.order, 10, user=user)
            for stranger in (self.sales1, self.manager):
                with self.assertRaises(AccessError):
                    payment.with_user(stranger).action_post()
        for user in (self.sales2, self.sales3, self.buyer, self.storekeeper, self.outsider):
            with self.assertRaises(AccessError):
                self.register(self.order, 10, user=user)
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_k20_open_register()
        self.finance.k20_function_ids -= self.env.ref('k20_sales.group_k20_confirm_collection')
        with self.assertRefused('confirmed by finance', AccessError):
            payment.with_user(self.finance).action_post()
        payment.with_user(self.admin).action_post()

    def test_the_setting_confirms_at_once(self):
        """R092: no finance in between, where the company wants it so."""
        self.env.company.k20_confirm_collections_at_once = True
        payment = self.register(self.order, 10)
        self.assertIn(payment.state, ('in_process', 'paid'))
        self.assertMoney(self.order, collected=10, open=990)

    def test_limits_hold_at_confirmation(self):
        """R092: the order has shrunk or gone since the collection was registered."""
        payment = self.register(self.order, 900)
        self.order.order_line.price_unit = 800
        with self.assertRefused('would be paid .*100.00 more than is open'):
            payment.with_user(self.finance).action_post()
        self.order.action_cancel()
        with self.assertRefused('more than is open'):
            payment.with_user(self.finance).action_post()
        payment.with_user(self.finance).k20_sale_order_id = False  # kept as an advance
        payment.with_user(self.finance).action_post()
        self.assertMoney(self.order, contract=0, collected=0, open=0)

    def test_one_transfer_for_several_orders(self):
        """R200: the dialog; one click confirms all, the rest is an advance; a second click makes nothing."""
        other = self.make_claim(400, customer=self.order.partner_id)
        orders = (self.order + other).with_user(self.sales1)
        action = orders.action_k20_open_register()
        Wizard = self.env[action['res_model']].with_user(self.sales1).with_context(**action['context'])
        wizard = Wizard.create({'reference': 'MULTI', 'advance': 50})
        self.assertEqual(wizard.line_ids.mapped('amount'), [1000, 400])
        self.assertEqual(wizard.amount, 1450)
        wizard.line_ids[0].amount = 300
        wizard.action_apply()
        wizard.action_apply()
        collection = wizard.collection_id
        self.assertEqual(sorted(collection.sudo().payment_ids.mapped('amount')), [50, 300, 400])
        collection.with_user(self.finance).action_confirm()
        self.assertMoney(self.order, collected=300, open=700)
        self.assertMoney(other, collected=400, open=0)
        self.assertEqual(self.balance(other.partner_id), -750)
        invoice = self.confirm_order(other) or self.invoice(other)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.balance(other.partner_id), -350)

    def test_an_advance_is_given_to_an_order(self):
        """R200: in part, then the rest; never more than is open; by the function only."""
        small = self.make_claim(100)
        advance = self.collect(small, 500, keep_advance=True).k20_collection_id.payment_ids.filtered(
            lambda payment: not payment.k20_sale_order_id
        )
        self.assertEqual(advance.amount, 400)
        with self.assertRaises(AccessError):
            advance.with_user(self.sales1).action_k20_give(self.order.id, 150)
        with self.assertRefused('is an advance of .*400.00'):
            advance.with_user(self.finance).action_k20_give(self.order.id, 401)
        part = advance.with_user(self.finance).action_k20_give(self.order.id, 150)
        self.assertMoney(self.order, collected=150, open=850)
        self.assertEqual((advance.amount, advance.k20_collection_id.amount), (250, 500))
        other = self.make_claim(200)
        with self.assertRefused('left to collect'):
            advance.with_user(self.finance).action_k20_give(other.id)
        with self.assertRefused('more than is open'):
            advance.with_user(self.finance).k20_sale_order_id = other
        self.assertEqual(advance.with_user(self.finance).action_k20_give(self.order.id), advance.id)
        self.assertMoney(self.order, collected=400, open=600)
        with self.assertRefused('is no advance'):
            advance.with_user(self.finance).action_k20_give(self.order.id)
        with self.assertRefused('is confirmed for order'):
            self.env['account.payment'].with_user(self.finance).browse(part).k20_sale_order_id = small

    def test_finance_corrects_a_transfer_before_it_counts(self):
        """R093: on the transfer, its payments follow; after confirmation it stays."""
        payment = self.register(self.order, 10)
        collection = payment.k20_collection_id.with_user(self.finance)
        with self.assertRefused('is part of collection'):
            payment.with_user(self.finance).date = '2026-02-01'
        collection.write({'date': '2026-02-01', 'reference': 'fixed'})
        self.assertEqual(str(payment.date), '2026-02-01')
        with self.assertRaises(AccessError):
            collection.with_user(self.sales1).date = '2026-02-02'
        for forged in (
            {'amount': 5},
            {'payment_ids': [Command.clear()]},
            {'user_id': self.admin.id},
            {'state': 'cancelled'},
        ):
            with self.assertRefused('is made of its payments'):
                collection.write(forged)
        collection.action_confirm()
        with self.assertRefused('is confirmed: reset its payments'):
            collection.date = '2026-02-02'

    def test_salespeople_see_the_money_of_their_orders(self):
        """R093: own and the team's, advances of own customers; who sells and keeps the books sees all."""
        payment = self.register(self.order, 1100, keep_advance=True)
        payments = payment.k20_collection_id.payment_ids
        both = self.make_user('k20_both', 'salesperson', 'finance')
        for user in (self.sales1, self.manager, self.finance, self.admin, both):
            self.assertEqual(payments.with_user(user).search([('id', 'in', payments.ids)]), payments, user.name)
            self.assertTrue(
                payment.k20_collection_id.with_user(user).search([('id', '=', payment.k20_collection_id.id)])
            )
        supplier = self.env['res.partner'].create({'name': "Supplier"})
        paid = payment.create({'partner_id': supplier.id, 'partner_type': 'supplier', 'payment_type': 'outbound'})
        for user, seen in ((self.sales1, False), (self.manager, False), (self.finance, True), (both, True)):
            self.assertEqual(bool(payment.with_user(user).search([('id', '=', paid.id)])), seen, user.name)
        for user in (self.sales2, self.sales3):
            self.assertFalse(payments.with_user(user).search([('id', 'in', payments.ids)]), user.name)
            self.assertFalse(self.env['k20.collection'].with_user(user).search([]))
        for method, args in (('write', [{'amount': 5}]), ('unlink', [])):
            with self.assertRaises(AccessError):
                getattr(payment.with_user(self.sales1), method)(*args)

    def test_figures_are_worked_out(self):
        """R157: no client sets what the order counts, nor makes a transfer by itself."""
        with self.assertRaises(UserError):
            self.order.with_user(self.sales1).k20_amount_collected = 5
        with self.assertRaises(UserError):
            self.env['account.payment'].with_user(self.finance).create({'amount': 5, 'k20_counted': 5})
        with self.assertRaises(AccessError):
            self.env['k20.collection'].with_user(self.admin).create({'date': '2026-01-01'})

    def test_an_order_with_money_is_not_deleted(self):
        """R192, R195: a draft order that has collected stays, also before finance confirms it."""
        for take in (self.register, self.collect):
            order = self.make_claim(1000)
            take(order, 10)
            with self.assertRefused('has collections or refunds and stays'):
                order.unlink()

    def test_foreign_currency(self):
        """R200: an order in dollars, paid in dollars and in yuan, converted once at the day of the payment."""
        pricelist = self.make_dollars({'2026-01-01': 7.0, '2026-02-01': 7.2})
        usd = pricelist.currency_id
        order = self.make_claim(1000, pricelist_id=pricelist.id)
        self.confirm_order(order)
        self.assertEqual(order.currency_id, usd)
        self.collect(order, 400, date='2026-01-15')
        first = self.collect(order, 2160, date='2026-02-15', currency_id=self.env.ref('base.CNY').id)
        self.assertMoney(order, collected=700, open=300)
        self.env['res.currency.rate'].search([('currency_id', '=', usd.id)]).write({'inverse_company_rate': 9})
        invoice = self.invoice(order)
        self.assertMoney(order, collected=700, open=300)
        self.assertEqual(first.k20_counted, 300)
        self.assertEqual(invoice.currency_id, usd)

    def test_screens_open_for_those_who_work_there(self):
        """R093: lists and forms of payments, transfers and refunds, and the order's page, field by field."""
        payment = self.collect(self.order, 1010, keep_advance=True)
        refund = self.ask_refund(self.order, 5)
        for user in (self.sales1, self.manager, self.finance, self.admin):
            for xml_id, record in (
                ('account_payment_action', payment),
                ('k20_collection_action', payment.k20_collection_id),
                ('k20_order_refund_action', refund),
                ('k20_collection_register_action', None),
            ):
                action = self.env['ir.actions.act_window'].with_user(user)._for_xml_id(f'k20_sales.{xml_id}')
                Model = self.env[action['res_model']].with_user(user)
                for view in Model.get_views([*action['views'], (False, 'search')])['views'].values():
                    names = {node.get('name') for node in etree.fromstring(view['arch']).iter('field')}
                    spec = {name: {} for name in names & Model._fields.keys()}
                    if record:
                        self.assertTrue(Model.web_search_read([('id', '=', record.id)], spec)['records'], xml_id)
            page = {
                'k20_payment_ids': {'fields': {'amount_signed': {}, 'journal_id': {'fields': {'display_name': {}}}}}
            }
            [read] = self.order.with_user(user).web_read({**page, 'k20_payment_count': {}, 'k20_amount_open': {}})
            self.assertEqual(len(read['k20_payment_ids']), 1)

    def test_command_lists_open_no_door(self):
        """R092: the order's list of payments takes no new one."""
        values = {'amount': 5, 'payment_type': 'inbound', 'partner_id': self.order.partner_id.id}
        with self.assertRaises(AccessError):
            self.order.with_user(self.sales1).write({'k20_payment_ids': [Command.create(values)]})
