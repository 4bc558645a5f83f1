from odoo import Command
from odoo.tests import tagged

from .common import K20MoneyCase


@tagged('post_install', '-at_install')
class TestMoneyClaims(K20MoneyCase):
    """What is owed no more, to the cent and in any currency, and how the books say the same. (DESIGN §6)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_claim(1000)
        cls.confirm_order(cls.order)
        cls.dollars = cls.make_dollars()

    def movements(self, order, kind):
        self.env.flush_all()
        return self.env['k20.order.movement'].search([('order_id', '=', order.id), ('kind', '=', kind)])

    def write_off(self, invoice, amount):
        account = self.env['account.account'].search([('account_type', '=', 'expense')], limit=1)
        lost = {'payment_difference_handling': 'reconcile', 'writeoff_account_id': account.id}
        return self.pay_invoice(invoice, amount, **lost)

    def test_a_cancelled_order_forgives_nothing(self):
        """R195: what it collected is to be refunded, whatever was written off."""
        self.write_off(self.invoice(self.order), 990)
        self.assertMoney(self.order, collected=990, written_off=10, open=0)
        self.order.with_user(self.admin)._action_cancel()
        self.assertMoney(self.order, contract=0, written_off=0, credited=0, collected=990, open=-990)

    def test_what_is_written_off_is_not_given_back(self):
        """R197: all that was paid went back, so nothing is sold."""
        self.write_off(self.invoice(self.order), 990)
        self.assertTrue(self.order.k20_is_deal)
        self.refund(self.order, 990, 'return_payment')
        self.assertFalse(self.order.k20_is_deal)

    def test_what_is_written_off_stands_in_list_and_plan(self):
        """R091: receivables, instalments and the statement count it like a credit."""
        order = self.make_claim(1000, k20_instalment_ids=[Command.create({'due_date': '2030-01-01', 'amount': 1000})])
        self.confirm_order(order)
        self.write_off(self.invoice(order), 990)
        self.env.flush_all()
        row = self.env['k20.receivable'].search([('order_id', '=', order.id)])
        self.assertEqual((row.collected, row.credited, row.open), (990, 10, 0))
        self.assertEqual(order.k20_instalment_ids.paid_amount, 1000)
        self.assertEqual(self.movements(order, 'write_off').amount, -10)

    def test_a_refund_may_forgive_less(self):
        """R087: the entry of what is paid back says one more on the customer's account: the claim grows by it."""
        self.collect(self.order, 100)
        payment = self.refund(self.order, 60, 'return_payment').payment_id.with_user(self.finance)
        payment.action_draft()
        income = self.env['account.account'].search([('account_type', '=', 'income')], limit=1)
        receivable = payment.move_id.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        payment.move_id.write({'line_ids': [
            Command.update(receivable.id, {'debit': 61}),
            Command.create({'account_id': income.id, 'credit': 1, 'partner_id': receivable.partner_id.id}),
        ]})  # fmt: skip
        payment.action_post()
        self.assertMoney(self.order, collected=100, refunded=60, written_off=-1, open=961)
        self.assertEqual(self.balance(self.order.partner_id), -39)

    def test_a_credit_note_in_another_currency(self):
        """R091: counts in the order's currency at its day, in the order and in the statement."""
        note = self.credit(self.invoice(self.order))
        note.currency_id = self.dollars.currency_id
        note.invoice_line_ids.price_unit = 100
        note.action_post()
        self.assertEqual(note.amount_total, 100)
        self.assertMoney(self.order, credited=800, open=200)
        self.assertAlmostEqual(self.movements(self.order, 'credit_note').amount, -800)

    def test_a_credit_note_counts_with_its_own_total(self):
        """R091: tax rounded over the whole note, not line by line: no cent is left open."""
        self.env.company.tax_calculation_rounding_method = 'round_globally'
        tax = self.env['account.tax'].create({'name': "13", 'amount': 13, 'type_tax_use': 'sale'})
        product = self.make_product(invoice_policy='order')
        line = {'product_id': product.id, 'product_uom_qty': 1, 'price_unit': 0.33, 'tax_ids': [Command.set(tax.ids)]}
        order = self.make_order(
            self.make_customer(owner=self.sales1),
            self.sales1,
            order_line=[Command.create(dict(line)) for _ in range(3)],
        )
        self.confirm_order(order)
        note = self.credit(self.invoice(order))
        note.action_post()
        self.assertNotEqual(round(sum(note.invoice_line_ids.mapped('price_total')), 2), note.amount_total)
        self.assertMoney(order, contract=note.amount_total, credited=note.amount_total, open=0)
        self.assertAlmostEqual(self.movements(order, 'credit_note').amount, -note.amount_total)

    def test_a_cancelled_order_claims_what_was_not_credited(self):
        """R091: in the statement, contract, credit and cancellation add up to nothing."""
        self.collect(self.order, 600)
        self.refund(self.order, 100)
        self.order.with_user(self.admin)._action_cancel()
        self.assertEqual(self.movements(self.order, 'cancel').amount, -900)
        self.env.flush_all()
        amounts = self.env['k20.order.movement'].search([('order_id', '=', self.order.id)]).mapped('amount')
        self.assertAlmostEqual(sum(amounts), self.order.k20_amount_open)

    def test_what_is_due_first_is_paid_first(self):
        """R195: of two invoices of an order, the one that is due earlier, whenever it was made."""
        wizard = self.env['sale.advance.payment.inv'].with_user(self.finance)
        wizard = wizard.with_context(active_model='sale.order', active_ids=self.order.ids)
        wizard.create({'advance_payment_method': 'percentage', 'amount': 30}).create_invoices()
        first = self.order.invoice_ids
        first.invoice_date_due = '2030-01-01'
        first.with_user(self.finance).action_post()
        second = self.order.with_user(self.finance)._create_invoices(final=True)
        second.invoice_date_due = '2029-01-01'
        second.action_post()
        self.assertEqual((first.amount_residual, second.amount_residual), (300, 700))
        self.collect(self.order, 200)
        self.assertEqual((first.amount_residual, second.amount_residual), (300, 500))

    def test_the_whole_invoice_is_credited(self):
        """R087: exactly so much was invoiced; the credit note is made and paid."""
        self.collect(self.order, 1000)
        self.invoice(self.order)
        refund = self.refund(self.order, 1000)
        self.assertEqual(refund.credit_note_id.amount_total, 1000)
        self.assertEqual(refund.credit_note_id.payment_state, 'paid')
        self.assertMoney(self.order, credited=1000, collected=1000, refunded=1000, open=0)
        self.assertEqual(self.balance(self.order.partner_id), 0)

    def test_a_credit_note_is_paid_before_an_old_invoice_is(self):
        """R087: what is still owed has been due for long; the refund's money is its credit note's all the same."""
        self.collect(self.order, 500)
        invoice = self.invoice(self.order, post=False)
        invoice.invoice_date, invoice.invoice_date_due = '2026-01-01', '2026-01-02'
        invoice.with_user(self.finance).action_post()
        refund = self.refund(self.order, 300)
        self.assertEqual((invoice.amount_residual, refund.credit_note_id.payment_state), (500, 'paid'))
        matched = refund.credit_note_id.line_ids.matched_debit_ids.debit_move_id.move_id
        self.assertEqual(matched, refund.payment_id.move_id)

    def test_a_refund_taken_back_makes_no_credit_note_later(self):
        """R087: the invoice comes after it was taken back."""
        self.collect(self.order, 1000)
        refund = self.refund(self.order, 300, pay=False)
        refund.with_user(self.admin).action_k20_cancel()
        self.invoice(self.order)
        self.assertFalse(refund.credit_note_id)
        self.assertMoney(self.order, credited=0, open=0)

    def test_money_paid_back_settles_its_own_order(self):
        """R195: a credit note is not matched with what was paid back for another order."""
        other = self.make_claim(500, customer=self.order.partner_id)
        self.confirm_order(other)
        self.invoice(other)
        self.collect(other, 500)
        back = self.refund(other, 500, 'return_payment').payment_id
        self.collect(self.order, 1000)
        note = self.credit(self.invoice(self.order))
        note.action_post()
        self.assertEqual(note.amount_residual, 1000)
        line = back.move_id.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        with self.assertRefused('cannot settle'):
            note.with_user(self.finance).js_assign_outstanding_line(line.id)

    def test_one_invoice_of_several_orders(self):
        """R092, R195: neither Odoo's dialog nor matching by hand says which of them is paid."""
        other = self.make_claim(500, customer=self.order.partner_id)
        self.confirm_order(other)
        invoice = (self.order + other).with_user(self.finance)._create_invoices(grouped=False)
        self.assertEqual(len(invoice), 1)
        invoice.action_post()
        with self.assertRefused('is of several orders'):
            self.pay_invoice(invoice, 100)
        advance = self.env['account.payment'].with_user(self.finance).create({
            'payment_type': 'inbound', 'partner_type': 'customer', 'amount': 100, 'journal_id': self.bank.id,
            'partner_id': self.order.partner_id.id,
        })  # fmt: skip
        advance.action_post()
        line = advance.move_id.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        with self.assertRefused('is of several orders'):
            invoice.js_assign_outstanding_line(line.id)

    def test_nothing_is_owed_below_nothing(self):
        """R091: what is to be given back is of no age; what was given back and is owed again, is."""
        self.collect(self.order, 1000)
        self.order.with_user(self.admin).order_line.price_unit = 700
        self.env.flush_all()
        row = self.env['k20.receivable'].search([('order_id', '=', self.order.id)])
        ages = ('age_none', 'age_30', 'age_60', 'age_90', 'age_more')
        self.assertEqual((row.open, *(row[name] for name in ages)), (-300, 0, 0, 0, 0, 0))
        planned = self.make_claim(1000, k20_instalment_ids=[
            Command.create({'due_date': '2029-01-01', 'amount': 400}),
            Command.create({'due_date': '2030-01-01', 'amount': 600}),
        ])  # fmt: skip
        self.confirm_order(planned)
        self.collect(planned, 700)
        self.refund(planned, 500, 'return_payment')
        self.env.flush_all()
        row = self.env['k20.receivable'].search([('order_id', '=', planned.id)])
        self.assertEqual((row.open, row.age_none, str(row.due_date)), (800, 800, '2029-01-01'))
