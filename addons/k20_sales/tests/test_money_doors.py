from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import K20MoneyCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestMoneyDoors(K20MoneyCase):
    """Every way to move money past the rules is tried and refused. (R092, R195, R200; the doors of account.payment)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_claim(1000)
        cls.confirm_order(cls.order)
        cls.values = {
            'payment_type': 'inbound', 'partner_type': 'customer', 'amount': 100, 'journal_id': cls.bank.id,
            'partner_id': cls.order.partner_id.id, 'k20_sale_order_id': cls.order.id,
        }  # fmt: skip

    def payments(self, user=None):
        return self.env['account.payment'].with_user(user or self.finance)

    def test_payments_are_made_as_drafts(self):
        """R092: not paid, not with an entry of their own; no state as a default either."""
        for forged in ({'state': 'paid'}, {'state': 'in_process'}, {'write_off_line_vals': []}, {'force_balance': 1}):
            with self.assertRefused('is made as a draft'):
                self.payments().create({**self.values, **forged})
        self.assertEqual(self.payments().with_context(default_state='paid').create(dict(self.values)).state, 'draft')
        made = self.payments().load(['amount', 'partner_id/.id', 'k20_sale_order_id/.id', 'state'],
                                    [['5', str(self.order.partner_id.id), str(self.order.id), 'Paid']])  # fmt: skip
        self.assertFalse(made['ids'])
        self.assertMoney(self.order, collected=0, pending=100)

    def test_a_confirmed_payment_is_frozen(self):
        """R200: what makes its entry stays; the entry cannot be drafted, edited, cancelled, reversed or deleted."""
        payment = self.collect(self.order, 400).with_user(self.finance)
        move = payment.move_id
        other = self.make_customer(owner=self.sales1)
        for name, value in (
            ('amount', 900), ('date', '2026-01-01'), ('partner_id', other.id), ('payment_type', 'outbound'),
            ('currency_id', self.env.ref('base.USD').id), ('move_id', False), ('partner_type', 'supplier'),
        ):  # fmt: skip
            with self.assertRefused('is confirmed, so its'):
                payment.write({name: value})
        payment.write({'amount': 400})  # nothing changes
        for state in ('draft', 'canceled', 'rejected'):
            with self.assertRefused('use Reset to Draft'):
                payment.write({'state': state})
        for action in (
            move.button_draft, move.button_cancel, move._reverse_moves, payment.unlink,
            lambda: move.write({'state': 'draft'}),
            lambda: move.line_ids.filtered('debit').write({'debit': 500}),
            lambda: move.with_context(skip_readonly_check=True).write({'line_ids': [
                Command.update(move.line_ids.filtered('debit').id, {'debit': 500}),
                Command.update(move.line_ids.filtered('credit').id, {'credit': 500}),
            ]}),
            lambda: move.with_context(force_delete=True).unlink(),
        ):  # fmt: skip
            with self.assertRaises(UserError):
                action()
        self.assertEqual((move.state, payment.amount, move.line_ids.filtered('debit').debit), ('posted', 400, 400))
        self.assertMoney(self.order, collected=400, open=600)

    def test_nothing_rides_along_with_a_confirmation(self):
        """R092, R200: Odoo makes the entry first and changes the payment then; figures are nobody's to set."""
        payment = self.register(self.order, 400).with_user(self.finance)
        other = self.collect(self.make_claim(700), 700)
        for forged in (
            {'amount': 900},
            {'move_id': other.move_id.id},
            {'k20_counted': 1000},
            {'partner_type': 'supplier'},
        ):
            for values in ({'state': 'paid', **forged}, {'state': 'in_process', **forged}):
                with self.assertRaises(UserError):
                    payment.write(values)
        for forged in ({'amount': 900}, {'date': '2026-01-01'}, {'partner_type': 'supplier'}):
            with self.assertRefused('change it first, confirm it then'):
                payment.write({'state': 'paid', **forged})
        for forged in ({'move_id': other.move_id.id}, {'k20_counted': 1}, {'k20_collection_id': False}):
            with self.assertRaises(UserError):
                payment.write(forged)
        self.assertMoney(self.order, collected=0, pending=400)

    def test_the_entry_of_a_draft_says_what_the_payment_says(self):
        """R200: reset, its entry edited, confirmed again; or the entry posted by itself."""
        payment = self.collect(self.order, 400).with_user(self.finance)
        payment.action_draft()
        move = payment.move_id
        move.write({'line_ids': [Command.update(line.id, {'debit': line.debit and 500, 'credit': line.credit and 500})
                                 for line in move.line_ids]})  # fmt: skip
        with self.assertRefused('says .*500.00 and the payment .*400.00'):
            payment.action_post()
        with self.assertRefused('confirm the payment'):
            move.action_post()
        self.assertMoney(self.order, collected=0)
        self.assertEqual(self.balance(self.order.partner_id), 0)

    def test_a_suppliers_payment_is_no_orders(self):
        """R092: the other kind of payment is no way around."""
        values = {**self.values, 'partner_type': 'supplier'}
        with self.assertRefused('belongs to no order'):
            self.payments().create(dict(values))
        payment = self.payments().create({**values, 'k20_sale_order_id': False})
        payment.action_post()
        with self.assertRefused('belongs to no order'):
            payment.k20_sale_order_id = self.order
        draft = self.register(self.order, 10).with_user(self.finance)
        with self.assertRefused('belongs to no order'):
            draft.partner_type = 'supplier'

    def test_a_reset_takes_all_along(self):
        """R093, R195, R200: entry, who confirmed, matching, totals; it can be confirmed again."""
        invoice = self.invoice(self.order)
        payment = self.collect(self.order, 400).with_user(self.finance)
        for action, state, entry in (
            ('action_draft', 'draft', 'draft'),
            ('action_reject', 'rejected', 'cancel'),
            ('action_cancel', 'canceled', 'cancel'),
        ):
            self.assertEqual(invoice.amount_residual, 600)
            getattr(payment, action)()
            self.assertEqual((payment.state, payment.move_id.state, payment.k20_confirmed_by.id), (state, entry, False))
            self.assertEqual((invoice.amount_residual, self.balance(self.order.partner_id)), (1000, 1000))
            self.assertMoney(self.order, collected=0, open=1000)
            if state != 'draft':
                payment.action_draft()
            payment.action_post()
            self.assertEqual(payment.move_id.state, 'posted')
        self.assertMoney(self.order, collected=400, open=600)

    def test_no_confirmed_payment_without_a_posted_entry(self):
        """R195: cancelled and then written or posted, without an account to book to."""
        payment = self.register(self.order, 100).with_user(self.finance)
        payment.outstanding_account_id = False
        with self.assertRaises(UserError):
            payment.action_post()
        payment = self.collect(self.order, 100).with_user(self.finance)
        payment.action_cancel()
        for door in (payment.action_post, payment.action_validate, lambda: payment.write({'state': 'paid'})):
            with self.assertRefused('without a posted entry'):
                door()
        self.assertMoney(self.order, collected=0)

    def test_who_confirms_by_any_door(self):
        """R155: without the function no button, no write, no wizard, no reset."""
        payment = self.collect(self.order, 100)
        draft = self.register(self.order, 50)
        invoice = self.invoice(self.order)
        self.finance.k20_function_ids -= self.env.ref('k20_sales.group_k20_confirm_collection')
        for door in (
            draft.with_user(self.finance).action_post,
            draft.with_user(self.finance).action_validate,
            lambda: draft.with_user(self.finance).write({'state': 'paid'}),
            draft.k20_collection_id.with_user(self.finance).action_confirm,
            payment.with_user(self.finance).action_draft,
            payment.with_user(self.finance).action_cancel,
            payment.with_user(self.finance).action_reject,
            lambda: self.pay_invoice(invoice),
        ):
            with self.assertRaises(AccessError):
                door()
        self.assertMoney(self.order, collected=100, pending=50)

    def test_money_before_and_after_the_invoice_settles_it(self):
        """R195: an advance when the invoice is posted, later money when it is confirmed."""
        self.collect(self.order, 400)
        invoice = self.invoice(self.order)
        self.assertEqual(invoice.amount_residual, 600)
        self.collect(self.order, 250)
        self.assertEqual(invoice.amount_residual, 350)
        self.collect(self.order, 350)
        self.assertEqual(invoice.payment_state, 'paid')
        self.assertEqual(self.balance(self.order.partner_id), 0)

    def test_each_invoice_takes_its_own_orders_money(self):
        """R195: another order's money of the same customer stays, also when somebody matches by hand."""
        other = self.make_claim(500, customer=self.order.partner_id)
        payment = self.collect(other, 500)
        invoice = self.invoice(self.order)
        self.assertEqual(invoice.amount_residual, 1000)
        line = payment.move_id.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        with self.assertRefused('cannot settle'):
            invoice.with_user(self.finance).js_assign_outstanding_line(line.id)

    def test_an_advance_matched_by_hand_is_given(self):
        """R200: so that the order counts what settles its invoice; never more than is open."""
        invoice = self.invoice(self.order)
        advance = self.payments().create({**self.values, 'k20_sale_order_id': False})
        advance.action_post()
        line = advance.move_id.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        invoice.with_user(self.finance).js_assign_outstanding_line(line.id)
        self.assertEqual(advance.k20_sale_order_id, self.order)
        self.assertMoney(self.order, collected=100, open=900)
        self.assertEqual(invoice.amount_residual, 900)
        large = self.payments().create({**self.values, 'amount': 5000, 'k20_sale_order_id': False})
        large.action_post()
        line = large.move_id.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        with self.assertRefused('more than is open'):
            invoice.with_user(self.finance).js_assign_outstanding_line(line.id)

    def test_the_register_wizard_names_the_order(self):
        """R092: with a write-off; never above what is open; one payment an order."""
        invoice = self.invoice(self.order)
        account = self.env['account.account'].search([('account_type', '=', 'expense')], limit=1)
        payment = self.pay_invoice(
            invoice,
            990,
            payment_difference_handling='reconcile',
            writeoff_account_id=account.id,
            writeoff_label="Cents",
        )
        self.assertEqual(payment.k20_sale_order_id, self.order)
        self.assertMoney(self.order, collected=990, written_off=10, open=0)
        self.assertEqual((invoice.payment_state, self.balance(self.order.partner_id)), ('paid', 0))
        payment.with_user(self.finance).action_draft()
        self.assertMoney(self.order, collected=0, written_off=0, open=1000)
        payment.with_user(self.finance).action_post()
        self.assertMoney(self.order, collected=990, written_off=10, open=0)
        self.assertEqual(invoice.payment_state, 'paid')

    def test_the_register_wizard_keeps_the_limits(self):
        """R092: more than is open, and invoices of two orders at once."""
        other = self.make_claim(500, customer=self.order.partner_id)
        self.confirm_order(other)
        invoices = self.invoice(self.order) + self.invoice(other)
        with self.assertRefused('more than is open'):
            self.pay_invoice(invoices[0], 1001)
        payments = self.pay_invoice(invoices, group_payment=True)
        self.assertEqual(payments.k20_sale_order_id, self.order + other)
        self.assertEqual(sorted(payments.mapped('k20_counted')), [500, 1000])
        self.assertEqual(invoices.mapped('payment_state'), ['paid', 'paid'])

    def test_what_the_register_wizard_takes_beyond_its_invoice_settles_the_next(self):
        """R195: one transfer for both invoices of the order, entered on the first of them."""
        first = self.invoice(self.order, post=False)
        first.invoice_line_ids.quantity = 0.6
        first.action_post()
        second = self.invoice(self.order)
        self.pay_invoice(first, 1000)
        self.assertEqual((first.payment_state, second.payment_state), ('paid', 'paid'))

    def test_credit_notes_lower_the_claim(self):
        """DESIGN §6: posted ones of the order; a correction leaves it, and so does one that follows a smaller order."""
        invoice = self.invoice(self.order)
        note = self.credit(invoice)
        self.assertMoney(self.order, credited=0, open=1000)
        note.invoice_line_ids.price_unit = 300
        note.action_post()
        self.assertMoney(self.order, credited=300, open=700)
        self.assertEqual(self.balance(self.order.partner_id), 700)
        with self.assertRefused('is posted'):
            note.with_user(self.finance).k20_claim_stays = True
        note.with_user(self.finance).button_draft()
        self.assertMoney(self.order, credited=0, open=1000)
        note.with_user(self.finance).button_cancel()
        anew = self.credit(invoice, modify=True)
        anew.action_post()
        self.assertMoney(self.order, credited=0, open=1000)
        self.assertEqual(self.balance(self.order.partner_id), 1000)

    def test_a_credit_note_is_paid_out_by_a_refund(self):
        """R087: Odoo's dialog would pass the approval; `return_payment` gives the money back."""
        invoice = self.invoice(self.order)
        self.collect(self.order, 1000)
        note = self.credit(invoice)
        note.invoice_line_ids.price_unit = 300
        note.action_post()
        self.assertMoney(self.order, credited=300, open=-300)
        with self.assertRefused('by an approved refund'):
            self.pay_invoice(note)
        self.refund(self.order, 300, 'return_payment')
        self.assertEqual(note.payment_state, 'paid')
        self.assertMoney(self.order, credited=300, refunded=300, open=0)

    def test_a_bank_statement_settles_no_invoice_of_an_order(self):
        """R200: money that no payment counts."""
        invoice = self.invoice(self.order)
        statement = self.env['account.bank.statement.line'].with_user(self.finance).create({
            'journal_id': self.bank.id, 'amount': 1000, 'date': '2026-03-01', 'payment_ref': "Transfer",
            'partner_id': self.order.partner_id.id,
        })  # fmt: skip
        term = invoice.line_ids.filtered(lambda line: line.display_type == 'payment_term')
        suspense = statement.move_id.line_ids.filtered(lambda line: line.account_id == self.bank.suspense_account_id)
        suspense.account_id = term.account_id
        with self.assertRefused('register a collection'):
            (suspense + term).with_user(self.finance).reconcile()

    def test_online_money_counts_for_its_order(self):
        """R195: kept without anybody's confirmation; above what is open it stays an advance."""
        for amount, order in ((400, self.order), (900, self.env['sale.order'])):
            transaction = self.transact(amount)
            line = self.bank.inbound_payment_method_line_ids[:1]
            payment = transaction._create_payment(payment_method_line_id=line.id)
            self.assertEqual((payment.k20_sale_order_id, payment.move_id.state), (order, 'posted'))
        self.assertMoney(self.order, collected=400, open=600)

    def test_suppliers_money_is_not_touched(self):
        """What is paid to suppliers stands under other rules: confirmed by Odoo's own."""
        values = {**self.values, 'payment_type': 'outbound', 'partner_type': 'supplier', 'k20_sale_order_id': False}
        payment = self.payments().create(values)
        self.finance.k20_function_ids -= self.env.ref('k20_sales.group_k20_confirm_collection')
        payment.with_user(self.finance).action_post()
        payment.with_user(self.finance).action_draft()
        payment.with_user(self.finance).unlink()
        self.assertFalse(payment.exists())
