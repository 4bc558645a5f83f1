import re

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_case import ApprovalCase


@tagged('post_install', '-at_install')
class TestApprovals(ApprovalCase):
    """The way of a request, its traces and locks, the inbox. (R158, R159, R160)"""

    # -- the way of a request ----------------------------------------------------------------------------------------

    def test_a_yes_does_what_was_asked_for(self):
        """R182: nothing changes until the approver agrees; the decision keeps who, when and comment."""
        self.make_flow(self.by(self.admin))
        request = self.ask()
        self.assertEqual(self.customer.user_id, self.sales1)
        self.assertTrue(request.with_user(self.admin).k20_can_decide)
        self.assertTrue(request.with_user(self.admin).action_k20_approve("Fine"))
        self.assertEqual(request.k20_approval_state, 'approved')
        self.assertTrue(self.customer.k20_in_pool)
        task = self.tasks(request)
        self.assertEqual((task.state, task.user_id, task.comment), ('approved', self.admin, "Fine"))
        self.assertTrue(task.date_done)

    def test_the_inbox_tells_what_is_asked(self):
        """R171: whose the customer is, whose it would be, and why, without opening the request."""
        self.make_flow(self.by(self.admin))
        task = self.tasks(self.ask()).with_user(self.admin)
        self.assertEqual(task.summary, f"{self.sales1.name} · No budget this year")

    def test_what_is_gone_opens_with_a_sentence(self):
        """R171: the task of a document that was deleted, or whose addon was uninstalled, stays as a trace."""
        self.make_flow(self.by(self.admin))
        request = self.ask()
        task = self.tasks(request)
        self.assertEqual(task.with_user(self.admin).action_k20_open()['res_id'], request.id)
        for values in ({'res_id': 0}, {'res_model': 'k20.gone'}):
            task.write(values)
            with self.assertRefused("is not there any more"):
                task.with_user(self.admin).action_k20_open()

    def test_a_no_needs_a_reason_and_changes_nothing(self):
        """R194, R110: a refusal without a reason is refused; the requester can reset and submit again."""
        self.make_flow(self.by(self.admin), self.by(self.manager))
        request = self.ask()
        for nothing in (None, '', '  '):
            with self.assertRefused("needs a reason"):
                request.with_user(self.admin).action_k20_reject(nothing)
        request.with_user(self.admin).action_k20_reject("Too early")
        self.assertEqual(request.k20_approval_state, 'rejected')
        self.assertEqual(self.tasks(request).mapped('state'), ['rejected', 'closed'])
        self.assertEqual(self.customer.user_id, self.sales1)
        request.with_user(self.sales1).action_k20_reset()
        request.with_user(self.sales1).action_k20_submit()
        self.assertEqual(request.k20_approval_state, 'submitted')

    def test_steps_open_one_after_the_other(self):
        """R160: a later step opens only when the earlier one has said yes, by different people."""
        people = (self.manager, self.admin, self.finance)
        self.make_flow(*map(self.by, people))
        request = self.ask()
        for decides in people:
            self.assertEqual(request.k20_approval_state, 'submitted')
            for user in people:
                if user != decides:
                    with self.assertRefused("waits for"):
                        request.with_user(user).action_k20_approve()
            request.with_user(decides).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'approved')

    def test_all_must_agree_where_the_step_says_so(self):
        """R158: all of them: one refusal is a refusal, the last yes grants."""
        self.make_flow(self.by(self.manager, self.admin, mode='all'))
        request = self.ask()
        request.with_user(self.manager).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'submitted')
        request.with_user(self.admin).action_k20_reject("No")
        self.assertEqual(request.k20_approval_state, 'rejected')
        request.with_user(self.sales1).action_k20_reset()
        request.with_user(self.sales1).action_k20_submit()
        request.with_user(self.admin).action_k20_approve()
        request.with_user(self.manager).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'approved')
        self.assertEqual(len(self.tasks(request)), 4)

    def test_withdrawing_until_the_first_decision(self):
        """R193: the requester withdraws before a decision, not after it, and nobody else does."""
        self.make_flow(self.by(self.manager), self.by(self.admin))
        request = self.ask()
        with self.assertRefused("asked for by somebody else"):
            request.with_user(self.manager).action_k20_withdraw()
        request.with_user(self.sales1).action_k20_withdraw()
        self.assertEqual(request.k20_approval_state, 'draft')
        request.with_user(self.sales1).action_k20_submit()
        request.with_user(self.manager).action_k20_approve()
        with self.assertRefused("decided on already"):
            request.with_user(self.sales1).action_k20_withdraw()

    def test_the_second_of_two_is_told_who_decided(self):
        """R194: two deciding at once make one decision."""
        self.make_flow(self.by(self.manager, self.admin))
        request = self.ask()
        request.with_user(self.manager).action_k20_approve()
        with self.assertRefused(re.escape(self.manager.name)):
            request.with_user(self.admin).action_k20_reject("Too late")
        self.assertEqual(self.tasks(request).user_id, self.manager)

    # -- traces and locks --------------------------------------------------------------------------------------------

    def test_a_decision_stands(self):
        """R159: changing or deleting a decision is refused even for the administrator, and in sudo."""
        self.make_flow(self.by(self.admin))
        request = self.ask()
        request.with_user(self.admin).action_k20_approve("Fine")
        task = self.tasks(request)
        for records in (task, task.with_user(self.admin), task.with_user(self.admin).sudo()):
            with self.assertRaises(Exception):  # noqa: B017 (AccessError or UserError, by who asks)
                records.write({'comment': "Never said"})
            with self.assertRaises(Exception):  # noqa: B017
                records.unlink()
        self.assertEqual(task.comment, "Fine")

    def test_who_decided_is_never_deleted(self):
        """R159: or the trace would lose the name."""
        deputy = self.make_user('k20_deputy', 'admin')
        self.make_flow(self.by(deputy))
        self.ask().with_user(deputy).action_k20_approve()
        with self.assertRaises(Exception), mute_logger('odoo.sql_db'):  # noqa: B017 (the database's own refusal)
            deputy.unlink()
            self.env.flush_all()
        self.assertTrue(deputy.exists())

    def test_the_engines_fields_are_nobodys(self):
        """R157: not by write, create, copy or a default in the context, for the administrator and in sudo."""
        self.make_flow(self.by(self.admin))
        request = self.ask()
        for records in (request, request.with_user(self.admin), request.with_user(self.admin).sudo()):
            with self.assertRaises(AccessError):
                records.write({'k20_approval_state': 'approved'})
            with self.assertRaises(AccessError):
                records.write({'k20_requester_id': self.sales2.id})
        Assignment = self.env['k20.customer.assignment'].with_user(self.sales1)
        customer = self.make_customer(owner=self.sales1)
        values = {'kind': 'release', 'partner_id': customer.id, 'reason': "x"}
        with self.assertRaises(AccessError):
            Assignment.create({**values, 'k20_approval_state': 'approved'})
        forged = Assignment.with_context(default_k20_approval_state='approved').create(values)
        self.assertEqual(forged.k20_approval_state, 'draft')

    def test_the_timeline_tells_who_decided_and_who_is_waited_for(self):
        """R159: shown on the document to everybody who reads it."""
        self.make_flow(self.by(self.manager), self.by(self.admin))
        request = self.ask()
        request.with_user(self.manager).action_k20_approve("Fine by me")
        timeline = request.with_user(self.sales1).k20_timeline
        for text in (self.manager.name, "Fine by me", self.admin.name):
            self.assertIn(text, timeline)
        self.assertEqual(request.with_user(self.sales1).k20_waits_for, self.admin.name)
        asked = self.tasks(request).with_user(self.sales1).sorted('sequence')
        self.assertEqual(asked.mapped('waits_for'), [False, self.admin.name], "in the list of own requests, too")

    # -- inbox -------------------------------------------------------------------------------------------------------

    def test_the_inbox_holds_what_one_may_decide_and_decides_many(self):
        """R171: one inbox, many at once."""
        self.make_flow(self.by(self.admin))
        requests = self.ask() + self.ask(customer=self.make_customer(owner=self.sales1))
        Task = self.env['k20.approval.task']
        inbox = Task.with_user(self.admin).search([('can_decide', '=', True), ('res_id', 'in', requests.ids)])
        self.assertEqual(len(inbox), 2)
        self.assertFalse(Task.with_user(self.manager).search([('can_decide', '=', True)]))
        self.assertFalse(Task.with_user(self.sales3).search([]))
        self.assertTrue(inbox.action_k20_approve())
        self.assertEqual(set(requests.mapped('k20_approval_state')), {'approved'})
        self.assertFalse(Task.with_user(self.admin).search([('can_decide', '=', True), ('id', 'in', inbox.ids)]))

    def test_approvers_get_an_activity_and_requesters_the_outcome(self):
        """R169, R194: the activity goes when the decision is made."""
        self.make_flow(self.by(self.admin))
        request = self.ask()
        self.assertEqual(request.activity_ids.user_id, self.admin)
        request.with_user(self.admin).action_k20_reject("Not now")
        self.assertFalse(request.activity_ids)
        told = request.message_ids.notified_partner_ids | self.env['mail.message'].search([
            ('model', '=', request._name), ('res_id', '=', request.id)
        ]).notified_partner_ids  # fmt: skip
        self.assertIn(self.sales1.partner_id, told)

    def test_who_may_not_see_the_outcome_is_not_told(self):
        """R157: the requester no longer sells."""
        self.make_flow(self.by(self.admin))
        request = self.ask()
        self.sales1.group_ids -= self.env.ref('k20_base.group_k20_salesperson')
        request.with_user(self.admin).action_k20_reject("Not now")
        about = [('model', '=', request._name), ('res_id', '=', request.id)]
        self.assertNotIn(self.sales1.partner_id, self.env['mail.message'].search(about).notified_partner_ids)

    def test_a_reminder_after_the_days_of_settings(self):
        """R169: once in that many days."""
        self.env.company.k20_approval_reminder_days = 2
        self.make_flow(self.by(self.admin))
        request = self.ask()
        task = self.tasks(request)
        Task = self.env['k20.approval.task']
        now = fields.Datetime.now()
        for days, reminded in ((1, False), (3, True), (4, True)):
            with freeze_time(fields.Datetime.add(now, days=days)):
                before = task.date_reminded
                Task._cron_remind()
                self.assertEqual(bool(task.date_reminded), reminded, days)
                if days == 4:
                    self.assertEqual(task.date_reminded, before)
        other = self.ask(customer=self.make_customer(owner=self.sales1))
        request.with_user(self.admin).action_k20_approve()
        self.env.company.k20_approval_reminder_days = 0
        with freeze_time(fields.Datetime.add(now, days=9)):
            Task._cron_remind()
            self.assertFalse(self.tasks(other).date_reminded, "0 is never")
            self.env.company.k20_approval_reminder_days = 2
            Task._cron_remind()
            self.assertEqual(task.date_reminded, before, "what is decided waits for nobody")
            self.assertTrue(self.tasks(other).date_reminded)
