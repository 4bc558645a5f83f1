from odoo import Command
from odoo.tests import tagged

from odoo.addons.k20_base.tests.common import K20Case


@tagged('post_install', '-at_install')
class TestEmployees(K20Case):
    """Whoever has a role of K20 can enter an expense. (R022)"""

    def test_everybody_with_a_role_is_an_employee(self):
        """R022: made with a role, or given one later, once; without a role nobody."""
        for user in (self.admin, self.manager, self.sales1, self.finance, self.buyer, self.storekeeper):
            self.assertEqual(len(user.employee_ids), 1, user.login)
        self.assertFalse(self.outsider.employee_ids)
        for role in ('salesperson', 'manager'):
            self.outsider.with_user(self.admin).k20_role_ids += self.env.ref(f'k20_base.group_k20_{role}')
            self.assertEqual(len(self.outsider.employee_ids), 1)

    def test_in_the_persons_own_company(self):
        """R022: a person who goes to another company has an employee record there too."""
        self.sales1.write({'company_ids': [Command.link(self.other_company.id)], 'company_id': self.other_company.id})
        both = self.env.company + self.other_company
        user = self.sales1.with_context(allowed_company_ids=both.ids)
        self.assertEqual(user.employee_ids.company_id, both)

    def test_a_salesperson_enters_an_expense_and_finance_sees_it(self):
        """R022: finance sees all expenses, a colleague none."""
        values = {'name': "Taxi", 'employee_id': self.sales1.employee_id.id, 'total_amount_currency': 30}
        expense = self.env['hr.expense'].with_user(self.sales1).create(values)
        for user, seen in ((self.sales1, True), (self.finance, True), (self.admin, True), (self.sales3, False)):
            self.assertEqual(
                bool(self.env['hr.expense'].with_user(user).search([('id', '=', expense.id)])), seen, user.login
            )
