from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.k20_base.tools.opening import opened

from .common import K20MoneyCase


@tagged('post_install', '-at_install')
class TestRefunds(K20MoneyCase):
    """Money goes back: asked for, approved, paid; never more than came in. (R087)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_claim(1000)

    def test_credit_ends_the_claim(self):
        """R087: nothing is owed again; before an invoice no credit note is made."""
        self.collect(self.order, 1000)
        refund = self.ask_refund(self.order, 300)
        self.assertMoney(self.order, credited=0, refunded=0, refund_pending=300, open=0)
        refund.with_user(self.admin).action_k20_approve()
        self.assertEqual((refund.payment_id.state, refund.payment_id.payment_type), ('draft', 'outbound'))
        self.assertMoney(self.order, credited=300, refunded=0, refund_pending=300, open=-300)
        refund.payment_id.with_user(self.finance).action_post()
        self.assertMoney(
            self.order, contract=1000, credited=300, collected=1000, refunded=300, refund_pending=0, open=0
        )
        self.assertFalse(refund.credit_note_id)
        self.assertEqual(self.balance(self.order.partner_id), -700)

    def test_a_new_one_is_a_draft(self):
        """R087: or the form would offer no Submit; whatever the context says."""
        Refund = self.env['k20.order.refund'].with_user(self.sales1)
        Refund = Refund.with_context(default_k20_approval_state='approved', default_order_id=self.order.id)
        defaults = Refund.default_get(['k20_approval_state', 'order_id', 'kind'])
        self.assertEqual(defaults, {'k20_approval_state': 'draft', 'order_id': self.order.id, 'kind': 'credit'})

    def test_the_payment_says_how_it_stands(self):
        """R092: in the words of who registers and confirms."""
        payment = self.register(self.order, 400)
        self.assertEqual(payment.k20_status, 'waiting')
        payment.with_user(self.finance).action_post()
        self.assertEqual(payment.k20_status, 'confirmed')
        payment.with_user(self.finance).action_cancel()
        self.assertEqual(payment.k20_status, 'cancelled')

    def test_return_payment_leaves_the_claim(self):
        """R087: the money goes back and is to be collected again."""
        self.collect(self.order, 400)
        self.refund(self.order, 400, 'return_payment')
        self.assertMoney(self.order, contract=1000, credited=0, collected=400, refunded=400, open=1000)
        self.assertEqual(self.balance(self.order.partner_id), 0)
        self.collect(self.order, 1000)
        self.assertMoney(self.order, collected=1400, refunded=400, open=0)

    def test_credit_note_where_invoiced(self):
        """R087: over exactly the amount, with the order's taxes; nothing is offered to be invoiced again."""
        tax = self.env['account.tax'].search([('type_tax_use', '=', 'sale'), ('amount', '=', 13)], limit=1)
        self.order.order_line.tax_ids = tax
        self.confirm_order(self.order)
        self.assertEqual(self.order.amount_total, 1130)
        self.collect(self.order, 1130)
        invoice = self.invoice(self.order)
        self.assertEqual(invoice.payment_state, 'paid')
        refund = self.refund(self.order, 100, pay=False)
        note = refund.credit_note_id
        self.assertEqual((note.move_type, note.state, note.amount_total), ('out_refund', 'posted', 100))
        self.assertEqual((note.amount_untaxed, note.amount_tax), (88.5, 11.5))
        self.assertEqual((note.amount_residual, self.order.invoice_status), (100, 'invoiced'))
        refund.payment_id.with_user(self.finance).action_post()
        self.assertEqual(note.payment_state, 'paid')
        self.assertMoney(self.order, credited=100, collected=1130, refunded=100, open=0)
        self.assertEqual(self.balance(self.order.partner_id), 0)

    def test_credit_before_the_invoice_makes_its_note_later(self):
        """R087, R195: the invoice over the whole order comes after the refund; both come out even."""
        self.confirm_order(self.order)
        self.collect(self.order, 1000)
        refund = self.refund(self.order, 300)
        self.assertFalse(refund.credit_note_id)
        invoice = self.invoice(self.order)
        self.assertEqual(refund.credit_note_id.amount_total, 300)
        self.assertEqual((invoice.amount_residual, refund.credit_note_id.amount_residual), (0, 0))
        self.assertEqual(self.balance(self.order.partner_id), 0)
        self.assertMoney(self.order, credited=300, open=0)

    def test_the_credit_note_is_kept_for_its_payment(self):
        """R087: it does not settle the rest of the invoice, which is still owed."""
        self.confirm_order(self.order)
        self.collect(self.order, 500)
        invoice = self.invoice(self.order)
        refund = self.refund(self.order, 300, pay=False)
        self.assertEqual((invoice.amount_residual, refund.credit_note_id.amount_residual), (500, 300))
        refund.payment_id.with_user(self.finance).action_post()
        self.assertEqual((invoice.amount_residual, refund.credit_note_id.amount_residual), (500, 0))
        self.assertMoney(self.order, credited=300, open=500)
        self.assertEqual(self.balance(self.order.partner_id), 500)

    def test_never_more_than_collected(self):
        """R087: pending requests count; zero, below, and nothing collected are refused."""
        with self.assertRefused('has collected nothing'):
            self.ask_refund(self.order, 1)
        self.register(self.order, 500)
        with self.assertRefused('has collected nothing'):
            self.ask_refund(self.order, 1)
        self.collect(self.order, 400)
        for amount in (0, -5):
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):  # a client gets the sentence
                self.ask_refund(self.order, amount)
        with self.assertRefused('400.00 can be refunded'):
            self.ask_refund(self.order, 400.01)
        first = self.ask_refund(self.order, 300)
        with self.assertRefused('100.00 can be refunded'):
            self.ask_refund(self.order, 200)
        second = self.ask_refund(self.order, 100)
        first.with_user(self.admin).action_k20_reject("No")
        third = self.ask_refund(self.order, 300)
        for refund in second + third:
            refund.with_user(self.admin).action_k20_approve()
            refund.payment_id.with_user(self.finance).action_post()
        self.assertMoney(self.order, collected=400, refunded=400, credited=400, open=600)

    def test_limits_hold_when_granted_and_when_paid(self):
        """R087: a collection was taken back since the refund was asked for."""
        payment = self.collect(self.order, 400)
        asked = self.ask_refund(self.order, 100)
        granted = self.refund(self.order, 300, pay=False)
        payment.with_user(self.finance).action_draft()
        with self.assertRefused('has collected nothing'):
            asked.with_user(self.admin).action_k20_approve()
        with self.assertRefused('would stand at .*300.00 refunded and .*0.00 collected'):
            granted.payment_id.with_user(self.finance).action_post()
        payment.with_user(self.finance).action_post()
        granted.payment_id.with_user(self.finance).action_post()
        for action in ('action_draft', 'action_cancel', 'action_reject'):
            with self.assertRefused('would stand at .*300.00 refunded'):
                getattr(payment.with_user(self.finance), action)()
        self.assertMoney(self.order, collected=400, refunded=300)

    def test_money_goes_out_by_a_refund_only(self):
        """R087, R092: no payment by hand, none above what was approved, none for another order."""
        self.collect(self.order, 400)
        values = {
            'payment_type': 'outbound', 'partner_type': 'customer', 'amount': 10, 'journal_id': self.bank.id,
            'partner_id': self.order.partner_id.id, 'k20_sale_order_id': self.order.id,
        }  # fmt: skip
        Payment = self.env['account.payment'].with_user(self.finance)
        with self.assertRefused('by an approved refund'):
            Payment.create(values)
        unlinked = Payment.create({**values, 'k20_sale_order_id': False})
        with self.assertRefused('by an approved refund'):
            unlinked.k20_sale_order_id = self.order
        refund = self.refund(self.order, 100, pay=False)
        payment = refund.payment_id.with_user(self.finance)
        with self.assertRefused('no more than it says'):
            payment.amount = 101
        with self.assertRefused('by an approved refund'):
            payment.k20_sale_order_id = self.make_claim(10)
        payment.amount = 60
        payment.action_post()
        self.assertMoney(self.order, refunded=60)

    def test_outcome_is_not_asked_for(self):
        """R087: payment and credit note are made by the grant."""
        payment = self.collect(self.order, 400)
        Refund = self.env['k20.order.refund'].with_user(self.sales1)
        values = {'order_id': self.order.id, 'amount': 10, 'reason': "x"}
        usd = self.env.ref('base.USD')
        for name, value in (
            ('payment_id', payment.id), ('cancelled', True), ('currency_id', usd.id),
            ('k20_approval_state', 'approved'),
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                Refund.create({**values, name: value})
        forged = {'default_payment_id': payment.id, 'default_currency_id': usd.id, 'default_cancelled': True}
        refund = Refund.with_context(**forged).create(dict(values))
        self.assertEqual((refund.payment_id.id, refund.cancelled), (False, False))
        self.assertEqual(refund.currency_id, self.order.currency_id)
        with self.assertRaises(AccessError):
            refund.payment_id = payment
        with self.assertRaises(AccessError):
            Refund.with_user(self.sales3).create(dict(values))
        with self.assertRefused('say why'):
            Refund.create({**values, 'reason': ' '}).action_k20_submit()

    def test_an_approved_refund_stays(self):
        """R087, R193: locked for all; the administrator takes it back before it is paid."""
        self.confirm_order(self.order)
        self.collect(self.order, 1000)
        self.invoice(self.order)
        refund = self.refund(self.order, 200, pay=False)
        note = refund.credit_note_id
        for user, error in ((self.sales1, UserError), (self.admin, UserError)):
            with self.assertRaises(error):
                refund.with_user(user).amount = 5
            with self.assertRaises(error):
                refund.with_user(user).unlink()
        for action in ('button_draft', 'button_cancel'):
            with self.assertRefused('belongs to refund'):
                getattr(note.with_user(self.finance), action)()
        with self.assertRaises(AccessError):
            refund.with_user(self.sales1).action_k20_cancel()
        refund.payment_id.with_user(self.finance).action_post()
        with self.assertRefused('is paid'):
            refund.with_user(self.admin).action_k20_cancel()
        refund.payment_id.with_user(self.finance).action_draft()
        refund.with_user(self.admin).action_k20_cancel()
        self.assertEqual((refund.payment_id.state, note.state, refund.cancelled), ('canceled', 'cancel', True))
        self.assertMoney(self.order, credited=0, refunded=0, refund_pending=0, open=0)
        with self.assertRefused('approved refund'):
            refund.payment_id.with_user(self.finance).action_draft()
            refund.payment_id.with_user(self.finance).action_post()

    def test_a_cancelled_order_gives_its_money_back(self):
        """R195: what it collected is to be refunded, whatever was credited before."""
        self.collect(self.order, 600)
        self.refund(self.order, 100)
        self.order.action_cancel()
        self.assertMoney(self.order, contract=0, credited=0, collected=600, refunded=100, open=-500)
        self.refund(self.order, 500)
        self.assertMoney(self.order, contract=0, collected=600, refunded=600, open=0)
        self.assertTrue(self.order._k20_is_settled())
        self.assertEqual(self.balance(self.order.partner_id), 0)

    def test_the_button_leads_to_the_first_refund_or_to_those_there_are(self):
        """R087: nobody gets an empty list to press New in."""
        self.confirm_order(self.order)
        self.collect(self.order, 1000)
        order = self.order.with_user(self.sales1)
        self.assertEqual(order.action_k20_open_refunds()['views'], [(False, 'form')])
        self.ask_refund(self.order, 10)
        action = order.action_k20_open_refunds()
        self.assertEqual(action['views'][0][1], 'list')
        self.assertEqual(action['context'], {'default_order_id': order.id})

    def test_a_completed_order_gives_nothing_back(self):
        """R086, R087: neither asked for, submitted nor granted; it is reopened first."""
        self.confirm_order(self.order)
        self.collect(self.order, 1000)
        Refund = self.env['k20.order.refund'].with_user(self.sales1)
        values = {'order_id': self.order.id, 'amount': 10, 'reason': "Returned"}
        draft, asked = Refund.create(dict(values)), self.ask_refund(self.order, 10)
        other = Refund.create({**values, 'order_id': self.make_claim(10).id})
        with opened(self.order):
            self.order.k20_completed = True
        for ask in (
            self.order.with_user(self.sales1).action_k20_open_refunds,
            lambda: Refund.create(dict(values)),
            lambda: other.write({'order_id': self.order.id}),
            draft.action_k20_submit,
            asked.with_user(self.admin).action_k20_approve,
        ):
            with self.assertRefused('is completed: the administrator reopens it'):
                ask()
        self.order.with_user(self.admin).action_k20_reopen()
        self.assertTrue(draft.action_k20_submit())

    def test_no_completion_while_a_refund_is_open(self):
        """R086, R087: not asked for, nor granted and unpaid; whoever completes, and with whatever reason."""
        self.confirm_order(self.order)
        self.collect(self.order, 1000)
        order = self.order.with_user(self.admin)
        refund = self.ask_refund(self.order, 300)
        with self.assertRefused('refunds of .*300.00 asked for and not paid'):
            order.action_k20_complete("Done")
        refund.with_user(self.admin).action_k20_approve()
        with self.assertRefused('refunds of .*300.00 asked for and not paid'):
            order.action_k20_complete("Done")
        refund.payment_id.with_user(self.finance).action_post()
        self.ask_refund(self.order, 5).with_user(self.admin).action_k20_reject("No")
        self.assertTrue(order.action_k20_complete("Done"))

    def test_fully_refunded(self):
        """DESIGN §3, R197: an order whose sale is undone is no deal; one that is still owed is."""
        self.collect(self.order, 1000)
        self.assertFalse(self.order._k20_is_fully_refunded())
        self.refund(self.order, 400)
        self.assertFalse(self.order._k20_is_fully_refunded())
        self.refund(self.order, 600)
        self.assertTrue(self.order._k20_is_fully_refunded())
        other = self.make_claim(1000)
        self.collect(other, 300)
        self.refund(other, 300, 'return_payment')
        self.assertFalse(other._k20_is_fully_refunded())

    def test_no_way_to_an_order_unseen(self):
        """R022, R087: neither asked for nor moved to the order of a colleague's customer."""
        Refund = self.env['k20.order.refund'].with_user(self.sales3)
        values = {'order_id': self.make_claim(10, self.sales3).id, 'amount': 10, 'reason': "Returned"}
        refund = Refund.create(dict(values))
        with self.assertRaises(AccessError):
            Refund.create({**values, 'order_id': self.order.id})
        with self.assertRaises(AccessError):
            refund.order_id = self.order

    def test_no_way_to_another_companys_order(self):
        """R022, R087: neither asked for nor moved there, by who sees all customers and works in this company only."""
        branch = self.env['res.company'].create({'name': "Branch"})
        customer = self.make_customer(company_id=branch.id)
        other = self.make_claim(10, customer=customer, company_id=branch.id)
        for user in (self.finance, self.admin):
            Refund = self.env['k20.order.refund'].with_user(user)
            values = {'order_id': self.order.id, 'amount': 10, 'reason': "Returned"}
            refund = Refund.create(dict(values))
            with self.assertRaises(AccessError):
                Refund.create({**values, 'order_id': other.id})
            with self.assertRaises(AccessError):
                refund.order_id = other
            self.assertEqual(refund.order_id, self.order)

    def test_what_is_given_back_whole_is_no_deal(self):
        """R197: the customer has not bought then, and has again once it is paid anew."""
        self.confirm_order(self.order)
        customer = self.order.partner_id
        self.collect(self.order, 1000)
        self.refund(self.order, 400, 'return_payment')
        self.assertEqual((self.order.k20_is_deal, customer.k20_deal_count), (True, 1))
        self.refund(self.order, 600, 'return_payment')
        self.assertEqual((self.order.k20_is_deal, customer.k20_deal_count), (False, 0))
        self.assertFalse(customer.k20_last_deal_date or customer.k20_deal_amount)
        self.collect(self.order, 300)
        self.assertEqual((self.order.k20_is_deal, customer.k20_deal_count), (True, 1))

    def test_less_than_the_contract_given_back_is_a_deal(self):
        """R197: the first instalment given back leaves an order that is still owed; the whole claim credited none."""
        self.confirm_order(self.order)
        self.collect(self.order, 300)
        self.refund(self.order, 300, 'return_payment')
        self.assertTrue(self.order.k20_is_deal)
        self.credit(self.invoice(self.order)).action_post()
        self.assertMoney(self.order, credited=1000, open=0)
        self.assertFalse(self.order.k20_is_deal)
