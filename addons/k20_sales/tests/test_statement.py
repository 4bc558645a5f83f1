import io

from PyPDF2 import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20MoneyCase
from .test_instalments import PlanMakers


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
