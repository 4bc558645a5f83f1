from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20MoneyCase
from .test_instalments import PlanMakers


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
