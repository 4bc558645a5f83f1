from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.k20_base.tests.common import RpcError

from .project_case import ProjectCase, ProjectHttpCase


@tagged('post_install', '-at_install')
class TestIssues(ProjectCase):
    """A customer's question, doubt or complaint, until it is solved. (R199, R201, R202)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)

    def test_it_stays_in_the_reminders_until_it_is_solved(self):
        """R199: an activity of the person in charge on the due day; marking that done does not end the issue."""
        issue = self.make_issue(self.customer, kind='complaint')
        activity = self.reminders('k20_issue_id', issue)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.sales1, issue.date_due))
        with self.assertRefused('not solved yet'):
            activity.with_user(self.sales1).action_feedback(feedback="done")
        with self.assertRefused('follows what it reminds of'):
            activity.with_user(self.sales1).unlink()
        issue.date_due += timedelta(1)
        self.assertEqual(self.reminders('k20_issue_id', issue).date_deadline, issue.date_due)
        issue.action_k20_answer("We are on it")
        self.assertTrue(self.reminders('k20_issue_id', issue))
        self.assertEqual(self.customer.with_user(self.sales1).k20_open_issue_count, 1)
        issue.action_k20_solve("New toner", 4)
        self.assertFalse(self.reminders('k20_issue_id', issue))
        self.assertEqual(self.customer.with_user(self.sales1).k20_open_issue_count, 0)
        issue.action_k20_reopen("Silent again")
        self.assertTrue(self.reminders('k20_issue_id', issue))

    def test_times_are_measured(self):
        """R201: hours to the first answer, which counts, and to the solution."""
        with freeze_time('2026-03-02 01:00:00'):
            issue = self.make_issue(self.customer)
        with freeze_time('2026-03-02 03:30:00'):
            issue.action_k20_answer("First")
        with freeze_time('2026-03-02 05:00:00'):
            issue.action_k20_answer("Second")
        with freeze_time('2026-03-04 01:00:00'):
            issue.action_k20_solve("Done", '5')
        self.assertEqual((issue.hours_to_answer, issue.hours_to_solution), (2.5, 48))
        self.assertEqual(issue.date_answered, datetime(2026, 3, 2, 3, 30))
        self.assertEqual((issue.answered_by_id, issue.solved_by_id, issue.age_days), (self.sales1, self.sales1, 2))
        with freeze_time('2026-03-02 01:00:00'):
            unanswered = self.make_issue(self.customer)
        with freeze_time('2026-03-02 02:00:00'):
            unanswered.action_k20_solve("At once", 3)
        self.assertEqual(unanswered.hours_to_answer, 1)

    def test_averages_count_what_has_come_to_that(self):
        """R201, R202: an open issue is no answer in no time and no unhappy customer."""
        with freeze_time('2026-03-02 01:00:00'):
            solved, answered, _fresh = (self.make_issue(self.customer) for _number in range(3))
        with freeze_time('2026-03-02 03:00:00'):
            solved.action_k20_solve("Done", 4)
            answered.action_k20_answer()
        figures = ['satisfaction:avg', 'hours_to_answer:avg', 'hours_to_solution:avg', '__count']
        Issue = self.env['k20.customer.issue'].with_user(self.sales1)
        (row,) = Issue._read_group([('partner_id', '=', self.customer.id)], ['user_id'], figures)
        self.assertEqual(row[1:], (4, 2, 2, 3))
        (month, *_solved), *_open = Issue._read_group(
            [('partner_id', '=', self.customer.id), ('state', '=', 'solved')], ['date_solved:month'], figures
        )
        self.assertEqual(month.month, 3)

    def test_solving_asks_for_solution_and_satisfaction(self):
        """R202: both, in range; a solved one is not solved again."""
        issue = self.make_issue(self.customer)
        for solution in ('', '  ', None, False, 3):
            with self.assertRefused('Write it down'):
                issue.action_k20_solve(solution, 5)
        for satisfaction in (0, 6, -1, '0', '', None, False, True, 2.5, 'good', '55', '１'):
            with self.assertRefused('number from 1 to 5'):
                issue.action_k20_solve("Done", satisfaction)
        self.assertEqual((issue.state, issue.satisfaction), ('open', 0))
        issue.action_k20_solve(" Done ", 5)
        self.assertEqual((issue.state, issue.solution, issue.satisfaction), ('solved', "Done", 5))
        for act in (lambda: issue.action_k20_solve("Again", 1), issue.action_k20_answer):
            with self.assertRefused('solved'):
                act()
        self.assertEqual(issue.satisfaction, 5)
        issue.action_k20_reopen()
        self.assertEqual((issue.state, issue.solution, issue.satisfaction), ('open', "Done", 0))
        with self.assertRefused('open already'):
            issue.action_k20_reopen()

    def test_what_is_solved_is_not_rewritten(self):
        """R202: facts stay; reopen first, or the administrator."""
        issue = self.make_issue(self.customer)
        issue.action_k20_answer()
        with self.assertRefused('when it was reported stays'):
            issue.date = '2026-01-01 00:00:00'
        issue.action_k20_solve("Done", 5)
        for values in ({'name': "x"}, {'kind': 'doubt'}, {'date_due': '2030-01-01'}, {'user_id': self.manager.id}):
            with self.assertRefused('reopen it first'):
                issue.write(values)
        issue.with_user(self.admin).write({'name': "Spelt right"})

    def test_it_is_seen_with_the_customer(self):
        """R022, R199: and recorded by who sees the customer."""
        issue = self.make_issue(self.customer)
        for user, sees in (
            (self.sales1, 1), (self.manager, 1), (self.finance, 1), (self.admin, 1), (self.sales2, 0), (self.sales3, 0),
        ):  # fmt: skip
            self.assertEqual(issue.with_user(user).search_count([('id', '=', issue.id)]), sees, user.login)
            if not sees:
                with self.assertRaises(AccessError):
                    self.make_issue(self.customer, user)
        for user in (self.buyer, self.storekeeper, self.outsider):
            with self.assertRaises(AccessError):
                self.make_issue(self.customer, user)
        self.assertTrue(self.make_issue(self.customer, self.finance))

    def test_the_person_in_charge_sees_the_customer(self):
        """R199: nobody is made responsible for what they may not see."""
        with self.assertRefused('does not see this customer', ValidationError):
            self.make_issue(self.customer, self.manager, user_id=self.sales2.id)
        self.assertEqual(self.make_issue(self.customer, self.manager, user_id=self.sales1.id).user_id, self.sales1)

    def test_project_and_order_are_the_customers(self):
        """R201: of another customer they are refused."""
        lead, order = self.make_project(self.customer), self.make_order(self.customer)
        issue = self.make_issue(self.customer, lead_id=lead.id, order_id=order.id, phase='insale')
        self.assertEqual(lead.with_user(self.sales1).k20_open_issue_count, 1)
        other = self.make_customer(owner=self.sales1)
        with self.assertRefused('no part in the project', ValidationError):
            issue.lead_id = self.make_project(other)
        with self.assertRefused('not of', ValidationError):
            issue.order_id = self.make_order(other)
        with self.assertRefused('no customer', ValidationError):
            self.make_issue(self.env['res.partner'].create({'name': "Anybody"}), self.admin)

    def test_reported_in_the_future_is_refused(self):
        """R201: it would make the times too short."""
        with self.assertRefused('in the future', ValidationError):
            self.make_issue(self.customer, date='2099-01-01 00:00:00')

    def test_it_follows_the_customer(self):
        """R157, R199: the next owner is in charge of what is open; the former one sees nothing and is told nothing."""
        issue, solved = (self.make_issue(self.customer).sudo(False).with_env(self.env) for _number in range(2))
        solved.with_user(self.sales1).action_k20_solve("Done", 3)
        issue.with_user(self.sales1).message_subscribe(self.sales1.partner_id.ids)
        self.customer.with_user(self.admin).user_id = self.sales3
        self.assertEqual((issue.user_id, solved.user_id), (self.sales3, self.sales1))
        self.assertEqual(self.reminders('k20_issue_id', issue).user_id, self.sales3)
        self.assertFalse(issue.with_user(self.sales1).search([('id', 'in', (issue + solved).ids)]))
        self.assertNotIn(self.sales1.partner_id, (issue + solved).message_partner_ids)
        self.customer.with_user(self.admin).user_id = False
        self.assertFalse(issue.user_id)
        self.customer.with_user(self.admin).user_id = self.sales2
        self.assertEqual(issue.user_id, self.sales2)

    def test_it_goes_along_with_a_merge(self):
        """R157, R199: the customer that stays has another owner, who is in charge from then on."""
        issue = self.make_issue(self.customer).with_env(self.env)
        keeper = self.make_customer(owner=self.sales3)
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.admin).create({})
        wizard._merge([self.customer.id, keeper.id], keeper.with_user(self.admin))
        self.assertEqual((issue.partner_id, issue.owner_id, issue.user_id), (keeper, self.sales3, self.sales3))
        self.assertEqual(self.reminders('k20_issue_id', issue).user_id, self.sales3)
        self.assertFalse(issue.with_user(self.sales1).search([('id', '=', issue.id)]))

    def test_nobody_leaves_with_open_issues(self):
        """DESIGN §5: they are named, and handed over to the receiver or to who looks after the customer."""
        issue = self.make_issue(self.customer, self.manager, user_id=self.manager.id)
        with self.assertRefused('service issues: 1'):
            self.manager.with_user(self.admin).active = False
        wizard = self.env['k20.user.handover'].with_user(self.admin)
        handover = wizard.create({'user_id': self.manager.id, 'to_user_id': self.sales3.id})
        self.assertEqual(handover.issue_count, 1)
        handover.action_apply()
        self.assertEqual(issue.user_id, self.sales1)
        wizard.create({'user_id': self.sales1.id, 'to_user_id': self.sales2.id}).action_apply()
        self.assertEqual((issue.user_id, issue.owner_id), (self.sales2, self.sales2))

    def test_it_keeps_its_customer(self):
        """R074: a customer with an issue is not deleted."""
        self.make_issue(self.customer)
        with self.assertRefused('Service Issue: 1'):
            self.customer.with_user(self.sales1).unlink()

    def test_open_ones_with_age_and_overdue(self):
        """R199: how long it has been open, and whether it is late, by the company's day."""
        with freeze_time('2026-03-02 01:00:00'):
            issue = self.make_issue(self.customer, date_due='2026-03-04')
        for moment, age, late in (
            ('2026-03-02 15:59:00', 0, False), ('2026-03-02 16:01:00', 1, False), ('2026-03-04 15:59:00', 2, False),
            ('2026-03-04 16:01:00', 3, True),
        ):  # fmt: skip
            with freeze_time(moment):
                issue.invalidate_recordset()
                self.assertEqual((issue.age_days, issue.is_overdue), (age, late), moment)
                found = issue.search([('is_overdue', '=', True), ('id', '=', issue.id)])
                self.assertEqual(bool(found), late)

    def test_solutions_are_found_by_product_and_text(self):
        """R202: to be used again."""
        product = self.make_product(name="Laser 9000")
        issue = self.make_issue(self.customer, product_id=product.id)
        issue.action_k20_solve("Turn the drum", 5)
        Issue = self.env['k20.customer.issue'].with_user(self.sales1)
        for domain in ([('product_id', 'ilike', "Laser")], [('solution', 'ilike', "drum")]):
            self.assertEqual(Issue.search([('state', '=', 'solved'), *domain]), issue)


