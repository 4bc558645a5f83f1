from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .project_case import ProjectCase


@tagged('post_install', '-at_install')
class TestCustomerPage(ProjectCase):
    """What a customer's page leads to, and the filters of customers. (R078, R079, R197)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)

    def mine(self):
        return self.customer.with_user(self.sales1)

    def rows(self, action):
        """Return what an action lists for sales1."""
        return self.env[action['res_model']].with_user(self.sales1).search(action['domain'])

    def test_every_quotation_is_in_the_history(self):
        """R078: with products, prices and total; a contact's, a cancelled one and an order too."""
        lead = self.make_project(self.customer)
        first = self.make_order(self.customer, self.sales1, opportunity_id=lead.id)
        contacts = self.make_order(self.make_contact(self.customer), self.sales1)
        cancelled = self.make_order(self.customer, self.sales1)
        cancelled._action_cancel()
        self.make_order(self.make_customer(owner=self.sales1), self.sales1)
        self.assertEqual(self.rows(self.mine().action_k20_open_quotations()), first + contacts + cancelled)
        self.assertEqual(self.mine().k20_quotation_count, 3)
        self.assertEqual(first.opportunity_id, lead)
        self.assertEqual(first.k20_product_summary, "Server × 1 @ 100.00")
        self.assertFalse(first.k20_became_order)

    def test_projects_won_and_lost_are_listed(self):
        """R013: the customer's page lists them all, and counts the open ones apart."""
        projects = self.make_project(self.customer) + self.make_project(self.customer)
        reason = self.env['crm.lost.reason'].create({'name': "Too dear"})
        projects[0].action_set_lost(lost_reason_id=reason.id)
        self.assertEqual((self.mine().k20_project_count, self.mine().k20_open_project_count), (2, 1))
        action = self.mine().action_k20_open_projects()
        found = self.env['crm.lead'].with_user(self.sales1).with_context(**action['context']).search(action['domain'])
        self.assertEqual(found, projects)

    def test_a_colleagues_page_opens_nothing(self):
        """R022: the buttons are the server's methods, too."""
        customer = self.customer.with_user(self.sales3)
        for open_ in (
            customer.action_k20_open_projects, customer.action_k20_open_quotations,
            customer.action_k20_open_orders, customer.action_k20_open_issues,
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                open_()

    def test_who_reads_no_projects_still_opens_the_page(self):
        """R154: finance reads customers and no projects."""
        self.make_project(self.customer)
        self.assertEqual(self.customer.with_user(self.sales1).k20_project_count, 1)
        self.assertEqual(self.customer.with_user(self.finance).k20_project_count, 0)

    def found(self, *domain):
        Partner = self.env['res.partner'].with_user(self.sales1)
        return bool(Partner.search([('id', '=', self.customer.id), *domain]))

    def deal(self, day):
        """Let the customer's only deal be on `day`, as orders make it."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET k20_first_deal_date = %s, k20_last_deal_date = %s, k20_deal_count = 1"
            " WHERE id = %s",
            [day, day, self.customer.id],
        )
        self.customer.invalidate_recordset()

    def test_prospects_become_existing_customers(self):
        """R197: by the first deal, without anybody's doing."""
        prospect, existing = ('k20_deal_count', '=', 0), ('k20_deal_count', '>', 0)
        self.assertTrue(self.found(prospect))
        self.assertFalse(self.found(existing))
        self.deal(date(2026, 3, 2))
        self.assertFalse(self.found(prospect))
        self.assertTrue(self.found(existing))

    def test_silent_customers_go_by_the_companys_day(self):
        """R197: bought before, and nothing for N months; never bought is not silent; 0 is off."""
        silent, loud = ('k20_silent', '=', True), ('k20_silent', '=', False)
        self.env.company.k20_silent_months = 6
        self.assertFalse(self.found(silent))
        self.assertTrue(self.found(loud))
        self.deal(date(2026, 3, 2))
        for moment, expected in (('2026-09-01 15:59:00', False), ('2026-09-01 16:01:00', True)):
            with freeze_time(moment):  # midnight in Shanghai lies between
                self.customer.invalidate_recordset()
                self.assertEqual((self.found(silent), self.found(loud)), (expected, not expected), moment)
                self.assertEqual(self.customer.k20_silent, expected)
        self.env.company.k20_silent_months = 0
        with freeze_time('2030-01-01'):
            self.assertFalse(self.found(silent))

    def test_months_end_is_no_trap(self):
        """R197: six months before 31 August is the last of February."""
        self.env.company.k20_silent_months = 6
        with freeze_time('2026-08-31 04:00:00'):
            self.assertEqual(self.env.company._k20_silent_since(), date(2026, 2, 28))

    def test_prospects_are_listed_with_what_decides(self):
        """R197: source, owner, last contact, next step, open projects and days since creation."""
        arch = self.env.ref('k20_sales.res_partner_view_list_prospect').arch
        for name in (
            'k20_source_id', 'k20_owner_id', 'k20_last_followup_date', 'k20_next_followup_date',
            'k20_open_project_count', 'k20_days_since_creation',
        ):  # fmt: skip
            self.assertIn(f'name="{name}"', arch)
        self.assertEqual(self.customer.k20_days_since_creation, 0)
