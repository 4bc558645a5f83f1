import re

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import K20Case


@tagged('post_install', '-at_install')
class TestApprovals(K20Case):
    """The engine, shown on customer assignments: steps, deciders, traces, locks. (R158, R159, R160)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Flow = cls.env['k20.approval.flow']
        cls.env.ref('k20_base.k20_approval_flow_assignment').active = False
        cls.model_id = cls.env['ir.model']._get_id('k20.customer.assignment')
        cls.customer = cls.make_customer(owner=cls.sales1)

    def make_flow(self, *steps, **values):
        """Make a flow for assignments; a step is a dict of its values."""
        steps = [{'name': f"Step {n}", **step} for n, step in enumerate(steps, start=1)]
        return self.Flow.create({
            'name': "Test flow",
            'model_id': self.model_id,
            'step_ids': [Command.create(step) for step in steps],
            **values,
        })  # fmt: skip

    def by(self, *users, **values):
        return {'approver_kind': 'users', 'user_ids': [Command.set([user.id for user in users])], **values}

    def ask(self, user=None, customer=None):
        """Ask, as the owner, to release a customer."""
        Assignment = self.env['k20.customer.assignment'].with_user(user or self.sales1)
        return Assignment._k20_request('release', (customer or self.customer).ids, "No budget this year")

    def tasks(self, request):
        return request._k20_tasks().sorted('sequence')

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

    def test_steps_open_one_after_the_other(self):
        """R160: a later step opens only when the earlier one has said yes, by different people."""
        self.make_flow(self.by(self.manager), self.by(self.admin))
        request = self.ask()
        with self.assertRefused("waits for"):
            request.with_user(self.admin).action_k20_approve()
        request.with_user(self.manager).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'submitted')
        with self.assertRefused("waits for"):
            request.with_user(self.manager).action_k20_approve()
        request.with_user(self.admin).action_k20_approve()
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

    # -- who decides -------------------------------------------------------------------------------------------------

    def test_nobody_decides_on_an_own_request(self):
        """R066: an administrator may where the flow allows it."""
        flow = self.make_flow(self.by(self.manager, self.admin))
        request = self.ask(self.manager)
        with self.assertRefused("own request"):
            request.with_user(self.manager).action_k20_approve()
        request.with_user(self.manager).action_k20_withdraw()
        own = self.ask(self.admin, self.make_customer(owner=self.sales2))
        self.assertTrue(own.with_user(self.admin).k20_can_decide)
        own.with_user(self.admin).action_k20_withdraw()
        flow.self_approval = False
        own.with_user(self.admin).action_k20_submit()
        with self.assertRefused("own request"):
            own.with_user(self.admin).action_k20_approve()

    def test_a_step_that_nobody_could_decide_is_refused(self):
        """R159: at submission, saying which step."""
        self.make_flow(self.by(self.sales1))
        with self.assertRefused("Step 1"):
            self.ask()

    def test_steps_that_name_nobody_who_can_decide(self):
        """R159: an empty group, archived people, no leader, the requester alone, one of all who cannot read it."""
        gone = self.make_user('k20_gone', 'admin')
        empty = self.env['res.groups'].create({'name': "Empty"})
        alone = self.env['res.groups'].create({'name': "Requester", 'user_ids': [Command.set(self.sales1.ids)]})
        for step in (
            self.by(gone),  # active until the flow is made
            {'approver_kind': 'group', 'group_id': empty.id},
            {'approver_kind': 'group', 'group_id': alone.id},
            self.by(self.sales3, self.admin, mode='all'),
            {'approver_kind': 'leaders_leader'},
        ):
            with self.subTest(step=step):
                flow = self.make_flow(self.by(self.admin), step)
                gone.active = False
                with self.assertRefused("Step 2 .*: the administrator names people"):
                    self.ask()
                self.assertEqual(self.customer.k20_assignment_ids.mapped('kind'), ['assign'])
                flow.active = False

    def test_an_approver_who_cannot_read_the_document_is_no_approver(self):
        """R159: sales3 sees nothing of sales1's customers."""
        self.make_flow(self.by(self.sales3))
        with self.assertRefused("nobody who could decide"):
            self.ask()

    def test_no_flow_fits(self):
        """R158: the sentence names the kind of document and where to define a flow."""
        with self.assertRefused("Customer Assignment.*Approval Flows"):
            self.ask()

    def test_the_team_leader_decides_and_that_leaders_leader(self):
        """R158: as the leader of the requester's team, or that leader's leader."""
        self.make_team(self.admin, self.manager)
        self.make_flow({'approver_kind': 'leader'}, {'approver_kind': 'leaders_leader'})
        request = self.ask()
        request.with_user(self.manager).action_k20_approve()
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(self.tasks(request).user_id, self.manager + self.admin)

    def test_who_joins_or_leaves_the_group_decides_or_not_at_once(self):
        """R021: a group is asked as it is at the decision."""
        group = self.env['res.groups'].create({'name': "Deputies", 'user_ids': [Command.set(self.manager.ids)]})
        self.make_flow({'approver_kind': 'group', 'group_id': group.id})
        request = self.ask()
        group.user_ids = self.admin
        with self.assertRefused("waits for"):
            request.with_user(self.manager).action_k20_approve()
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'approved')

    def test_the_same_person_in_two_steps(self):
        """R160: the flow says ask again or skip."""
        flow = self.make_flow(self.by(self.admin), self.by(self.admin))
        request = self.ask()
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'submitted')
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'approved')
        flow.repeat_approver = 'skip'
        other = self.ask(customer=self.make_customer(owner=self.sales1))
        other.with_user(self.admin).action_k20_approve()
        self.assertEqual(other.k20_approval_state, 'approved')
        self.assertEqual(self.tasks(other).mapped('state'), ['approved', 'skipped'])

    def test_only_who_agreed_is_skipped(self):
        """R160: a later step still asks who might have agreed and did not, and all others where all must."""
        flow = self.make_flow(self.by(self.manager, self.admin), self.by(self.admin, self.manager, mode='all'))
        flow.repeat_approver = 'skip'
        request = self.ask()
        request.with_user(self.manager).action_k20_approve()
        tasks = self.tasks(request).filtered(lambda task: task.sequence == 2)
        self.assertEqual(
            {task.approver_ids: task.state for task in tasks}, {self.admin: 'open', self.manager: 'skipped'}
        )
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(request.k20_approval_state, 'approved')

    def test_delegates_decide_from_the_first_to_the_last_day(self):
        """R159: and not on the days beside them; the trace names both."""
        self.make_flow(self.by(self.admin))
        self.env['k20.approval.delegate'].with_user(self.admin).create({
            'delegate_id': self.manager.id,
            'date_from': '2027-03-02',
            'date_to': '2027-03-04',
        })  # fmt: skip
        request = self.ask()
        for moment, may in (
            ('03-01 15:59:59', False), ('03-01 16:00:00', True),  # midnight in Shanghai
            ('03-02 04:00:00', True), ('03-04 04:00:00', True),
            ('03-04 15:59:59', True), ('03-04 16:00:00', False),
        ):  # fmt: skip
            with freeze_time(f'2027-{moment}'):
                self.env.invalidate_all()
                self.assertEqual(request.with_user(self.manager).k20_can_decide, may, moment)
                if not may:
                    with self.assertRefused("waits for"):
                        request.with_user(self.manager).action_k20_approve()
        self.env.invalidate_all()
        with freeze_time('2027-03-04 15:59:00'):  # 23:59 in Shanghai
            request.with_user(self.manager).action_k20_approve()
        task = self.tasks(request)
        self.assertEqual((task.user_id, task.on_behalf_id), (self.manager, self.admin))

    def test_a_leave_begins_and_ends_in_a_running_server(self):
        """R159: a delegate sees what waits from the first day on and no longer than the last, whatever came before.

        Odoo works the record rules of a person out once and keeps them.
        """
        self.make_flow(self.by(self.admin))
        self.env['k20.approval.delegate'].with_user(self.admin).create({
            'delegate_id': self.sales3.id, 'date_from': '2027-03-02', 'date_to': '2027-03-04',
        })  # fmt: skip
        task = self.tasks(self.ask())
        inbox = self.env['k20.approval.task'].with_user(self.sales3)
        for day, sees in (('03-01', False), ('03-02', True), ('03-04', True), ('03-05', False)):
            with freeze_time(f'2027-{day} 04:00:00'), self.subTest(day=day):
                self.env.invalidate_all()
                self.assertEqual(bool(inbox.search([('id', '=', task.id)])), sees)
                self.assertEqual(task.with_user(self.sales3).has_access('read'), sees)

    def test_delegates_in_a_circle_are_refused(self):
        """R159: on overlapping days."""
        Delegate = self.env['k20.approval.delegate']
        days = {'date_from': '2027-03-02', 'date_to': '2027-03-04'}
        Delegate.create({'user_id': self.admin.id, 'delegate_id': self.manager.id, **days})
        with self.assertRefused("circle", ValidationError):
            Delegate.create({'user_id': self.manager.id, 'delegate_id': self.admin.id, **days})
        with self.assertRefused("circle", ValidationError):
            Delegate.create({'user_id': self.admin.id, 'delegate_id': self.admin.id, **days})
        days = {'date_from': '2027-03-05', 'date_to': '2027-03-06'}
        Delegate.create({'user_id': self.manager.id, 'delegate_id': self.admin.id, **days})

    # -- flows -------------------------------------------------------------------------------------------------------

    def test_the_first_flow_that_fits_holds(self):
        """R158: by order, company, condition; inactive ones are passed over."""
        self.make_flow(self.by(self.admin), sequence=30)
        self.make_flow(self.by(self.manager), sequence=10, domain="[('kind', '=', 'transfer')]")
        other = self.env['res.company'].create({'name': "Second Company"})
        self.make_flow(self.by(self.manager), sequence=1, company_id=other.id)
        self.make_flow(self.by(self.manager), sequence=2, active=False)
        self.assertEqual(self.tasks(self.ask()).approver_ids, self.admin)
        transfer = (
            self.env['k20.customer.assignment']
            .with_user(self.sales1)
            ._k20_request(
                'transfer', self.make_customer(owner=self.sales1).ids, "Her region", to_user_id=self.sales2.id
            )
        )
        self.assertEqual(self.tasks(transfer).approver_ids, self.manager)

    def test_a_change_of_the_flow_touches_later_submissions_only(self):
        """R158: open ones keep their flow."""
        flow = self.make_flow(self.by(self.admin))
        request = self.ask()
        flow.step_ids.user_ids = self.manager
        flow.step_ids.name = "Changed"
        self.assertEqual(self.tasks(request).step_name, "Step 1")
        with self.assertRefused("waits for"):
            request.with_user(self.manager).action_k20_approve()
        request.with_user(self.admin).action_k20_approve()
        self.assertEqual(self.tasks(self.ask(customer=self.make_customer(owner=self.sales1))).step_name, "Changed")

    def test_a_request_outlives_its_flow(self):
        """R158: archived, emptied of people, or deleted while the request runs."""
        flow = self.make_flow(self.by(self.manager), self.by(self.admin))
        archived = self.ask()
        deleted = self.ask(customer=self.make_customer(owner=self.sales1))
        flow.active = False
        archived.with_user(self.manager).action_k20_approve()
        flow.unlink()
        for request in (archived, deleted):
            if request == deleted:
                request.with_user(self.manager).action_k20_approve()
            request.with_user(self.admin).action_k20_approve()
            self.assertEqual(request.k20_approval_state, 'approved')

    def test_a_withdrawn_request_asks_nobody(self):
        """R193: its tasks and activities close; what was decided afterwards counts for nothing."""
        self.make_flow(self.by(self.manager), self.by(self.admin))
        request = self.ask()
        task = self.tasks(request)[0]
        request.with_user(self.sales1).action_k20_withdraw()
        self.assertEqual(set(self.tasks(request).mapped('state')), {'closed'})
        self.assertFalse(request.activity_ids)
        for decide in (
            request.with_user(self.manager).action_k20_approve,
            task.with_user(self.manager).action_k20_approve,
        ):
            with self.assertRefused("Draft"):
                decide()
        self.ask().with_user(self.admin).action_k20_withdraw()  # the administrator may, too

    def test_a_flow_needs_a_step(self):
        """R158: an empty flow, or one whose last step goes, is refused."""
        with self.assertRefused("no step", ValidationError):
            self.make_flow()
        flow = self.make_flow(self.by(self.admin))
        with self.assertRefused("no step left"):
            flow.step_ids.unlink()

    def test_only_who_defines_rules_changes_flows(self):
        """R158: the administrator defines approval flows."""
        flow = self.make_flow(self.by(self.admin))
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRaises(AccessError):
                flow.with_user(user).name = "Mine"
        flow.with_user(self.admin).name = "Better"

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
        """R169: the activity goes when the decision is made."""
        self.make_flow(self.by(self.admin))
        request = self.ask()
        self.assertEqual(request.activity_ids.user_id, self.admin)
        request.with_user(self.admin).action_k20_reject("Not now")
        self.assertFalse(request.activity_ids)
        told = request.message_ids.notified_partner_ids | self.env['mail.message'].search([
            ('model', '=', request._name), ('res_id', '=', request.id)
        ]).notified_partner_ids  # fmt: skip
        self.assertIn(self.sales1.partner_id, told)

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
