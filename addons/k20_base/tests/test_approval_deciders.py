from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .approval_case import ApprovalCase


@tagged('post_install', '-at_install')
class TestApprovalDeciders(ApprovalCase):
    """Who decides on what: steps, leaders, groups, stand-ins, and which flow holds. (R158, R159)"""

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

    def test_who_asks_does_not_decide_for_the_group_they_belong_to(self):
        """R160: neither the requester, also for somebody else, nor who stands in for the requester."""
        self.make_flow(self.by_board())
        self.stand_in(self.manager, self.finance)
        self.stand_in(self.admin, self.manager)
        request = self.ask(self.manager)
        self.assertEqual(request.activity_ids.user_id & self.manager, self.env['res.users'])
        for user in (self.manager, self.finance):
            self.assertFalse(request.with_user(user).k20_can_decide)
            with self.assertRefused("own request|waits for"):
                request.with_user(user).action_k20_approve()
        self.stand_in(self.admin, self.finance)
        request.with_user(self.finance).action_k20_approve()
        self.assertEqual(self.tasks(request).on_behalf_id, self.admin)

    def test_an_administrator_decides_on_an_own_request_where_the_flow_says_so(self):
        """R160: and without that neither in a group nor as the only one who could; nor does the stand-in."""
        flow = self.make_flow(self.by_board())
        allowed = self.ask(self.admin)
        allowed.with_user(self.admin).action_k20_approve()
        flow.self_approval = False
        self.stand_in(self.admin, self.finance)
        request = self.ask(self.admin, self.make_customer(owner=self.sales2))
        for user in (self.admin, self.finance):
            self.assertFalse(request.with_user(user).k20_can_decide)
            with self.assertRefused("own request|waits for"):
                request.with_user(user).action_k20_approve()
        flow.step_ids.write(self.by(self.admin))
        with self.assertRefused("nobody who could decide"):
            self.ask(self.admin, self.make_customer(owner=self.sales2))

    def by_board(self):
        """Return a step of a group that holds a manager and an administrator."""
        people = (self.manager + self.admin).ids
        board = self.env['res.groups'].create({'name': "Board", 'user_ids': [Command.set(people)]})
        return {'approver_kind': 'group', 'group_id': board.id}

    def stand_in(self, user, delegate):
        """Let `delegate` decide for `user` today."""
        self.env['k20.approval.delegate'].create({'user_id': user.id, 'delegate_id': delegate.id})

    def test_a_step_that_nobody_could_decide_is_refused(self):
        """R159, R160: at submission, saying which step."""
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

    def test_neither_who_left_nor_a_customer_is_asked(self):
        """R159: an archived leader is nobody; of all who must agree, a customer with a login is none."""
        portal = self.env.ref('base.group_portal')
        guest = self.env['res.users'].create({'name': "Guest", 'login': 'k20_guest', 'group_ids': portal.ids})
        flow = self.make_flow(self.by(self.admin, guest, mode='all'))
        self.assertEqual(self.tasks(self.ask()).approver_ids, self.admin)
        flow.step_ids.approver_kind = 'leader'
        flow.step_ids.mode = 'any'
        self.team.user_id = self.make_user('k20_left', 'manager')
        self.team.user_id.active = False
        with self.assertRefused("nobody who could decide"):
            self.ask(customer=self.make_customer(owner=self.sales1))

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

    def test_nobody_is_their_own_leader(self):
        """R158: who leads a team and is a member of it is not the leader's leader."""
        self.env['ir.config_parameter'].set_param('sales_team.membership_multi', True)
        self.make_team(self.admin, self.manager)
        self.team.member_ids += self.manager
        self.make_flow({'approver_kind': 'leader'}, {'approver_kind': 'leaders_leader'})
        self.assertEqual([task.approver_ids for task in self.tasks(self.ask())], [self.manager, self.admin])

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
        """R160, R159: the flow says ask again or skip; what was skipped stands as what was decided."""
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
        with self.assertRefused("stands"):
            self.tasks(other)[1].state = 'open'

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

    def test_who_agreed_to_an_earlier_submission_is_asked_again(self):
        """R160: what is skipped was agreed to in this submission."""
        flow = self.make_flow(self.by(self.manager, self.admin), self.by(self.finance), self.by(self.manager))
        flow.repeat_approver = 'skip'
        request = self.ask()
        request.with_user(self.manager).action_k20_approve()
        request.with_user(self.finance).action_k20_reject("Not yet")
        request.with_user(self.sales1).action_k20_reset()
        request.with_user(self.sales1).action_k20_submit()
        for user in (self.admin, self.finance):
            request.with_user(user).action_k20_approve()
        self.assertEqual(request._k20_open_tasks().approver_ids, self.manager)

    def test_delegates_decide_from_the_first_to_the_last_day(self):
        """R159: and not on the days beside them, in the company's time zone; the trace names both."""
        self.manager.tz = 'Pacific/Honolulu'
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

    def test_a_delegation_ends_with_either_of_the_two(self):
        """R159: nobody decides for who has left, who has left is not asked; asked oneself, one decides for oneself."""
        self.make_flow(self.by_board())
        for user in (self.manager, self.admin):
            self.stand_in(user, self.finance)
        gone = self.make_user('k20_gone', 'finance')
        self.stand_in(self.admin, gone)
        gone.active = False
        request = self.ask()
        self.assertEqual(request.activity_ids.user_id, self.manager + self.admin + self.finance)
        self.env['k20.approval.delegate'].search([('user_id', '=', self.admin.id)]).unlink()
        self.assertTrue(request.with_user(self.finance).k20_can_decide)
        self.manager.active = False
        self.env.invalidate_all()
        self.assertFalse(request.with_user(self.finance).k20_can_decide)
        self.manager.active = True
        self.stand_in(self.manager, self.admin)
        request.with_user(self.admin).action_k20_approve()
        self.assertFalse(self.tasks(request).on_behalf_id)

    def test_a_leavers_approvals_pass_to_the_receiver(self):
        """R156: who is asked in the place of the leaver, and the leaver no more."""
        self.make_flow(self.by(self.manager))
        request = self.ask()
        values = {'user_id': self.manager.id, 'to_user_id': self.finance.id}
        self.env['k20.user.handover'].with_user(self.admin).create(values).action_apply()
        activities = self.env['mail.activity'].search([('res_model', '=', request._name), ('res_id', '=', request.id)])
        self.assertEqual((self.tasks(request).approver_ids, activities.user_id), (self.finance, self.finance))
        with self.assertRefused("waits for"):
            request.with_user(self.manager).action_k20_approve()

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
        for first, last in (('2027-03-05', '2027-03-06'), ('2027-02-27', '2027-03-01')):
            days = {'date_from': first, 'date_to': last}
            Delegate.create({'user_id': self.manager.id, 'delegate_id': self.admin.id, **days})

    def test_nobody_is_asked_about_what_they_cannot_see(self):
        """R159: a stand-in, or one of a group, who may not read the document does not find it in the inbox."""
        self.env['k20.approval.delegate'].with_user(self.admin).create({'delegate_id': self.manager.id})
        everybody = {'approver_kind': 'group', 'group_id': self.env.ref('base.group_user').id}
        self.make_flow(everybody, self.by(self.admin))
        others, team = self.ask(self.sales3, self.make_customer(owner=self.sales3)), self.ask()
        Task = self.env['k20.approval.task']
        found = [('can_decide', '=', True), ('res_model', '=', team._name), ('res_id', 'in', (others + team).ids)]
        for user, requests in ((self.manager, team), (self.admin, others + team), (self.buyer, team.browse())):
            inbox = Task.with_user(user).search(found).mapped('res_id')
            self.assertEqual(set(inbox), set(requests.ids), user.login)
        hidden = others.with_user(self.manager)
        for decide in (hidden.action_k20_approve, lambda: hidden.action_k20_reject("No"), hidden.action_k20_withdraw):
            with self.assertRaises(AccessError):
                others.read()  # all of it is known now, so that reading it stops nobody
                decide()
        others.with_user(self.admin).action_k20_approve()
        task = self.tasks(others).filtered('date_done')
        with self.assertRaises(AccessError):  # and is not told who decided
            (others.read(), task.read())
            task.with_user(self.manager).action_k20_approve()

    def test_who_decides_leaves_the_requesters_companies_as_they_are(self):
        """R157: Odoo keeps for all which companies are whose; worked out by who sees one of them, it would be one."""
        self.make_flow(self.by(self.manager))
        self.sales1.company_ids += self.other_company
        request = self.ask()
        self.env.registry.clear_cache()
        request.with_user(self.manager).with_context(allowed_company_ids=self.env.company.ids).action_k20_approve()
        self.assertEqual(set(self.sales1.sudo()._get_company_ids()), set(self.sales1.company_ids.ids))

    # -- flows -------------------------------------------------------------------------------------------------------

    def test_the_first_flow_that_fits_holds(self):
        """R158: by order, company, condition; inactive ones are passed over."""
        self.make_flow(self.by(self.admin), sequence=30)
        self.make_flow(self.by(self.manager), sequence=10, domain="[('kind', '=', 'transfer')]")
        self.make_flow(self.by(self.manager), sequence=1, company_id=self.other_company.id)
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
            with self.assertRaises(AccessError):
                flow.step_ids.with_user(user).name = "Mine"
        flow.with_user(self.admin).name = "Better"
