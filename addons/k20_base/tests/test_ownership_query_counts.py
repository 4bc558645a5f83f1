from odoo.tests import tagged

from .test_query_counts import FEW, MANY, ROOM, QueryCountCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOwnershipQueryCounts(QueryCountCase):
    """What the pool, the inbox, a history, claims and approvals cost in queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin.notification_type = 'inbox'
        cls.pooled = cls.env['res.partner'].union(*(cls.make_customer('end') for _number in range(MANY)))

    def pool(self, customers):
        return self.env['k20.pool.customer'].with_user(self.sales1).browse(customers.ids)

    def assertSame(self, view, model, domain, grow, user=None):
        """Expect the list `view` of 80 rows to take as many queries as one of 2; `grow(start, end)` adds rows."""
        specification = self.specification(view, 'list', model, user)
        counts = []
        for start, end in ((0, FEW), (FEW, MANY)):
            grow(start, end)

            def open_list(Model, end=end):
                found = Model.web_search_read(domain, specification, limit=ROOM)
                self.assertEqual(len(found['records']), end)

            counts.append(self.queries(open_list, model, user))
        self.assertEqual(*counts)

    def test_pool_list(self):
        """R059, R061: the list of the pool."""
        self.pooled.active = False

        def grow(start, end):
            self.pooled[start:end].active = True

        self.assertSame('k20_pool_customer_view_list', 'k20.pool.customer', [('id', 'in', self.pooled.ids)], grow)

    def test_inbox(self):
        """R066, R171: what waits for the administrator."""

        def grow(start, end):
            self.pool(self.pooled[start:end]).action_claim()

        domain = [('can_decide', '=', True), ('requester_id', '=', self.sales1.id)]
        self.assertSame('k20_approval_task_view_list', 'k20.approval.task', domain, grow, self.admin)

    def test_history(self):
        """R051, R139: the moves of one customer."""
        customer = self.make_customer('end')  # which writes its first row
        people = [self.sales1, self.sales2]

        def grow(start, end):
            for number in range(max(start, 1), end):
                customer.with_user(self.admin).user_id = people[number % 2]

        domain = [('partner_id', '=', customer.id)]
        self.assertSame('k20_customer_assignment_view_list', 'k20.customer.assignment', domain, grow, self.admin)

    def cost(self, work):
        """Return how many queries `work()` takes with a cold record cache, its writes included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def claim(self, count):
        """Return what it costs to claim `count` customers that nobody has asked for yet."""
        claimed, self.pooled = self.pooled[:count], self.pooled[count:]
        return self.cost(self.pool(claimed).action_claim)

    def approve(self, count):
        """Return what it costs to approve `count` of the claims."""
        domain = [('k20_approval_state', '=', 'submitted'), ('k20_requester_id', '=', self.sales1.id)]
        requests = self.env['k20.customer.assignment'].search(domain, limit=count)
        self.assertEqual(len(requests), count)
        return self.cost(requests.with_user(self.admin).action_k20_approve)

    def plain_request(self):
        """Make a document of plain Odoo and ask the administrators for a decision on it."""
        lead = self.env['crm.lead'].create({'name': "Document", 'user_id': self.sales1.id})
        for user in self.env.ref('k20_base.group_k20_admin').all_user_ids.filtered('active'):
            lead.activity_schedule('mail.mail_activity_data_todo', user_id=user.id, summary="Decide")
        return lead

    def plain_decision(self, lead):
        """Change hands, close what was asked and tell who asked, as plain Odoo does."""
        lead.user_id = self.sales2
        lead.activity_feedback(['mail.mail_activity_data_todo'])
        lead.message_notify(partner_ids=self.sales1.partner_id.ids, subject="Approved", body="Approved")

    def test_a_claim(self):
        """R060: at most 20 queries more than plain Odoo needs to ask the same people about a document."""
        self.claim(1)
        self.cost(self.plain_request)  # the first ones fill the caches
        self.assertLessEqual(self.claim(1), self.cost(self.plain_request) + 20)

    def test_an_approval(self):
        """R066: likewise; the customer moves with all that hangs on it."""
        self.claim(2)
        leads = self.plain_request(), self.plain_request()
        self.approve(1)
        self.cost(lambda: self.plain_decision(leads[0]))
        self.assertLessEqual(self.approve(1), self.cost(lambda: self.plain_decision(leads[1])) + 20)

    def test_many_claims_and_approvals(self):
        """R066, R181: what 20 at once cost grows no faster than their number."""
        self.claim(1)
        two = self.claim(2)
        self.assertLessEqual(self.claim(20), 10 * two)
        self.approve(1)
        two = self.approve(2)
        self.assertLessEqual(self.approve(20), 10 * two)
