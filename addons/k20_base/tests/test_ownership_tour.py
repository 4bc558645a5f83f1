from odoo.tests import HttpCase, tagged

from .common import K20Case


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOwnershipTour(HttpCase, K20Case):
    """From the pool to an own customer, the inbox, and the leaver's wizard, in the browser."""

    def test_a_claim_is_approved_and_followed_up(self):
        """R181, R048: a salesperson asks, the administrator agrees, the salesperson records the first contact."""
        pooled = self.make_customer('channel', name="Tour Pool Channel")
        self.start_tour('/odoo/k20-channels', 'k20_claim', login=self.sales1.login)
        request = pooled.k20_assignment_ids.filtered(lambda row: row.kind == 'claim')
        self.assertEqual((request.k20_requester_id, request.k20_approval_state), (self.sales1, 'submitted'))
        self.start_tour('/odoo/k20-channels', 'k20_approve_claim', login=self.admin.login)
        self.assertEqual(pooled.user_id, self.sales1)
        self.start_tour('/odoo/k20-channels', 'k20_follow_up_claimed', login=self.sales1.login)
        self.assertEqual(pooled.k20_followup_ids.user_id, self.sales1)

    def test_the_inbox_decides_one_by_one_and_many_at_once(self):
        """R066, R171: one yes, one no with its reason, the rest at once."""
        names = ["Tour One", "Tour Two", "Tour Three", "Tour Four"]
        customers = [self.make_customer(name=name, owner=self.sales1) for name in names]
        for customer in customers:
            self.env['k20.customer.assignment'].with_user(self.sales1)._k20_request(
                'transfer', customer.ids, "Nearer to them", to_user_id=self.sales2.id
            )
        self.start_tour('/odoo/to-approve', 'k20_inbox', login=self.admin.login)
        owners = [customer.user_id for customer in customers]
        self.assertEqual(owners, [self.sales2, self.sales1, self.sales2, self.sales2])
        refused = customers[1].k20_assignment_ids[0]._k20_tasks()
        self.assertEqual((refused.state, refused.comment), ('rejected', "Finish the bid first"))

    def test_a_leaver_hands_over(self):
        """DESIGN §5: the customers of who leaves go to a colleague; before that the leaver cannot be archived."""
        customer = self.make_customer(owner=self.sales3)
        self.sales3.name, self.sales2.name = "Tour Leaver", "Tour Receiver"
        self.start_tour('/odoo/k20-channels', 'k20_handover', login=self.admin.login)
        self.assertEqual(customer.user_id, self.sales2)
        self.assertFalse(self.sales3._k20_left_with())


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOwnershipTourPhone(TestOwnershipTour):
    """The same on a phone."""

    allow_inherited_tests_method = True
    browser_size = '390x844'
    touch_enabled = True
