from hypothesis import given
from hypothesis import strategies as st
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.k20_base.tests.common import profile

from ..tools.instalments import fill, split
from .common import K20MoneyCase


class PlanMakers:
    """Makers of orders with instalments; days are told from today."""

    def day(self, days):
        return Date.add(self.env.company._k20_today(), days=days)

    def make_planned(self, *plan, total=1000, **values):
        """Make a quotation with instalments of (days from today, amount)."""
        commands = [Command.create({'due_date': self.day(days), 'amount': amount}) for days, amount in plan]
        return self.make_claim(total, k20_instalment_ids=commands, **values)

    def paid(self, order):
        return order.k20_instalment_ids.sorted('due_date').mapped('paid_amount')


@tagged('post_install', '-at_install', 'k20_thorough')
class TestInstalmentArithmetic(K20MoneyCase):
    """The plain arithmetic, cent by cent."""

    @given(st.lists(st.integers(1, 300), max_size=6), st.integers(-50, 1000))
    @profile
    def test_each_cent_goes_to_the_oldest_that_is_not_full(self, amounts, paid):
        expected = [0] * len(amounts)
        for _cent in range(max(paid, 0)):
            for place, amount in enumerate(amounts):
                if expected[place] < amount:
                    expected[place] += 1
                    break
        self.assertEqual(fill(amounts, paid), expected)

    @given(st.integers(1, 10**7), st.lists(st.integers(1, 100), min_size=1, max_size=8))
    @profile
    def test_a_split_adds_up_to_the_cent(self, cents, weights):
        parts = split(cents / 100, weights, lambda amount: round(amount, 2))
        self.assertEqual(sum(round(part * 100) for part in parts), cents)
        self.assertEqual(len(parts), len(weights))


