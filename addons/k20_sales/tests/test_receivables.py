from collections import defaultdict

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.k20_base.tests.common import RpcError

from .common import K20MoneyCase, K20MoneyHttpCase
from .test_instalments import PlanMakers

AGES = ('age_none', 'age_30', 'age_60', 'age_90', 'age_more')


def bucket(days):
    """Return where something belongs that is `days` overdue. (DESIGN §6)"""
    return AGES[0 if days < 0 else 1 if days <= 30 else 2 if days <= 60 else 3 if days <= 90 else 4]


@tagged('post_install', '-at_install')
class TestReceivables(PlanMakers, K20MoneyCase):
    """Receivables and received (应收目录, 已收目录). (R091, R094)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)

    def make_old(self, amount, days, *plan, **values):
        """Make an approved order whose deal was `days` ago."""
        order = self.approve(self.make_planned(*plan, total=amount, **{'customer': self.customer, **values}))
        order.k20_deal_date = self.day(-days)
        return order

    def rows(self, orders, day=None, user=None):
        """Return {order: row} of the list, as of a day told from today."""
        self.env.flush_all()
        self.env.invalidate_all()
        Receivable = self.env['k20.receivable'].with_user(user or self.admin)
        if day is not None:
            Receivable = Receivable.with_context(k20_receivable_day=str(self.day(day)))
        return {row.order_id: row for row in Receivable.search([('order_id', 'in', orders.ids)])}

    def backdate(self, payment, days):
        """Confirm a payment of `days` ago, as finance entering an old statement does."""
        payment.k20_collection_id.with_user(self.finance).date = self.day(-days)
        payment.k20_collection_id.with_user(self.finance).action_confirm()
        return payment

    def ages(self, row):
        return {name: round(row[name], 2) for name in AGES if row[name]}

    def test_the_list_says_what_the_orders_say(self):
        order = self.make_old(1000, 40)
        other = self.make_claim(300, customer=self.customer)
        self.collect(order, 250)
        self.collect(other, 100)
        rows = self.rows(order + other)
        found = [rows[order][name] for name in ('approval', 'contract', 'collected', 'open', 'days_overdue')]
        self.assertEqual(found, ['approved', 1000, 250, 750, 40])
        self.assertEqual([rows[other][name] for name in ('approval', 'open')], ['unapproved', 200])
        self.assertEqual(rows[order].date, self.day(-40))
        self.assertEqual(rows[order].opportunity_id, order.opportunity_id)
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_receivable_action')
        self.assertIn('search_default_approved', action['context'])

    def test_ageing_edges(self):
        """0-30, 31-60, 61-90, over 90 days; what is due today is no day overdue."""
        orders = self.env['sale.order']
        expected = {}
        for days in (0, 1, 30, 31, 60, 61, 90, 91, 400):
            order = self.make_old(100 + days, days)
            orders += order
            expected[order] = {bucket(days): 100 + days}
        rows = self.rows(orders)
        self.assertEqual({order: self.ages(rows[order]) for order in orders}, expected)

    def test_ageing_goes_by_instalments_and_the_rest_by_the_order(self):
        order = self.make_old(1000, 70, (-100, 300), (-35, 300), (10, 400))
        self.collect(order, 350)
        self.assertEqual(self.ages(self.rows(order)[order]), {'age_60': 250, 'age_none': 400})
        self.assertEqual(self.rows(order)[order].days_overdue, 35)
        order.with_user(self.admin).order_line.price_unit = 1100  # the administrator, after approval
        row = self.rows(order)[order]
        self.assertEqual(self.ages(row), {'age_60': 250, 'age_none': 400, 'age_90': 100})
        self.assertEqual((row.days_overdue, order.k20_overdue_days), (70, 70))
        order.with_user(self.admin).order_line.price_unit = 700  # less than the plan
        self.assertEqual(self.ages(self.rows(order)[order]), {'age_60': 250, 'age_none': 100})
        self.assertEqual(order.k20_amount_overdue, 250)

    def test_as_of_a_day_recounts_the_documents(self):
        """Against figures added up here, day by day, from what was done on which day."""
        order = self.make_old(1000, 50, (-45, 400), (-5, 600))
        self.backdate(self.register(order, 300), 40)
        self.backdate(self.register(order, 500), 10)
        self.refund(order, 100)
        events = [(-40, 'collected', 300), (-10, 'collected', 500), (0, 'refunded', 100), (0, 'credited', 100)]
        for day in (-60, -50, -41, -40, -11, -10, -1, 0, 3):
            row = self.rows(order, day).get(order)
            if day < -50:
                self.assertIsNone(row, day)
                continue
            sums = defaultdict(float)
            for when, name, amount in events:
                sums[name] += amount if when <= day else 0
            opened = 1000 - sums['credited'] - sums['collected'] + sums['refunded']
            found = {name: row[name] for name in ('collected', 'refunded', 'credited', 'open')}
            self.assertEqual(
                found, {**{n: sums[n] for n in ('collected', 'refunded', 'credited')}, 'open': opened}, day
            )
            ages, covered = defaultdict(float), 1000 - opened
            for due, amount in ((-45, 400), (-5, 600)):
                filled = min(amount, covered)
                covered -= filled
                if amount - filled:
                    ages[bucket(day - due)] += amount - filled
            self.assertEqual(self.ages(row), dict(ages), day)

    def test_now_and_as_of_today_agree(self):
        order = self.make_old(1000, 20)
        self.collect(order, 600)
        invoice = self.invoice(order)
        self.refund(order, 50)
        note = self.credit(invoice)
        note.action_post()
        names = ('contract', 'collected', 'refunded', 'credited', 'open', 'days_overdue', *AGES)
        now, today = self.rows(order)[order], self.rows(order, 0)[order]
        figures = [now[name] for name in names]
        self.env.invalidate_all()
        self.assertEqual(figures, [today[name] for name in names])

    def test_a_cancelled_order_stays_in_its_past(self):
        order = self.make_old(1000, 30)
        self.backdate(self.register(order, 200), 20)
        order.with_user(self.admin)._action_cancel()
        self.assertEqual(self.rows(order)[order].approval, 'cancelled')
        self.assertEqual(self.rows(order)[order].open, -200)
        self.assertEqual(self.rows(order, -10)[order].open, 800)
        self.assertFalse(self.rows(order, 0))

    def test_foreign_orders_count_in_company_currency(self):
        pricelist = self.make_dollars({'2020-01-01': 7.13})
        plan = (-100, 333.33), (-50, 333.33), (-10, 333.34)
        order = self.make_old(1000, 100, *plan, pricelist_id=pricelist.id)
        self.collect(order, 100)
        row = self.rows(order)[order]
        self.assertAlmostEqual(row.contract, 7130, places=2)
        self.assertAlmostEqual(row.open, 6417, places=2)
        self.assertAlmostEqual(sum(row[name] for name in AGES), row.open, places=2)
        self.assertEqual(row.order_open, 900)

    def test_it_is_seen_with_its_order(self):
        mine = self.make_old(1000, 5)
        theirs = self.make_old(500, 5, customer=self.make_customer(owner=self.sales3), owner=self.sales3)
        both = mine + theirs
        expected = {self.sales1: mine, self.manager: mine, self.sales3: theirs, self.finance: both, self.admin: both}
        for user, orders in expected.items():
            for day in (None, 0):
                self.assertEqual(set(self.rows(both, day, user)), set(orders), (user.login, day))
        for user in (self.outsider, self.buyer, self.storekeeper):
            for model in ('k20.receivable', 'k20.order.movement'):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([], limit=1)
        moved = self.env['k20.order.movement'].with_user(self.sales1).search([('order_id', 'in', both.ids)])
        self.assertEqual(moved.order_id, mine)

    def test_totals_are_of_all_rows_found(self):
        first, second = self.make_old(1000, 5), self.make_old(500, 45)
        self.collect(second, 200)
        self.env.flush_all()
        domain = [('order_id', 'in', (first + second).ids), ('open', '>', 0)]
        Receivable = self.env['k20.receivable'].with_user(self.sales1)
        totals = Receivable._read_group(domain, [], ['contract:sum', 'collected:sum', 'open:sum', 'age_60:sum'])
        self.assertEqual(totals, [(1500, 200, 1300, 300)])

    def test_a_row_registers_and_shows_collections(self):
        order = self.make_old(1000, 5)
        row = self.rows(order, user=self.sales1)[order]
        self.assertEqual(row.action_k20_register()['context']['active_ids'], order.ids)
        payment = self.collect(order, 10)
        domain = row.action_k20_collections()['domain']
        self.assertEqual(self.env['account.payment'].search(domain), payment)
        self.assertEqual(row.action_k20_open()['res_id'], order.id)

    def test_the_day_is_a_day(self):
        dialog = Form(self.env['k20.receivable.day'].with_user(self.sales1))
        dialog.day = self.day(-3)
        action = dialog.save().action_open()
        self.assertEqual(action['context']['k20_receivable_day'], str(self.day(-3)))
        for bad in ("1; DROP", "2026-13-45", 12, ['x']):
            with self.assertRefused("no date"):
                self.env['k20.receivable'].with_context(k20_receivable_day=bad).search([], limit=1)

    def test_as_many_queries_for_many_rows(self):
        def count(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            names = ['name', 'partner_id', 'opportunity_id', 'contract', 'open', *AGES]
            specification = {name: {'fields': {'display_name': {}}} if name.endswith('_id') else {} for name in names}
            domain = [('order_id', 'in', orders.ids)]
            self.env['k20.receivable'].with_user(self.sales1).web_search_read(domain, specification)
            return self.env.cr.sql_log_count - before

        orders = self.env['sale.order'].concat(*(self.make_old(100, 5, (-5, 40), (5, 60)) for _ in range(6)))
        count(orders)
        self.assertEqual(count(orders), count(orders[:2]))

    def test_fill_speed_is_one_statement(self):
        """The totals of all rows are one statement, whatever is found."""
        self.make_old(100, 5)
        self.env.flush_all()
        Receivable = self.env['k20.receivable'].with_user(self.sales1)
        Receivable._read_group([], ['user_id'], ['open:sum'])
        before = self.env.cr.sql_log_count
        Receivable._read_group([('open', '>', 0)], [], ['open:sum', 'contract:sum', *(f'{name}:sum' for name in AGES)])
        self.assertEqual(self.env.cr.sql_log_count - before, 1)


@tagged('post_install', '-at_install')
class TestReceivablesOverHttp(K20MoneyHttpCase):
    """What a client may send."""

    def test_the_lists_are_read_only(self):
        order = self.approve(self.make_claim(100))
        bill = self.make_invoice(order.partner_id, fapiao='11112222')
        other = self.make_invoice(order.partner_id)
        self.login(self.admin)
        with mute_logger('odoo.sql_db'), self.assertRaises(RpcError) as caught:
            self.call('account.move', 'write', other.ids, {'fapiao': bill.fapiao})
        self.assertIn("on another invoice", caught.exception.message)
        for model in ('k20.receivable', 'k20.order.movement'):
            self.assertCallRefused(model, 'write', order.ids, {'reference': "x"})
            self.assertCallRefused(model, 'create', [{'reference': "x"}])
            self.assertCallRefused(model, 'unlink', order.ids)
