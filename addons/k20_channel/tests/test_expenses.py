from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.k20_sales.tests.common import K20SalesCase


@tagged('post_install', '-at_install')
class TestExpenses(K20SalesCase):
    """What is spent for an order is charged on to its customer. (R086)"""

    def test_an_expense_goes_onto_its_order_until_it_is_completed(self):
        """R086, R193: finance posts it onto the approved order, which nobody else changes; a completed one refuses."""
        order = self.approve(self.make_order(self.make_customer(owner=self.sales1), self.sales1))
        posted = self.spend(order)
        self.assertEqual((order.order_line[1:].product_id, order.amount_untaxed), (posted.product_id, 130))
        order.with_user(self.admin).action_k20_complete("Done")
        with self.assertRefused("is completed"):
            self.spend(order)

    def test_none_goes_onto_an_order_unseen(self):
        """R085, R157: a colleague's is no order to charge to, and its name is not told."""
        order = self.make_order(self.make_customer(owner=self.sales1), self.sales1)
        Expense = self.env['hr.expense'].with_user(self.sales3)
        values = {'name': "Taxi", 'employee_id': self.sales3.employee_id.id, 'total_amount_currency': 30}
        expense = Expense.create(dict(values))
        with self.assertRefused(".", AccessError):
            Expense.create({**values, 'sale_order_id': order.id})
        with self.assertRefused(".", AccessError):
            expense.sale_order_id = order

    def spend(self, order):
        """Have the company pay 30 for `order`; return the expense, posted by finance."""
        taxi = self.make_product(type='service', can_be_expensed=True, expense_policy='cost', standard_price=30)
        taxi.supplier_taxes_id = taxi.taxes_id = False
        plan = self.env['account.analytic.plan'].search([], limit=1) or self.env['account.analytic.plan'].create(
            {'name': "Orders"}
        )
        account = self.env['account.analytic.account'].create({'name': order.name, 'plan_id': plan.id})
        expense = self.env['hr.expense'].create({
            'name': "Taxi", 'product_id': taxi.id, 'employee_id': self.sales1.employee_id.id, 'quantity': 1,
            'payment_mode': 'company_account', 'sale_order_id': order.id,
            'analytic_distribution': {account.id: 100},
        })  # fmt: skip
        expense.action_submit()
        expense.action_approve()
        expense.with_user(self.finance).action_post()
        return expense
