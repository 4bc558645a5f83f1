from odoo.tests import tagged

from .common import K20MoneyCase


class MoneyNoticesCase(K20MoneyCase):
    """Reads what people were told of money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_claim(1000)
        cls.env.cr.precommit.clear()

    def told(self):
        """Return {(login, document)} of what was told since the last call, and the texts in `self.texts`."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        documents = ('sale.order', 'k20.order.refund')
        news = self.env['mail.message'].search([
            ('model', 'in', documents), ('message_type', '=', 'user_notification'), ('subject', '!=', False),
            ('id', 'not in', getattr(self, 'known', ())),
        ])  # fmt: skip
        self.known = [*getattr(self, 'known', ()), *news.ids]
        self.texts = ' '.join(news.mapped('body'))
        return sorted((message.notified_partner_ids.user_ids.login, message.model, message.res_id) for message in news)


@tagged('post_install', '-at_install')
class TestMoneyNotices(MoneyNoticesCase):
    """Who waits for money hears in the app what becomes of it. (R092; DESIGN §9)"""

    def test_the_salesperson_hears_of_a_confirmation(self):
        """R092: once, with the amount and who did it; a reset says nothing, a rejection and a cancellation do."""
        payment = self.register(self.order, 400).with_user(self.finance)
        self.told()
        mine = [(self.sales1.login, 'sale.order', self.order.id)]
        for act, told, text in (
            ('action_post', mine, f'400.00 confirmed by {self.finance.name}'),
            ('action_draft', [], ''),
            ('action_post', mine, 'confirmed'),
            ('action_reject', mine, 'rejected'),
            ('action_draft', [], ''),
            ('action_cancel', mine, 'cancelled'),
        ):
            getattr(payment, act)()
            self.assertEqual(self.told(), told, act)
            self.assertIn(text, self.texts.replace('\u00a0', ' '), act)

    def test_nobody_hears_of_what_they_did_themselves(self):
        """R092: who registered hears of it, where somebody else confirms."""
        payment = self.register(self.order, 400, user=self.manager)
        self.told()
        payment.with_user(self.finance).action_post()
        both = [(user.login, 'sale.order', self.order.id) for user in (self.sales1, self.manager)]
        self.assertEqual(self.told(), sorted(both))
        own = self.register(self.order, 100, user=self.finance)
        own.with_user(self.finance).action_post()
        self.assertEqual(self.told(), [(self.sales1.login, 'sale.order', self.order.id)])
        self.register(self.make_claim(100, owner=self.admin), 100).with_user(self.admin).action_post()
        self.assertEqual(self.told(), [])

    def test_nobody_hears_of_what_they_may_not_see(self):
        """R157: who registered, and does not see the order any more."""
        payment = self.register(self.order, 400, user=self.manager)
        self.order.partner_id.user_id = self.sales3
        self.order.user_id = self.sales3
        self.told()
        payment.with_user(self.finance).action_post()
        self.assertEqual(self.told(), [(self.sales3.login, 'sale.order', self.order.id)])

    def test_whoever_asked_for_a_refund_hears_of_its_payment(self):
        """R087: and the order's salesperson; on the refund."""
        self.collect(self.order, 400)
        refund = self.refund(self.order, 100, pay=False)
        other = self.ask_refund(self.order, 50, user=self.manager)
        other.with_user(self.admin).action_k20_approve()
        self.told()
        (refund + other).payment_id.with_user(self.finance).action_post()
        told = [(self.sales1.login, 'k20.order.refund', each.id) for each in refund + other]
        self.assertEqual(self.told(), sorted([*told, (self.manager.login, 'k20.order.refund', other.id)]))
        self.assertIn('100.00 paid', self.texts.replace('\u00a0', ' '))

    def test_a_payment_by_the_invoice_is_told_once(self):
        """R092: Odoo's own dialog makes and confirms it in one go."""
        self.confirm_order(self.order)
        invoice = self.invoice(self.order)
        self.told()
        self.pay_invoice(invoice, 300)
        self.assertEqual(self.told(), [(self.sales1.login, 'sale.order', self.order.id)])


@tagged('post_install', '-at_install', 'k20_thorough')
class TestManyMoneyNotices(MoneyNoticesCase):
    """Many at once. (R092)"""

    def test_many_at_once_are_told_in_a_few_statements(self):
        """R092: what is told of thirty payments costs hardly more statements than of ten."""
        costs = {}
        for count in (5, 10, 30):  # the first one fills what is cached for all
            orders = [self.make_claim(100, customer=self.order.partner_id) for _number in range(count)]
            payments = self.env['account.payment'].union(*(self.register(order, 10) for order in orders))
            self.told()
            payments.with_user(self.finance).action_post()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            costs[count] = self.env.cr.sql_log_count - before
            self.assertEqual(len(self.told()), count)
        self.assertLessEqual(costs[30] - costs[10], 10, costs)
