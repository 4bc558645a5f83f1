import io
from collections import defaultdict

from psycopg2.errors import UniqueViolation
from PyPDF2 import PdfReader

from odoo import Command
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
        usd = self.env.ref('base.USD')
        usd.active = True
        self.env['res.currency.rate'].search([('currency_id', '=', usd.id)]).unlink()
        rate = {'name': '2020-01-01', 'currency_id': usd.id, 'inverse_company_rate': 7.13}
        self.env['res.currency.rate'].create(rate)
        pricelist = self.env['product.pricelist'].create({'name': "Dollar", 'currency_id': usd.id})
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


@tagged('post_install', '-at_install', 'k20_thorough')
class TestStatement(PlanMakers, K20MoneyCase):
    """A customer's statement of account (对账单). (DESIGN §6)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)

    def make_statement(self, user=None, first=-30, last=0, **values):
        values = {'partner_id': self.customer.id, 'date_from': self.day(first), 'date_to': self.day(last), **values}
        self.env.flush_all()
        return self.env['k20.customer.statement'].with_user(user or self.sales1).create(values)

    def make_business(self):
        old = self.approve(self.make_claim(1000, customer=self.customer))
        old.k20_deal_date = self.day(-60)
        self.collect(old, 300)
        new = self.approve(self.make_claim(500, customer=self.customer))
        self.collect(new, 500)
        self.refund(new, 80)
        cancelled = self.approve(self.make_claim(200, customer=self.customer))
        self.collect(cancelled, 50)
        cancelled.with_user(self.admin)._action_cancel()
        return old + new + cancelled

    def test_it_closes_at_what_is_open(self):
        orders = self.make_business()
        [(currency, rows)] = self.make_statement()._k20_accounts()
        self.assertEqual(currency, orders.currency_id)
        self.assertEqual((rows[0]['kind'], rows[0]['balance']), ('opening', 1000))
        self.assertEqual((rows[-1]['kind'], rows[-1]['balance']), ('closing', sum(orders.mapped('k20_amount_open'))))
        balance = 1000
        for row in rows[1:-1]:
            balance += row['debit'] - row['credit']
            self.assertEqual(row['balance'], balance)
        kinds = sorted(row['kind'] for row in rows[1:-1])
        expected = ['cancel', 'collection', 'collection', 'collection', 'credit', 'order', 'order', 'refund']
        self.assertEqual(kinds, expected)

    def test_credit_notes_write_offs_and_advances_are_in_it(self):
        order = self.approve(self.make_claim(1000, customer=self.customer))
        invoice = self.invoice(order)
        loss = self.env['account.account'].search([('account_type', '=', 'expense')], limit=1)
        lost = {'payment_difference_handling': 'reconcile', 'writeoff_account_id': loss.id}
        self.pay_invoice(invoice, 990, **lost)
        order.action_k20_register_collection(5, keep_advance=True, reference=self.new_reference())
        self.env['k20.collection'].search([], limit=1).with_user(self.finance).action_confirm()
        other = self.approve(self.make_claim(300, customer=self.customer))
        self.credit(self.invoice(other)).action_post()
        self.assertEqual((order.k20_amount_open, other.k20_amount_open), (0, 0))
        [(_currency, rows)] = self.make_statement()._k20_accounts()
        found = {row['kind']: row['debit'] - row['credit'] for row in rows[1:-1] if row['kind'] != 'order'}
        self.assertEqual(found, {'collection': -990, 'write_off': -10, 'advance': -5, 'credit_note': -300})
        self.assertEqual(rows[-1]['balance'], -5)

    def test_it_is_listed_exported_and_printed(self):
        self.make_business()
        statement = self.make_statement()
        lines = self.env['k20.customer.statement.line'].with_user(self.sales1)
        lines = lines.search(statement.action_show()['domain'])
        self.assertEqual(lines[-1].balance, statement._k20_accounts()[0][1][-1]['balance'])
        statement.action_show()  # once more: the same lines
        self.assertEqual(len(statement.line_ids), len(statement._k20_accounts()[0][1]))
        self.sales1.group_ids += self.env.ref('base.group_allow_export')
        statement.line_ids.export_data(['date', 'balance'])
        log = self.env['k20.export.log'].search([], limit=1)
        self.assertEqual((log.model, log.user_id), ('k20.customer.statement.line', self.sales1))
        Report = self.env['ir.actions.report'].with_user(self.sales1)
        html, _kind = Report._render_qweb_html('k20_sales.customer_statement', statement.ids)
        self.assertIn(self.customer.name, html.decode())
        self.assertIn(self.sales1.name, html.decode())
        self.assertIn('620.00', html.decode())

    def test_the_paper_adds_up(self):
        """DESIGN §6: in Chinese, with what was owed and paid in the period; each order is named once in its row."""
        orders = self.make_business()
        statement = self.make_statement()
        Report = self.env['ir.actions.report'].with_user(self.sales1)
        Report = Report.with_context(force_report_rendering=True, lang='zh_CN')
        pdf, _kind = Report._render_qweb_pdf('k20_sales.customer_statement', statement.ids)
        text = ''.join(''.join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)
        [(_currency, rows)] = statement._k20_accounts()
        sums = [sum(row[side] for row in rows) for side in ('debit', 'credit')]
        last = ''.join(f'¥{amount:,.2f}' for amount in (*sums, rows[-1]['balance']))
        for words in ("对账单", "对账期间", self.customer.name, "期初余额¥1,000.00", f'期末余额{last}', "客户（盖章）"):
            self.assertIn(''.join(words.split()), text)
        self.assertNotIn(orders[1].name * 2, text)

    def test_it_holds_what_its_reader_may_read(self):
        self.make_business()
        with self.assertRaises(AccessError):
            self.make_statement(self.sales3)._k20_accounts()
        with self.assertRaises(AccessError):
            self.make_statement(self.storekeeper)
        statement = self.make_statement()
        statement.action_show()
        for method in ('read', 'action_show', 'action_print'):
            with self.assertRaises(AccessError):
                getattr(statement.with_user(self.sales2), method)()
        with self.assertRaises(AccessError):
            statement.line_ids.with_user(self.sales1).write({'balance': 1})
        with self.assertRefused("ends before it begins"):
            self.make_statement(first=0, last=-1).action_show()

    def test_each_currency_has_its_own(self):
        self.make_business()
        usd = self.env.ref('base.USD')
        usd.active = True
        pricelist = self.env['product.pricelist'].create({'name': "Dollar", 'currency_id': usd.id})
        foreign = self.approve(self.make_claim(70, customer=self.customer, pricelist_id=pricelist.id))
        accounts = dict(self.make_statement()._k20_accounts())
        self.assertEqual(set(accounts), {usd, self.env.company.currency_id})
        self.assertEqual(accounts[usd][-1]['balance'], foreign.k20_amount_open)


@tagged('post_install', '-at_install')
class TestCredit(PlanMakers, K20MoneyCase):
    """How much a customer may owe, and how long. (DESIGN §6)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({'k20_credit_check': True, 'k20_credit_overdue_days': 10})
        cls.customer = cls.make_customer(owner=cls.sales1, k20_credit_limit=1000)

    def claim(self, amount, **values):
        return self.make_claim(amount, customer=self.customer, **values)

    def submit(self, order):
        return order.with_user(self.sales1).action_k20_submit()

    def test_what_is_open_and_asked_for_counts_to_the_cent(self):
        open_order = self.approve(self.claim(600))
        self.collect(open_order, 200)
        self.submit(self.claim(100))
        self.submit(self.claim(500))
        refused = self.claim(0.01)
        with self.assertRefused("0.01 above its credit limit of .*1,000.00"):
            self.submit(refused)
        self.assertEqual((refused.k20_approval_state, refused.k20_over_credit), ('draft', False))
        self.collect(open_order, 0.01)
        self.submit(refused)

    def test_off_and_without_limit_nothing_is_checked(self):
        self.env.company.k20_credit_check = False
        self.submit(self.claim(9999))
        self.env.company.k20_credit_check = True
        self.customer.k20_credit_limit = 0
        self.submit(self.claim(9999))

    def test_contacts_and_colleagues_orders_count_and_are_not_named(self):
        contact = self.make_contact(self.customer)
        theirs = self.make_claim(900, owner=self.sales1, customer=contact)
        self.approve(theirs)
        theirs.user_id = self.sales2
        with self.assertRefused("above its credit limit") as caught:
            self.submit(self.claim(200))
        self.assertNotIn(theirs.name, str(caught.exception))

    def test_an_overdue_customer_orders_no_more(self):
        late = self.approve(self.claim(100))
        late.k20_deal_date = self.day(-10)
        self.submit(self.claim(1))
        late.k20_deal_date = self.day(-11)
        with self.assertRefused("more than 10 days overdue"):
            self.submit(self.claim(1))
        self.collect(late, 100)
        self.submit(self.claim(1))

    def test_a_flow_that_names_it_decides(self):
        order = self.claim(1001)
        self.env['k20.approval.flow'].create({
            'name': "Above the credit",
            'sequence': 1,
            'model_id': self.env['ir.model']._get_id('sale.order'),
            'domain': "[('k20_over_credit', '=', True)]",
            'step_ids': [
                Command.create({
                    'name': "Finance",
                    'approver_kind': 'users',
                    'user_ids': [Command.set(self.finance.ids)],
                })
            ],
        })  # fmt: skip
        self.submit(order)
        self.assertEqual((order.k20_approval_state, order.k20_over_credit), ('submitted', True))
        self.assertEqual(
            self.env['k20.approval.task'].search([('res_id', '=', order.id)], limit=1).step_name, "Finance"
        )
        self.submit(self.make_claim(5))  # another customer's goes the usual way

    def test_the_flag_is_nobodys_to_write(self):
        order = self.claim(10)
        with self.assertRefused("worked out by the system"):
            order.with_user(self.sales1).write({'k20_over_credit': True})

    def test_finance_sets_the_credit(self):
        self.customer.with_user(self.finance).k20_credit_limit = 5
        self.customer.with_user(self.admin).k20_credit_days = 5
        mine = self.customer.with_user(self.sales1)
        for user in (self.sales1, self.manager):
            with self.assertRefused("set by finance", AccessError):
                self.customer.with_user(user).write({'k20_credit_limit': 9999})
        with self.assertRefused("set by finance", AccessError):
            self.make_customer(owner=self.sales1).with_user(self.sales1).create(
                {'name': "Quite Another One", 'k20_kind': 'end', 'k20_credit_days': 5}
            )
        with self.assertRefused("set by finance", AccessError):
            context = {'default_k20_credit_limit': 99999}
            mine.with_context(**context).create({'name': "Quite Another Two", 'k20_kind': 'end'})
        mine.write({'comment': "x", 'k20_credit_limit': 5})  # a form that sends what it has shown
        with self.assertRefused("not below zero"):
            self.customer.with_user(self.finance).k20_credit_limit = -1


@tagged('post_install', '-at_install')
class TestFapiao(K20MoneyCase):
    """Numbers of China's e-invoices. (DESIGN §6)"""

    def test_eight_or_twenty_digits_once(self):
        customer = self.make_customer(owner=self.sales1)
        first, second = self.make_invoice(customer), self.make_invoice(customer)
        number = '24312000000012345678'
        first.fapiao = '12345678'
        first.fapiao = number
        self.assertEqual(first.fapiao, number)
        for bad in ('123', '1234567A', number[:-1], '１２３４５６７８', number[:-1] + ' '):
            with self.assertRefused("8 or 20 digits"):
                second.fapiao = bad
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            second.fapiao = number
            second.flush_recordset()
        second.invalidate_recordset()
        bill = self.make_invoice(customer, move_type='in_invoice', fapiao=number)
        self.assertEqual(bill.fapiao, number)
        second.fapiao = ''
        first.copy().fapiao = ''


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
