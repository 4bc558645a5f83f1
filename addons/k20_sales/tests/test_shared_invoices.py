from odoo.tests import tagged

from .common import K20MoneyCase


@tagged('post_install', '-at_install')
class TestSharedInvoices(K20MoneyCase):
    """One invoice over two orders of a customer takes of each one's money that order's share. (R195, R200)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_claim(1000)
        cls.second = cls.make_claim(400, customer=cls.first.partner_id)
        cls.confirm_order(cls.first, cls.second)

    def share(self, part=1.0):
        """Post one invoice over `part` of the first order and all of the second one."""
        invoice = (self.first + self.second).with_user(self.finance)._create_invoices().with_env(self.env)
        line = invoice.invoice_line_ids.filtered(lambda line: line.sale_line_ids.order_id == self.first)
        line.quantity = part
        invoice.action_post()
        self.assertEqual((len(invoice), invoice.amount_total), (1, 1000 * part + 400))
        return invoice

    def test_advances_of_both_settle_it(self):
        """R195: what came in before the invoice, together."""
        self.collect(self.first, 1000)
        self.collect(self.second, 400)
        self.assertEqual(self.share().payment_state, 'paid')
        self.assertEqual(self.balance(self.first.partner_id), 0)

    def test_each_orders_money_settles_its_share(self):
        """R200: what is left of one order's advance waits for that order's next invoice."""
        self.collect(self.first, 1000)
        invoice = self.share(0.6)
        self.assertEqual(invoice.amount_residual, 400)
        self.collect(self.second, 150)
        self.assertEqual(invoice.amount_residual, 250)
        self.assertEqual(self.invoice(self.first).payment_state, 'paid')
        self.collect(self.second, 250)
        self.assertEqual(invoice.payment_state, 'paid')
        self.assertEqual(self.balance(self.first.partner_id), 0)

    def test_money_after_the_invoice(self):
        """R195: in parts and from both sides, until it is paid."""
        invoice = self.share()
        for order, amount, left in (
            (self.first, 700, 700), (self.second, 399.99, 300.01), (self.first, 300, 0.01), (self.second, 0.01, 0),
        ):  # fmt: skip
            self.collect(order, amount)
            self.assertEqual(round(invoice.amount_residual, 2), left)
        self.assertEqual(invoice.payment_state, 'paid')

    def test_matching_by_hand_keeps_to_the_share(self):
        """R200: what is left of the first order's payment pays nothing for the second one."""
        payment = self.collect(self.first, 1000)
        invoice = self.share(0.6)
        line = payment.move_id.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
        invoice.with_user(self.finance).js_assign_outstanding_line(line.id)
        self.assertEqual((invoice.amount_residual, line.amount_residual), (400, -400))

    def test_money_of_both_by_hand_keeps_to_the_shares(self):
        """R200: all marked at once and matched, whichever came first."""
        payments = self.collect(self.first, 1000) + self.collect(self.second, 150)
        invoice = self.share(0.6)
        lines = (invoice + payments.move_id).line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable'
        )
        lines.remove_move_reconcile()
        self.assertEqual(invoice.amount_residual, 1000)
        lines.with_user(self.finance).reconcile()
        left = [sum((move.line_ids & lines).mapped('amount_residual')) for move in (invoice, *payments.move_id)]
        self.assertEqual(left, [250, -400, 0])
        self.collect(self.second, 250)
        self.assertEqual(self.invoice(self.first).payment_state, 'paid')
        self.assertEqual((invoice.payment_state, self.balance(self.first.partner_id)), ('paid', 0))

    def test_a_payment_taken_back_frees_the_share(self):
        """R195: and another one settles it again."""
        payment = self.collect(self.first, 1000)
        invoice = self.share(0.6)
        payment.with_user(self.finance).action_draft()
        self.assertEqual(invoice.amount_residual, 1000)
        payment.with_user(self.finance).action_post()
        self.assertEqual(invoice.amount_residual, 400)

    def test_a_refund_is_credited_once_its_own_share_is_invoiced(self):
        """R087: the other order's lines are nothing to take it from."""
        self.collect(self.first, 1000)
        self.share(0.6)
        refund = self.refund(self.first, 700)
        self.assertFalse(refund.credit_note_id)
        self.invoice(self.first)
        self.assertEqual(refund.credit_note_id.amount_total, 700)

    def test_a_credit_note_over_both_frees_their_money(self):
        """R195: half of it was paid; what was paid is owed to the first order's customer again."""
        self.collect(self.first, 1000)
        invoice = self.share()
        note = self.credit(invoice)
        note.action_post()
        self.assertMoney(self.first, contract=1000, credited=1000, open=-1000)
        self.assertMoney(self.second, contract=400, credited=400, open=0)
        self.assertEqual(self.balance(self.first.partner_id), -1000)