@tagged('post_install', '-at_install')
class TestInstalments(PlanMakers, K20MoneyCase):
    """The plan of an order's money (回款计划). (R091)"""

    def test_money_fills_the_oldest_first(self):
        order = self.make_planned((20, 300), (-5, 200), (40, 500))
        self.approve(order)
        self.assertEqual(self.paid(order), [0, 0, 0])
        first = self.collect(order, 150)
        self.assertEqual(self.paid(order), [150, 0, 0])
        self.collect(order, 250)
        self.assertEqual(self.paid(order), [200, 200, 0])
        self.refund(order, 100, kind='return_payment')
        self.assertEqual(self.paid(order), [200, 100, 0])
        self.refund(order, 50)  # given back and owed no more: nothing changes
        self.assertEqual(self.paid(order), [200, 100, 0])
        self.assertEqual(sum(order.k20_instalment_ids.mapped('open_amount')), order.k20_amount_open)
        first.with_user(self.finance).action_draft()
        self.assertEqual(self.paid(order), [150, 0, 0])

    def test_states_go_by_the_day_and_can_be_searched(self):
        order = self.make_planned((-5, 200), (0, 300), (9, 500))
        self.assertEqual(order.k20_instalment_ids.mapped('state'), ['open'] * 3)
        self.assertFalse(order.k20_instalment_ids.search([('order_id', '=', order.id), ('state', '=', 'overdue')]))
        self.approve(order)
        late, today, later = order.k20_instalment_ids.sorted('due_date')
        self.assertEqual([late.state, today.state, later.state], ['overdue', 'open', 'open'])
        self.assertEqual((order.k20_overdue_days, order.k20_amount_overdue), (5, 200))
        self.collect(order, 250)
        self.assertEqual([late.state, today.state, later.state], ['paid', 'partial', 'open'])
        self.assertEqual((order.k20_next_due_date, order.k20_overdue_days), (today.due_date, 0))
        mine = [('order_id', '=', order.id)]
        for state, expected in (('paid', late), ('partial', today), ('open', later), ('overdue', late.browse())):
            found = late.search([*mine, ('state', '=', state)])
            self.assertEqual(found, expected, state)
        self.collect(order, 750)
        self.assertEqual(late.search([*mine, ('state', '!=', 'paid')]), late.browse())
        self.assertFalse(order.k20_next_due_date)

    def test_overdue_orders_are_found(self):
        planned = self.make_planned((-40, 1000))
        plain = self.make_claim(1000, customer=planned.partner_id)
        self.confirm_order(planned, plain)
        plain.k20_deal_date = self.day(-10)
        both = planned + plain
        self.assertEqual(both.mapped('k20_overdue_days'), [40, 10])
        domain = [('id', 'in', both.ids)]
        self.assertEqual(both.search([*domain, ('k20_overdue_days', '>', 9)]), both.sorted())
        self.assertEqual(both.search([*domain, ('k20_overdue_days', '>', 10)]), planned)
        planned.with_user(self.admin)._action_cancel()
        self.assertEqual((planned.k20_overdue_days, planned.k20_amount_overdue), (0, 0))

    def test_without_instalments_term_and_credit_days_say_when(self):
        term = self.env['account.payment.term'].create(
            {
                'name': "Half after 30, half after 45 days",
                'line_ids': [
                    Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': days}) for days in (45, 30)
                ],
            }
        )
        customer = self.make_customer(owner=self.sales1, k20_credit_days=60)
        with_term = self.make_claim(100, customer=customer, payment_term_id=term.id)
        without = self.make_claim(100, customer=customer, payment_term_id=False)
        self.confirm_order(with_term, without)
        self.assertEqual(with_term.k20_due_date, self.day(45))
        self.assertEqual(without.k20_due_date, self.day(60))
        customer.k20_credit_days = 90
        self.assertEqual(without.k20_due_date, self.day(60), "the term of the day of the deal")

    def test_a_plan_adds_up_before_it_is_submitted(self):
        order = self.make_planned((0, 200), (9, 300))
        with self.assertRefused("add up to .*500.*1,000"):
            order.with_user(self.sales1).action_k20_submit()
        order.k20_instalment_ids[0].amount = 700
        order.k20_instalment_ids[1].due_date = False
        with self.assertRefused("has no day"):
            order.with_user(self.sales1).action_k20_submit()
        order.k20_instalment_ids.filtered(lambda i: not i.due_date).due_date = self.day(3)
        self.approve(order)
        self.assertEqual(order.state, 'sale')

    def test_percents_follow_the_contract_and_the_last_takes_the_rest(self):
        order = self.make_claim(1000)
        plan = [(1, 33.33), (2, 33.33), (3, 33.34)]
        order.k20_instalment_ids = [
            Command.create({'due_date': self.day(days), 'percent': percent}) for days, percent in plan
        ]
        self.assertEqual(order.k20_instalment_ids.mapped('amount'), [333.3, 333.3, 333.4])
        order.order_line.price_unit = 100.01
        self.assertEqual(order.k20_instalment_ids.mapped('amount'), [33.33, 33.33, 33.35])
        order.k20_instalment_ids[0].amount = 40
        self.assertEqual(order.k20_instalment_ids[0].percent, 0)

    def test_the_dialog_splits(self):
        order = self.make_claim(1000)
        Split = self.env['k20.instalment.split'].with_user(self.sales1)
        values = {'order_id': order.id, 'date_first': '2030-01-31'}
        Split.create({**values, 'count': 3}).action_split()
        self.assertEqual(order.k20_instalment_ids.mapped('amount'), [333.33, 333.33, 333.34])
        days = ['2030-01-31', '2030-02-28', '2030-03-31']
        self.assertEqual([str(day) for day in order.k20_instalment_ids.mapped('due_date')], days)
        Split.create({**values, 'method': 'percent', 'percents': '30/60/10'}).action_split()
        self.assertEqual(order.k20_instalment_ids.mapped('amount'), [300, 600, 100])
        for bad in ({'count': 0}, {'count': 999}, {'months': -1}, {'method': 'percent', 'percents': '30/x'}):
            with self.assertRefused("correct"):
                Split.create({**values, **bad}).action_split()

    def test_a_locked_plan_is_the_administrators(self):
        order = self.approve(self.make_planned((0, 400), (9, 600)))
        first = order.k20_instalment_ids[0]
        with self.assertRaises(UserError):
            first.with_user(self.sales1).amount = 1
        with self.assertRaises(UserError):
            first.with_user(self.sales1).unlink()
        with self.assertRaises(UserError):
            first.with_user(self.sales1).create({'order_id': order.id, 'amount': 1})
        with self.assertRaises(UserError):
            order.with_user(self.sales1).k20_instalment_ids = [Command.clear()]
        with self.assertRaises(UserError):
            self.env['k20.instalment.split'].with_user(self.sales1).create({'order_id': order.id}).action_split()
        first.with_user(self.admin).due_date = self.day(5)
        self.assertEqual(order.k20_next_due_date, self.day(5))

    def test_a_completed_orders_plan_changes_no_more(self):
        """R086: by nobody, until the order is reopened."""
        order = self.approve(self.make_planned((9, 1000)))
        order.with_user(self.admin).action_k20_complete("Done")
        plan = order.with_user(self.admin).k20_instalment_ids
        for change in (
            lambda: plan.write({'due_date': self.day(20)}),
            lambda: plan.create({'order_id': order.id, 'amount': 1}),
            plan.unlink,
        ):
            with self.assertRefused("is completed"):
                change()

    def test_figures_and_others_plans_are_nobodys_to_write(self):
        order = self.make_planned((0, 400), (9, 600))
        mine = order.k20_instalment_ids[0]
        with self.assertRefused("worked out by the system"):
            mine.with_user(self.sales1).write({'paid_amount': 400})
        with self.assertRefused("worked out by the system"):
            mine.with_user(self.sales1).create({'order_id': order.id, 'amount': 1, 'open_amount': 0})
        for user in (self.sales2, self.sales3, self.finance):
            with self.assertRaises(AccessError):
                mine.with_user(user).amount = 1
        self.assertFalse(mine.with_user(self.sales3).search([('order_id', '=', order.id)]))
        with mute_logger('odoo.sql_db'), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            mine.percent = 101
            mine.flush_recordset()

    def test_an_instalment_of_the_list_leads_to_its_order(self):
        order = self.make_planned((20, 1000))
        action = order.k20_instalment_ids.with_user(self.sales1).action_k20_open_order()
        self.assertEqual((action['res_model'], action['res_id']), ('sale.order', order.id))
        with self.assertRefused('.', AccessError):
            order.k20_instalment_ids.with_user(self.sales3).action_k20_open_order()

    def test_a_copy_takes_the_plan_without_days_that_have_passed(self):
        copied = self.make_planned((-3, 400), (9, 600)).copy()
        plan = copied.k20_instalment_ids.sorted('amount')
        self.assertEqual(plan.mapped('amount'), [400, 600])
        self.assertEqual(plan.mapped('due_date'), [False, self.day(9)])
        self.assertEqual(plan.mapped('paid_amount'), [0, 0])

    def test_an_overdue_order_reminds_its_salesperson_once(self):
        order = self.approve(self.make_planned((-9, 400), (-4, 300), (9, 300)))
        fine = self.approve(self.make_planned((0, 1000)))

        def reminders():
            self.env['sale.order']._cron_k20_remind_overdue()
            kind = self.env.ref('k20_sales.mail_activity_type_overdue')
            domain = [('activity_type_id', '=', kind.id), ('res_id', 'in', (order + fine).ids)]
            return self.env['mail.activity'].search(domain)

        activity = reminders()
        self.assertEqual((activity.res_id, activity.user_id), (order.id, self.sales1))
        self.assertEqual(activity.date_deadline, self.day(-9))
        self.assertIn('700.00', activity.summary)
        self.assertEqual(reminders(), activity)
        activity.with_user(self.sales1).action_feedback(feedback="Called")
        self.assertFalse(reminders(), "done for the money of that day")
        self.collect(order, 400)
        self.assertEqual(reminders().date_deadline, self.day(-4))
        self.collect(order, 300)
        self.assertFalse(reminders())