@tagged('post_install', '-at_install')
class TestIssueDoors(ProjectHttpCase):
    """The same rules as a client meets them. (R157)"""

    def setUp(self):
        super().setUp()
        self.own, self.others = self.make_customer(owner=self.sales1), self.make_customer(owner=self.sales3)
        self.issue, self.theirs = self.make_issue(self.own), self.make_issue(self.others)
        self.login(self.sales1)

    def test_nothing_of_a_colleagues_issue(self):
        """R022: neither read, answered, solved, reopened, nor recorded on the colleague's customer."""
        for method, *args in (
            ('read', ['name']), ('write', {'name': "x"}), ('action_k20_answer',), ('action_k20_solve', "x", 1),
            ('action_k20_reopen',), ('unlink',), ('message_post',),
        ):  # fmt: skip
            self.assertCallRefused('k20.customer.issue', method, self.theirs.ids, *args)
        values = {'name': "x", 'partner_id': self.others.id}
        self.assertCallRefused('k20.customer.issue', 'create', [values])
        self.assertCallRefused('k20.customer.issue', 'write', self.issue.ids, {'partner_id': self.others.id})
        self.assertCallRefused('k20.customer.issue', 'unlink', self.issue.ids)
        self.assertCallRefused('k20.issue.solve', 'create', [{'issue_id': self.theirs.id, 'solution': "x"}])

    def test_what_the_server_works_out_is_not_sent(self):
        """R157: state, times and satisfaction, by create, write, default, copy and import."""
        forged = {
            'state': 'solved', 'date_answered': '2026-01-01 00:00:00', 'date_solved': '2026-01-01 00:00:00',
            'satisfaction': 5, 'solution': "x", 'hours_to_answer': 0.1, 'owner_id': self.sales3.id,
            'answered_by_id': self.sales1.id,
        }  # fmt: skip
        for name, value in forged.items():
            for method, *args in (
                ('write', self.issue.ids, {name: value}),
                ('create', [{'name': "x", 'partner_id': self.own.id, name: value}]),
                ('copy', self.issue.ids, {name: value}),
            ):
                with self.assertRaises(RpcError, msg=f'{method} {name}') as caught:
                    self.call('k20.customer.issue', method, *args)
                self.assertIn('worked out', caught.exception.message)
        context = {f'default_{name}': value for name, value in forged.items()}
        (made,) = self.call('k20.customer.issue', 'create', [{'name': "x", 'partner_id': self.own.id}], context=context)
        issue = self.env['k20.customer.issue'].browse(made)
        self.assertEqual((issue.state, issue.satisfaction, issue.date_answered), ('open', 0, False))
        columns = ['name', 'partner_id/.id', 'state']
        answer = self.call('k20.customer.issue', 'load', columns, [["x", self.own.id, "solved"]])
        self.assertFalse(answer['ids'])
        self.assertEqual(self.issue.state, 'open')

    def test_it_is_solved_from_the_dialog(self):
        """R202: over the wire; methods answer with a value."""
        self.assertIs(self.call('k20.customer.issue', 'action_k20_answer', self.issue.ids), True)
        values = {'issue_id': self.issue.id, 'solution': "Done", 'satisfaction': '4'}
        (dialog,) = self.call('k20.issue.solve', 'create', [values])
        self.call('k20.issue.solve', 'action_apply', [dialog])
        self.assertEqual((self.issue.state, self.issue.satisfaction), ('solved', 4))
        self.assertIs(self.call('k20.customer.issue', 'action_k20_reopen', self.issue.ids), True)
