from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import K20SalesCase


class OrderCase(K20SalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)
        cls.order = cls.make_order(cls.customer, cls.sales1)
        cls.product = cls.order.order_line.product_id

    def by(self, user, order=None):
        return (order or self.order).with_user(user)


@tagged('post_install', '-at_install')
class TestSubmission(OrderCase):
    """What it takes to submit an order, and what comes of it. (R191)"""

    def test_approval_confirms_the_order(self):
        """R191: submitted by its salesperson, approved by the administrator, and then it is a sale."""
        self.by(self.sales1).action_k20_submit()
        self.assertEqual((self.order.k20_approval_state, self.order.state), ('submitted', 'draft'))
        self.assertTrue(self.by(self.admin).action_k20_approve())
        self.assertEqual((self.order.k20_approval_state, self.order.state), ('approved', 'sale'))
        self.assertEqual(self.order.k20_deal_date, self.order.company_id._k20_today())
        self.assertEqual(self.order.order_line.k20_deal_date, self.order.k20_deal_date)
        self.assertEqual(self.order.order_line.k20_team_id, self.order.team_id)

    def test_nobody_else_submits_or_approves(self):
        """R191, R192: not a colleague, finance or stock; nor does the requester approve."""
        self.order.opportunity_id = self.make_lead(self.customer, self.sales1)
        with self.assertRefused(".", AccessError):
            self.by(self.sales2).action_k20_submit()
        for user in (self.finance, self.storekeeper):
            with self.assertRefused("by their salesperson", AccessError):
                self.by(user).action_k20_submit()
        self.by(self.manager).action_k20_submit()
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRefused("."):
                self.by(user).action_k20_approve()
        self.assertEqual(self.order.k20_approval_state, 'submitted')

    def test_who_approves_need_not_be_allowed_to_change(self):
        """R191: a flow may name somebody who only reads orders; the yes confirms the order all the same."""
        readers = ('account.group_account_readonly', 'k20_base.group_k20_all_customers')
        self.outsider.group_ids += self.env.ref(readers[0]) + self.env.ref(readers[1])
        self.env['k20.approval.flow'].create({
            'name': "Auditor",
            'sequence': 1,
            'model_id': self.env['ir.model']._get_id('sale.order'),
            'step_ids': [
                Command.create({
                    'name': "Auditor",
                    'approver_kind': 'users',
                    'user_ids': [Command.set(self.outsider.ids)],
                })
            ],
        })  # fmt: skip
        self.by(self.sales1).action_k20_submit()
        self.assertFalse(self.by(self.outsider).has_access('write'))
        self.by(self.outsider).action_k20_approve()
        self.assertEqual((self.order.k20_approval_state, self.order.state), ('approved', 'sale'))

    def test_incomplete_orders_are_not_submitted(self):
        """R191: lines, products, an order type, not cancelled: whoever submits is told."""
        empty = self.make_order(self.customer, self.sales1, order_line=[])
        free = [Command.create({'name': "Free text", 'price_unit': 5})]
        without = self.make_order(self.customer, self.sales1, order_line=free)
        untyped = self.make_order(self.customer, self.sales1, k20_order_type_id=False)
        cancelled = self.make_order(self.customer, self.sales1)
        self.by(self.sales1, cancelled).action_cancel()
        for order, message in (
            (empty, "has no line"),
            (without, "no product"),
            (untyped, "order type"),
            (cancelled, "is cancelled"),
        ):
            with self.assertRefused(message):
                self.by(self.sales1, order).action_k20_submit()
            self.assertEqual(order.k20_approval_state, 'draft')
            self.assertFalse(order.opportunity_id)

    def test_an_order_without_project_gets_one(self):
        """DESIGN §6: made from the order when it is submitted; one that is there stays."""
        self.assertFalse(self.order.opportunity_id)
        self.by(self.sales1).action_k20_submit()
        project = self.order.opportunity_id
        self.assertEqual(
            (project.partner_id, project.user_id, project.type), (self.customer, self.sales1, 'opportunity')
        )
        lead = self.make_lead(self.customer, self.sales1)
        other = self.make_order(self.customer, self.sales1, opportunity_id=lead.id)
        self.by(self.sales1, other).action_k20_submit()
        self.assertEqual(other.opportunity_id, lead)

    def test_the_inbox_says_what_is_decided(self):
        """R158: customer, project and amount in one line."""
        self.by(self.sales1).action_k20_submit()
        summary = self.order._k20_open_tasks().with_user(self.admin).summary
        for text in (self.customer.name, self.order.opportunity_id.name, '113.00'):
            self.assertIn(text, summary)

    def test_the_minimum_of_a_flow_is_in_company_currency(self):
        """R158: an order in a foreign currency is compared at its rate."""
        usd = self.env.ref('base.USD')
        usd.active = True
        self.env['res.currency.rate'].create({'currency_id': usd.id, 'rate': 0.125, 'name': '2020-01-01'})
        pricelist = self.env['product.pricelist'].create({'name': "USD", 'currency_id': usd.id})
        order = self.make_order(self.customer, self.sales1, pricelist_id=pricelist.id)
        order.order_line.tax_ids = False
        self.assertEqual(order.amount_total, 100)
        self.assertEqual(order._k20_approval_amount(), 800)


