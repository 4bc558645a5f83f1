from odoo import fields
from odoo.tests import tagged

from .test_order_approval import OrderCase


@tagged('post_install', '-at_install')
class TestMoves(OrderCase):
    """Open projects and orders go with their customer. (DESIGN §5)"""

    def test_a_move_takes_what_is_open_along(self):
        """DESIGN §5, R156: drafts and submitted orders, open projects, also of contacts; closed ones stay."""
        contact = self.make_contact(self.customer)
        submitted, draft = self.make_order(self.customer, self.sales1), self.make_order(contact, self.sales1)
        submitted.with_user(self.sales1).action_k20_submit()
        approved = self.approve(self.make_order(self.customer, self.sales1))
        cancelled = self.make_order(self.customer, self.sales1, state='cancel')
        lead, lost = self.make_lead(contact, self.sales1), self.make_lead(self.customer, self.sales1)
        lost.action_set_lost(lost_reason_id=self.env.ref('crm.lost_reason_1').id)
        lead.message_subscribe(self.sales1.partner_id.ids)
        lead.activity_schedule('mail.mail_activity_data_todo', user_id=self.sales1.id)
        self.customer.with_user(self.admin).user_id = self.sales3
        moved = draft + submitted + self.order
        self.assertEqual(moved.user_id, self.sales3)
        self.assertEqual(moved.team_id, self.other_team)
        self.assertEqual((lead + submitted.opportunity_id).user_id, self.sales3)
        self.assertEqual(lead.activity_ids.user_id, self.sales3)
        self.assertNotIn(self.sales1.partner_id, lead.message_partner_ids)
        self.assertEqual((approved + cancelled).user_id + lost.user_id, self.sales1)
        self.assertEqual(submitted.k20_approval_state, 'submitted')
        # What the former owner made is read by the new one, not by the former one any more.
        found = self.env['sale.order'].with_user(self.sales3).search([('partner_id', 'child_of', self.customer.id)])
        self.assertLessEqual(approved, found)
        self.assertFalse(approved.with_user(self.sales1).has_access('read'))

    def test_the_pool_has_documents_of_nobody(self):
        """DESIGN §5: and who claims the customer gets them."""
        lead = self.make_lead(self.customer, self.sales1)
        for owner in (self.env['res.users'], self.sales2):
            self.customer.with_user(self.admin).user_id = owner
            self.assertEqual((self.order.user_id, lead.user_id), (owner, owner))

    def test_nobody_leaves_with_projects_and_orders(self):
        """DESIGN §5: 离职交接: to the receiver, also those of customers of colleagues or of none."""
        private = self.env['res.partner'].create({'name': "No customer"})
        order, lead = self.make_order(private, self.sales1), self.make_lead(user=self.sales1)
        approved = self.approve(self.make_order(self.customer, self.sales1))
        with self.assertRefused("projects: 2.*orders: 2"):
            self.sales1.active = False
        handover = self.env['k20.user.handover'].with_user(self.admin)
        with self.assertRefused("name a colleague"):
            handover.create({'user_id': self.sales1.id}).action_apply()
        handover.create({'user_id': self.sales1.id, 'to_user_id': self.sales2.id}).action_apply()
        self.assertEqual((order + self.order).user_id + lead.user_id, self.sales2)
        self.assertEqual(approved.user_id, self.sales1)
        self.sales1.active = False


@tagged('post_install', '-at_install')
class TestLossOfOpenBusiness(OrderCase):
    """Open business holds a loss back, as far as the rule says so. (DESIGN §5)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['k20.loss.rule'].search([]).active = False  # pylint: disable=no-search-all
        cls.rule = cls.env['k20.loss.rule'].create(
            {'name': "Test rule", 'k20_kind': 'end', 'condition': 'no_followup', 'days': 1, 'warn_days': 0}
        )

    def exempt(self):
        return bool(self.customer._k20_loss_exempt(self.rule))

    def test_an_open_order_exempts(self):
        """DESIGN §5: in approval, or approved and not delivered or collected; no quotation, no completed one."""
        self.assertFalse(self.exempt())
        self.order.with_user(self.sales1).action_k20_submit()
        self.assertTrue(self.exempt())
        self.order.with_user(self.admin).action_k20_approve()
        self.assertTrue(self.exempt())
        self.rule.exempt_open_order = False
        self.assertFalse(self.exempt())
        self.rule.exempt_open_order = True
        self.order.with_user(self.admin).action_k20_complete("Done")
        self.assertFalse(self.exempt())

    def test_a_delivered_and_collected_order_exempts_no_more(self):
        """DESIGN §5: whether somebody has clicked or not."""
        gift = self.make_order(self.customer, self.sales1, product=self.make_product(type='service'))
        gift.order_line.price_unit = 0
        self.approve(gift)
        self.assertFalse(self.exempt())

    def test_a_project_with_a_next_step_exempts(self):
        """DESIGN §5: within so many days, of an open project, where the rule says so."""
        today = self.env.company._k20_today()
        lead = self.make_lead(self.make_contact(self.customer), self.sales1)
        step = lead.activity_schedule(
            'mail.mail_activity_data_todo', user_id=self.sales1.id, date_deadline=fields.Date.add(today, days=5)
        )
        self.assertFalse(self.exempt())
        self.rule.exempt_project_days = 5
        self.assertTrue(self.exempt())
        for days in (6, -1):
            step.date_deadline = fields.Date.add(today, days=days)
            self.assertFalse(self.exempt())
        step.date_deadline = today
        self.assertTrue(self.exempt())
        lead.action_set_lost(lost_reason_id=self.env.ref('crm.lost_reason_1').id)
        self.assertFalse(self.exempt())

    def test_the_job_asks_the_rule_of_each_customer(self):
        """R185: one customer stays with its order, the other goes."""
        other = self.make_customer(owner=self.sales1)
        self.approve(self.order)
        customers = self.customer + other
        customers._k20_judge_all({'end'})
        self.env.cr.execute(
            "UPDATE res_partner SET k20_loss_date = '2026-01-01', k20_loss_rule_id = %s WHERE id IN %s",
            [self.rule.id, tuple(customers.ids)],
        )
        self.env.invalidate_all()
        customers._k20_take_due()
        self.assertEqual((self.customer.user_id, other.user_id), (self.sales1, self.env['res.users']))
