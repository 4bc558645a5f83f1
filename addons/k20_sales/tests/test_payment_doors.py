from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import K20MoneyCase


class PaymentCase(K20MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_claim(1000)
        cls.values = {
            'payment_type': 'inbound', 'partner_type': 'customer', 'amount': 100, 'journal_id': cls.bank.id,
            'partner_id': cls.order.partner_id.id,
        }  # fmt: skip

    def make_payment(self, **values):
        return self.env['account.payment'].with_user(self.finance).create({**self.values, **values})

    def make_clerk(self):
        """Make somebody of finance without the function to confirm collections."""
        self.finance.k20_function_ids -= self.env.ref('k20_sales.group_k20_confirm_collection')
        return self.finance


@tagged('post_install', '-at_install', 'k20_thorough')
class TestPaymentDoors(PaymentCase):
    """Each field and each step of a payment that could move money past the rules. (R087, R092, R155, R195, R200)"""

    def test_no_entry_comes_along(self):
        """R092: neither an existing one nor lines of one's own."""
        other = self.collect(self.make_claim(700), 700)
        for forged in ({'move_id': other.move_id.id}, {'line_ids': [Command.create({'name': "x"})]}):
            with self.assertRefused('is made as a draft'):
                self.make_payment(**forged)

    def test_everything_behind_the_entry_is_frozen(self):
        """R200: journal and accounts, of an advance too; and the account of the entry's lines."""
        cash = self.env['account.journal'].search([('type', '=', 'cash')], limit=1)
        account = self.env['account.account'].search([('account_type', '=', 'asset_current')], limit=1)
        receivable = self.env['account.account'].search([('account_type', '=', 'asset_receivable')])[-1:].copy()
        advance = self.make_payment()
        advance.action_post()
        for payment in (self.collect(self.order, 400).with_user(self.finance), advance):
            for name, value in (
                ('amount', 5), ('journal_id', cash.id), ('outstanding_account_id', account.id),
                ('destination_account_id', receivable.id), ('partner_id', self.make_customer().id),
            ):  # fmt: skip
                with self.assertRefused('is confirmed, so its'):
                    payment.write({name: value})
            with self.assertRefused('use Reset to Draft'):
                payment.write({'state': 'draft'})
            for values in ({'account_id': account.id}, {'partner_id': self.make_customer().id}):
                with self.assertRefused('its entry follows'):
                    payment.move_id.line_ids[0].write(values)

    def test_money_on_its_way_counts(self):
        """R195: confirmed, and not found on a bank statement yet, where the bank has an account for that."""
        account = self.env['account.account'].search([('account_type', '=', 'asset_current')], limit=1).copy()
        account.reconcile = True
        self.bank.inbound_payment_method_line_ids.payment_account_id = account
        self.assertEqual(self.collect(self.order, 400).state, 'in_process')
        self.assertMoney(self.order, collected=400, pending=0, open=600)

    def test_an_advance_is_given_by_the_function_alone(self):
        """R155: a draft or a confirmed one, by the button or by writing the order."""
        draft, confirmed = self.make_payment(), self.make_payment()
        confirmed.action_post()
        clerk = self.make_clerk()
        for payment in (draft, confirmed):
            with self.assertRaises(AccessError):
                payment.with_user(clerk).action_k20_give(self.order.id)
        with self.assertRaises(AccessError):
            confirmed.with_user(clerk).k20_sale_order_id = self.order
        self.assertMoney(self.order, collected=0, pending=0)

    def test_sudo_confirms_nothing(self):
        """R155: whoever runs a salesperson's call in sudo does not confirm in their name."""
        payment = self.register(self.order, 10)
        with self.assertRefused('confirmed by finance', AccessError):
            payment.with_user(self.sales1).sudo().action_post()

    def test_what_is_over_is_given_to_nobody(self):
        """R200: a cancelled advance; and a part keeps the advance's day."""
        advance = self.make_payment(date='2026-02-15')
        advance.action_post()
        part = advance.browse(advance.action_k20_give(self.order.id, 40))
        self.assertEqual((str(part.date), str(advance.date), advance.amount), ('2026-02-15', '2026-02-15', 60))
        advance.action_cancel()
        with self.assertRefused('is cancelled or rejected'):
            advance.action_k20_give(self.order.id, 10)

    def test_a_draft_does_not_turn_round(self):
        """R087: money for an order that becomes money to its customer, or grows by its currency."""
        payment = self.make_payment(k20_sale_order_id=self.order.id)
        with self.assertRefused('by an approved refund'):
            payment.payment_type = 'outbound'
        self.collect(self.order, 400)
        usd = self.make_dollars().currency_id
        refund = self.refund(self.order, 100, pay=False)
        with self.assertRefused('no more than it says'):
            refund.payment_id.with_user(self.finance).currency_id = usd

    def test_refunds_hold_to_the_cent(self):
        """R087: the last cent of what was paid back is not taken back."""
        cent = self.collect(self.order, 0.01)
        self.collect(self.order, 100)
        self.refund(self.order, 100.01, 'return_payment')
        with self.assertRefused('would stand at .*100.01 refunded'):
            cent.with_user(self.finance).action_draft()

    def test_limits_hold_to_the_cent(self):
        """R092: one cent more than is open is not confirmed."""
        payment = self.register(self.order, 1000)
        self.order.order_line.price_unit = 999.99
        with self.assertRefused('0.01 more than is open'):
            payment.with_user(self.finance).action_post()

    def test_a_refund_goes_back_where_the_money_came_from(self):
        """R087: to who has paid; out of a journal that takes the order's currency."""
        usd = self.make_dollars().currency_id
        journal = {'name': "Dollar", 'code': 'USD9', 'type': 'bank', 'currency_id': usd.id}
        dollars = self.env['account.journal'].create(journal)
        parent = self.make_customer(owner=self.sales1)
        action = self.order.with_user(self.sales1).action_k20_open_register()
        Wizard = self.env[action['res_model']].with_user(self.sales1).with_context(**action['context'])
        wizard = Wizard.create({
            'partner_id': parent.id, 'currency_id': usd.id, 'journal_id': dollars.id, 'reference': 'FROM-PARENT',
        })  # fmt: skip
        wizard.line_ids.amount = 50
        wizard.action_apply()
        wizard.collection_id.with_user(self.finance).action_confirm()
        self.assertMoney(self.order, collected=400, open=600)
        payment = self.refund(self.order, 100, pay=False).payment_id
        self.assertEqual((payment.partner_id, payment.amount, payment.currency_id.name), (parent, 100, 'CNY'))
        self.assertNotEqual(payment.journal_id, dollars)

    def test_a_refund_is_decided_in_company_currency(self):
        """R087: the flow's minimum, at the day's rate; and what is asked for already can be refunded no more."""
        pricelist = self.make_dollars()
        order = self.make_claim(1000, pricelist_id=pricelist.id)
        self.collect(order, 400)
        refund = self.ask_refund(order, 100)
        self.assertEqual(refund._k20_approval_amount(), 800)
        self.assertEqual(refund.amount_left, 300)

    def test_an_order_with_a_refund_is_not_deleted(self):
        """R192: one that is only asked for, too, is told in a sentence."""
        values = {'order_id': self.order.id, 'amount': 10, 'reason': "x"}
        self.env['k20.order.refund'].with_user(self.sales1).create(values)
        with self.assertRefused('has collections or refunds and stays'):
            self.order.with_user(self.sales1).unlink()

    def test_a_refund_is_not_moved_to_a_colleagues_order(self):
        """R087: neither made there nor taken there."""
        theirs = self.make_claim(10, owner=self.sales3)
        values = {'order_id': self.order.id, 'amount': 10, 'reason': "x"}
        refund = self.env['k20.order.refund'].with_user(self.sales1).create(values)
        with self.assertRaises(AccessError):
            refund.order_id = theirs
        with self.assertRaises(UserError):
            refund.copy({'order_id': theirs.id})


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOnlineMoney(PaymentCase):
    """What a customer pays online. (R195)"""

    def pay(self, *args):
        line = self.bank.inbound_payment_method_line_ids[:1]
        return self.transact(*args)._create_payment(payment_method_line_id=line.id)

    def test_it_settles_the_orders_invoice(self):
        """R195: at once, whoever the customer is."""
        self.confirm_order(self.order)
        invoice = self.invoice(self.order)
        self.pay(400)
        self.assertEqual(invoice.amount_residual, 600)
        self.assertMoney(self.order, collected=400, open=600)

    def test_it_is_compared_in_the_orders_currency(self):
        """R195: 200 dollars are more than 1000 yuan: an advance; a cent above what is open is one, too."""
        usd = self.make_dollars().currency_id
        self.assertFalse(self.pay(200, usd).k20_sale_order_id)
        self.assertFalse(self.pay(1000.01).k20_sale_order_id)
        self.assertEqual(self.pay(100, usd).k20_sale_order_id, self.order)
        self.assertMoney(self.order, collected=800, open=200)

    def test_the_provider_takes_it_back(self):
        """R195: its cancellation needs nobody of finance; the order counts the money no more."""
        transaction = self.transact(400)
        line = self.bank.inbound_payment_method_line_ids[:1]
        payment = transaction._create_payment(payment_method_line_id=line.id)
        self.assertMoney(self.order, collected=400)
        transaction.state = 'cancel'
        transaction._post_process()
        self.assertEqual(payment.state, 'canceled')
        self.assertMoney(self.order, collected=0, open=1000)
