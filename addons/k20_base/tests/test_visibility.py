from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20Case


@tagged('post_install', '-at_install')
class TestVisibility(K20Case):
    """Who sees which customer. (R022, R154)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_customer(owner=cls.sales1)
        cls.contact = cls.make_contact(cls.mine, phone='13800000001')
        cls.others = cls.make_customer(owner=cls.sales3)
        cls.pooled = cls.make_customer('channel')
        cls.all = cls.mine + cls.contact + cls.others + cls.pooled

    def seen_by(self, user):
        return self.env['res.partner'].with_user(user).search([('id', 'in', self.all.ids)])

    def test_a_salesperson_sees_own_customers_and_their_contacts(self):
        """R022: not a colleague's, not the pool's."""
        self.assertEqual(self.seen_by(self.sales1), self.mine + self.contact)
        self.assertFalse(self.seen_by(self.sales2))

    def test_a_manager_sees_the_teams_they_lead(self):
        """R022: sales1 is in the manager's team, sales3 is not; who leads and is no manager sees own ones."""
        self.assertEqual(self.seen_by(self.manager), self.mine + self.contact)
        self.make_team(self.sales3, self.sales1)
        self.assertEqual(self.seen_by(self.sales3), self.others)

    def test_who_sees_all(self):
        """R022: administrator, finance, and those who buy or ship without selling."""
        for user in (self.admin, self.finance, self.buyer, self.storekeeper):
            self.assertEqual(self.seen_by(user), self.all, user.login)

    def test_without_a_role_no_customer_is_seen(self):
        """R154: what is not granted is refused; companies and colleagues stay visible."""
        self.assertFalse(self.seen_by(self.outsider))
        self.assertTrue(self.sales1.partner_id.with_user(self.outsider).name)
        self.assertTrue(self.env.company.partner_id.with_user(self.outsider).name)

    def test_a_portal_user_sees_the_own_company(self):
        """R022: by Odoo's own rule, the company and all its contacts, and no other customer."""
        group_ids = [Command.set(self.env.ref('base.group_portal').ids)]
        portal = self.env['res.users'].create(
            {'login': 'k20_portal', 'partner_id': self.make_contact(self.mine).id, 'group_ids': group_ids}
        )
        self.assertEqual(self.seen_by(portal), self.mine + self.contact)

    def test_a_person_with_two_roles_sees_the_union(self):
        """R022: a salesperson who is finance too sees all."""
        both = self.make_user('k20_both', 'salesperson', 'finance')
        self.assertEqual(self.seen_by(both), self.all)

    def test_a_role_taken_away_holds_at_once(self):
        """R021: with effect from the next request."""
        self.assertTrue(self.seen_by(self.sales1))
        self.sales1.with_user(self.admin).k20_role_ids = False
        self.assertFalse(self.seen_by(self.sales1))

    def test_a_change_of_team_holds_at_once(self):
        """R022: a member moved to another team, a leader replaced."""
        self.assertEqual(self.seen_by(self.manager), self.mine + self.contact)
        self.team.member_ids = self.sales2
        self.assertFalse(self.seen_by(self.manager))
        self.other_team.user_id = self.manager
        self.assertEqual(self.seen_by(self.manager), self.others)

    def test_a_membership_made_ended_and_deleted_holds_at_once(self):
        """R021, R022: by itself, not through its team."""
        seller = self.make_user('k20_seller', 'salesperson')
        self.others.user_id = seller
        seen = self.mine + self.contact
        self.assertEqual(self.seen_by(self.manager), seen)
        member = self.env['crm.team.member'].create({'crm_team_id': self.team.id, 'user_id': seller.id})
        self.assertEqual(self.seen_by(self.manager), seen + self.others)
        member.active = False
        self.assertEqual(self.seen_by(self.manager), seen)
        member.active = True
        self.assertEqual(self.seen_by(self.manager), seen + self.others)
        member.unlink()
        self.assertEqual(self.seen_by(self.manager), seen)

    def test_a_buyer_changes_no_customer(self):
        """R022, R157: buyers and storekeepers read customers and change none, contact managers of Odoo's neither."""
        self.storekeeper.group_ids += self.env.ref('base.group_partner_manager')
        for user in (self.buyer, self.storekeeper):
            with self.assertRaises(AccessError):
                self.mine.with_user(user).name = "Changed"

    def test_errors_name_no_hidden_record(self):
        """R157: nothing of the record shows in the message, in debug mode either."""
        with self.assertRaises(AccessError) as caught:
            self.others.with_user(self.sales1).with_context(debug=True).read(['name'])
        self.assertNotIn(self.others.name, str(caught.exception))

    def test_another_companys_customers_are_not_seen(self):
        """R022: by Odoo's own rule, the owner and the administrator included, until they switch that company on."""
        (self.sales1 + self.admin).write({'company_ids': [Command.link(self.other_company.id)]})
        theirs = self.make_customer(owner=self.sales1, company_id=self.other_company.id)
        contact = self.make_contact(theirs)
        for user in (self.sales1, self.admin):
            Partner = self.env['res.partner'].with_user(user)
            for company_ids, seen in ((self.env.company.ids, False), (self.other_company.ids, True)):
                found = Partner.with_context(allowed_company_ids=company_ids).search([('id', 'child_of', theirs.id)])
                self.assertEqual(found, theirs + contact if seen else Partner, user.login)
        with self.assertRaises(AccessError):
            theirs.with_user(self.finance).read(['name'])
