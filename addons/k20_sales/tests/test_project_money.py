from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import K20MoneyCase
from .project_case import ProjectMakers


@tagged('post_install', '-at_install')
class TestProjectMoney(ProjectMakers, K20MoneyCase):
    """The project page tells what its orders claim and have received, and leads to all of it. (R009)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.make_project(user=cls.sales1)
        cls.customer = cls.lead.partner_id

    def claim(self, amount, **values):
        return self.make_claim(amount, customer=self.customer, opportunity_id=self.lead.id, **values)

    def figures(self):
        lead = self.lead.with_user(self.sales1)
        lead.invalidate_recordset()
        return lead.k20_amount_contract, lead.k20_amount_collected, lead.k20_amount_open

    def test_totals_are_of_the_approved_orders(self):
        """R009: contract, collected and open; a quotation that was not bought and a cancelled order add nothing."""
        self.assertEqual(self.figures(), (0, 0, 0))
        first, second, cancelled = self.claim(1000), self.claim(500), self.claim(70)
        self.claim(9999)
        self.confirm_order(first, second, cancelled)
        self.collect(first, 400)
        self.register(second, 100)
        cancelled.with_user(self.admin)._action_cancel()
        self.assertEqual(self.figures(), (1500, 400, 1100))

    def test_totals_are_in_company_currency(self):
        """R009: an order in dollars at the rate of its date."""
        pricelist = self.make_dollars()
        order = self.claim(100, pricelist_id=pricelist.id)
        self.confirm_order(order)
        self.collect(order, 25)
        self.assertEqual(self.figures(), (800, 200, 600))

    def test_one_click_leads_to_the_collections(self):
        """R009: of all its orders; not of a colleague's project."""
        first, second = self.claim(1000), self.claim(500)
        payments = self.register(first, 10) + self.register(second, 20)
        self.register(self.make_claim(30, customer=self.customer), 30)
        lead = self.lead.with_user(self.sales1)
        self.assertEqual(lead.k20_payment_count, 2)
        domain = lead.action_k20_open_collections()['domain']
        self.assertEqual(self.env['account.payment'].with_user(self.sales1).search(domain), payments.sorted('id', True))
        with self.assertRaises(AccessError):
            self.lead.with_user(self.sales3).action_k20_open_collections()

    def test_everything_stands_on_the_page(self):
        """R009: parties, totals, and a click to follow-ups, quotations, orders and collections."""
        view = self.env.ref('k20_sales.crm_lead_view_form_project')
        arch = etree.fromstring(self.env['crm.lead'].with_user(self.sales1).get_view(view.id, 'form')['arch'])
        fields = {node.get('name') for node in arch.iter('field')}
        self.assertLessEqual(
            {'k20_party_ids', 'k20_amount_contract', 'k20_amount_collected', 'k20_amount_open'}, fields
        )
        buttons = {node.get('name') for node in arch.iter('button')}
        followups = str(self.env.ref('k20_sales.k20_followup_action_project').id)
        wanted = {'action_view_sale_quotation', 'action_view_sale_order', 'action_k20_open_collections', followups}
        self.assertLessEqual(wanted, buttons)