@tagged('post_install', '-at_install')
class TestGate(OrderCase):
    """Every door to a sale, tried without approval: by its salesperson, the administrator and the system. (R191)"""

    def everybody(self):
        return (self.sales1, self.admin, self.env.ref('base.user_root'))

    def assertNoSale(self, message, act):
        sales = self.env['sale.order'].search_count([('state', '=', 'sale')])
        with self.assertRefused(message, UserError):
            act()
        self.assertEqual(self.env['sale.order'].search_count([('state', '=', 'sale')]), sales)

    def test_buttons_and_writes(self):
        """R191: confirm, state written, by attribute and in sudo; also while submitted."""
        for submitted in (False, True):
            if submitted:
                self.by(self.sales1).action_k20_submit()
            for user in self.everybody():
                order = self.by(user)
                for target in (order, order.sudo()):
                    self.assertNoSale("not approved", target.action_confirm)
                    self.assertNoSale("not approved|by its buttons", lambda t=target: t.write({'state': 'sale'}))
                    self.assertNoSale("not approved|by its buttons", lambda t=target: setattr(t, 'state', 'sale'))

    def test_new_orders(self):
        """R191: created, by default in the context, copied, imported as a sale."""
        values = {'partner_id': self.customer.id}
        for user in self.everybody():
            Order = self.env['sale.order'].with_user(user)
            self.assertNoSale("not approved", lambda o=Order: o.create({**values, 'state': 'sale'}))
            self.assertNoSale("not approved", lambda o=Order: o.with_context(default_state='sale').create(dict(values)))
            self.assertNoSale("not approved", lambda: self.by(user).copy({'state': 'sale'}))  # noqa: B023
            result = Order.load(['partner_id/.id', 'state'], [[str(self.customer.id), 'sale']])
            self.assertFalse(result['ids'])
            self.assertIn("not approved", result['messages'][0]['message'])

    def test_forged_approvals(self):
        """R191: who could write the approval's state would need no other door."""
        for user in self.everybody():
            order = self.by(user)
            for values in ({'k20_approval_state': 'approved'}, {'k20_approval_state': 'approved', 'state': 'sale'}):
                self.assertNoSale("its buttons", lambda o=order, v=values: o.write(v))
                self.assertNoSale("its buttons", lambda o=order, v=values: o.copy(v))
        forged = self.by(self.sales1).with_context(default_k20_approval_state='approved').copy()
        self.assertEqual(forged.k20_approval_state, 'draft')

    def test_a_copy_of_an_approved_order_is_a_quotation(self):
        """R191: the approval is not copied."""
        self.approve(self.order)
        copy = self.by(self.sales1).copy()
        self.assertEqual((copy.state, copy.k20_approval_state, copy.k20_deal_date), ('draft', 'draft', False))
        self.assertNoSale("not approved", copy.action_confirm)

    def test_an_approved_order_is_no_quotation_again_by_hand(self):
        """R193: or the administrator would confirm other lines under the old approval."""
        self.approve(self.order)
        for user in self.everybody():
            for state in ('draft', 'sent', 'cancel'):
                with self.assertRefused("by its buttons"):
                    self.by(user).write({'state': state})
        self.assertEqual(self.order.state, 'sale')

    def test_a_quotation_is_sent_before_and_during_approval(self):
        """R191: sending is no confirmation; the customer may have it while the approval is waited for."""
        self.by(self.sales1).action_k20_submit()
        self.assertTrue(self.by(self.sales1).action_quotation_sent())
        self.assertEqual(self.order.state, 'sent')
        self.by(self.admin).action_k20_approve()
        self.assertEqual(self.order.state, 'sale')

    def test_online_payment_submits(self):
        """R191: paid in full online, the order waits; the payment is kept, and its salesperson's name stands on it."""
        transaction = self.pay(self.order)
        self.assertEqual((self.order.state, self.order.k20_approval_state), ('draft', 'submitted'))
        self.assertEqual(self.order.k20_requester_id, self.sales1)
        self.assertEqual(transaction.sale_order_ids, self.order)
        self.by(self.admin).action_k20_approve()
        self.assertEqual(self.order.state, 'sale')

    def test_online_payment_never_fails(self):
        """R191: what cannot be submitted, an order without type or salesperson, is told to who looks after it."""
        self.order.k20_order_type_id = False
        nobody = self.make_order(self.make_customer(), None)
        for order in (self.order, nobody):
            self.pay(order)
            self.assertEqual((order.state, order.k20_approval_state), ('draft', 'draft'))
        self.assertEqual(self.order.activity_ids.user_id, self.sales1)
        self.assertIn("order type", self.order.activity_ids.note)
        self.assertIn("paid online", nobody.message_ids[0].body)

    def test_a_small_payment_submits_nothing(self):
        """R191: Odoo's own required amount holds."""
        self.order.write({'require_payment': True, 'prepayment_percent': 0.5})
        self.pay(self.order, 10)
        self.assertEqual(self.order.k20_approval_state, 'draft')
        self.pay(self.order, 60)
        self.assertEqual(self.order.k20_approval_state, 'submitted')

    def pay(self, order, amount=None):
        provider = self.env['payment.provider'].search([('code', '=', 'custom')], limit=1) or self.env[
            'payment.provider'
        ].search([], limit=1)
        transaction = self.env['payment.transaction'].create({
            'provider_id': provider.id,
            'payment_method_id': self.env.ref('payment.payment_method_unknown').id,
            'reference': f'T{order.id}-{amount}',
            'amount': amount or order.amount_total,
            'currency_id': order.currency_id.id,
            'partner_id': order.partner_id.id,
            'sale_order_ids': [Command.set(order.ids)],
            'state': 'done',
        })  # fmt: skip
        self.assertFalse(
            transaction.with_user(self.env.ref('base.public_user')).sudo()._check_amount_and_confirm_order()
        )
        return transaction
