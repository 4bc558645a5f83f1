from odoo.tests import tagged

from .approval_case import ApprovalCase


@tagged('post_install', '-at_install')
class TestLeavers(ApprovalCase):
    """Whatever waits for somebody who leaves is first given to somebody who stays. (R156)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls.make_user('k20_leaver', 'salesperson', 'manager')

    def leave(self):
        self.leaver.with_user(self.admin).active = False

    def hand_over(self, receiver=None):
        values = {'user_id': self.leaver.id, 'to_user_id': receiver.id if receiver else False}
        self.env['k20.user.handover'].with_user(self.admin).create(values).action_apply()

    def assertLeaves(self, what):
        """Expect that the leaver cannot go because of `what`, and nothing else."""
        with self.assertRefused(rf"still has work \({what}\): hand it over first"):
            self.leave()

    def test_who_has_nothing_leaves(self):
        """R156: what waits for others, or stands on a supplier, keeps nobody."""
        self.make_flow(self.by(self.admin))
        self.ask()
        self.env['res.partner'].create({'name': "Supplier", 'user_id': self.leaver.id})
        self.leave()
        self.assertFalse(self.leaver.active)

    def test_customers_are_given_to_a_colleague_or_to_the_pool(self):
        """R156: archived ones, too; the colleague finds them in the own list."""
        kept, archived = self.make_customer(owner=self.leaver), self.make_customer('channel', owner=self.leaver)
        archived.active = False
        self.assertLeaves("customers: 2")
        self.hand_over(self.sales2)
        self.assertEqual((kept + archived).user_id, self.sales2)
        self.assertIn(kept, self.env['res.partner'].with_user(self.sales2).search([('user_id', '=', self.sales2.id)]))
        self.leave()

    def test_archived_customers_alone_keep_their_owner_here(self):
        """R156: they would come back with an owner who is gone."""
        self.make_customer(owner=self.leaver).active = False
        self.assertLeaves("customers: 1")
        self.hand_over()
        self.leave()

    def test_what_was_asked_for_is_closed(self):
        """R156: by a claim of the leaver's, or by a colleague who would have given a customer."""
        self.make_flow(self.by(self.admin))
        pooled = self.make_customer('channel')
        self.env['k20.pool.customer'].with_user(self.leaver).browse(pooled.id).action_claim()
        Assignment = self.env['k20.customer.assignment']
        transfer = Assignment.with_user(self.sales1)._k20_request(
            'transfer', self.customer.ids, "x", to_user_id=self.leaver.id
        )
        requests = transfer + pooled.k20_assignment_ids.filtered(lambda row: row.kind == 'claim')
        self.assertLeaves("requests: 2")
        self.hand_over()
        self.assertEqual(requests.mapped('k20_approval_state'), ['rejected', 'rejected'])
        self.leave()

    def test_longer_protection_is_no_request_for_a_customer(self):
        """R156: it asks for the customer's sake, whoever has it."""
        self.make_flow(self.by(self.admin))
        mine = self.make_customer(owner=self.leaver)
        Assignment = self.env['k20.customer.assignment'].with_user(self.leaver)
        Assignment._k20_request('extend', mine.ids, "They decide in May", extend_days=9)
        self.assertLeaves("customers: 1")

    def test_approvals_go_to_a_colleague_by_name(self):
        """R156: those of a step to come, too; who is asked now finds them and decides."""
        self.team.user_id = self.leaver
        self.make_flow(self.by(self.admin), self.by(self.leaver))
        request = self.ask()
        self.assertLeaves("approvals: 1")
        with self.assertRefused("name a colleague who decides on them"):
            self.hand_over()
        with self.assertRefused("cannot be the receiver"):
            self.hand_over(self.leaver)
        self.hand_over(self.finance)
        self.leave()
        request.with_user(self.admin).action_k20_approve()
        asked = self.env['mail.activity'].search([('res_model', '=', request._name), ('res_id', '=', request.id)])
        self.assertEqual(asked.user_id, self.finance)
        request.with_user(self.finance).action_k20_approve()
        self.assertTrue(self.customer.k20_in_pool)
