from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.k20_base.tests.common import RpcError

from .project_case import ProjectCase, ProjectHttpCase


@tagged('post_install', '-at_install')
class TestLeads(ProjectCase):
    """A lead is recorded once, and becomes a project or is lost. (R002)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.make_customer('channel', cls.sales1)
        cls.source = cls.env['k20.customer.source'].create({'name': "Test Fair"})

    def record(self, user=None, **values):
        user = user or self.sales1
        values = {
            'type': 'lead', 'name': "Server room", 'partner_name': "Brand New Ltd.", 'contact_name': "Li",
            'phone': '13700009999', 'k20_source_id': self.source.id, 'k20_channel_id': self.channel.id,
            'expected_revenue': 5000, **values,
        }  # fmt: skip
        return self.env['crm.lead'].with_user(user).create(values)

    def test_a_lead_becomes_a_project_without_typing_again(self):
        """R002: customer of kind end with owner, source, phone and contact; channel and amount stay."""
        lead = self.record()
        self.assertEqual(lead.user_id, self.sales1)
        action = lead.action_k20_convert()
        self.assertEqual((action['res_model'], action['res_id']), ('crm.lead', lead.id))
        customer = lead.partner_id
        self.assertEqual((lead.type, lead.expected_revenue, lead.k20_channel_id), ('opportunity', 5000, self.channel))
        self.assertEqual((customer.name, customer.k20_kind, customer.user_id), ("Brand New Ltd.", 'end', self.sales1))
        self.assertEqual((customer.k20_source_id, customer.k20_star), (self.source, '1'))
        self.assertTrue(customer.k20_code)
        self.assertIn('13700009999', customer.phone.replace(' ', ''))
        self.assertEqual(customer.child_ids.mapped('name'), ["Li"])
        self.assertEqual(customer.sudo().k20_assignment_ids.mapped('kind'), ['assign'])
        with self.assertRefused('no open lead'):
            lead.action_k20_convert()

    def test_a_known_company_is_refused_with_whom_to_ask(self):
        """R002, R074: a colleague's customer of that name; nothing of it shows, and nothing is half-written."""
        self.make_customer(owner=self.sales3, name="Brand New Ltd.", street="Hidden Road")
        lead = self.record()
        with self.assertRaises(UserError) as caught:
            lead.action_k20_convert()
        self.assertIn(self.sales3.name, str(caught.exception))
        self.assertNotIn("Hidden Road", str(caught.exception))
        self.assertEqual((lead.type, lead.partner_id), ('lead', self.env['res.partner']))

    def test_an_own_customers_lead_keeps_its_customer(self):
        """R002: no second customer is made."""
        customer = self.make_customer(owner=self.sales1)
        lead = self.record(partner_id=customer.id)
        lead.action_k20_convert()
        self.assertEqual(lead.partner_id, customer)

    def test_the_channel_that_brought_it_stays(self):
        """R002: whatever brought the customer, which Odoo's dialog links to it."""
        lead = self.record()
        other = self.make_customer('channel', self.sales1)
        customer = self.make_customer(owner=self.sales1, k20_channel_id=other.id)
        dialog = self.env['crm.lead2opportunity.partner'].with_user(self.sales1)
        dialog = dialog.with_context(active_model='crm.lead', active_id=lead.id, active_ids=lead.ids)
        dialog.create({'name': 'convert', 'action': 'exist', 'partner_id': customer.id}).action_apply()
        self.assertEqual((lead.type, lead.partner_id, lead.k20_channel_id), ('opportunity', customer, self.channel))

    def test_the_leader_converts_for_the_colleague(self):
        """R002: the customer is the salesperson's whose lead it was."""
        lead = self.record(self.sales2, k20_channel_id=False)
        lead.with_user(self.manager).action_k20_convert()
        self.assertEqual(lead.partner_id.user_id, self.sales2)

    def test_a_colleagues_lead_is_out_of_reach(self):
        """R022: without a customer it is seen with its salesperson."""
        lead = self.record(self.sales3, k20_channel_id=False)
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRaises(AccessError, msg=user.login):
                lead.with_user(user).action_k20_convert()

    def test_a_loss_has_a_reason(self):
        """R002: by the button, by writing, for leads and projects."""
        reason = self.env['crm.lost.reason'].create({'name': "No budget"})
        for lead in (self.record(), self.make_project(user=self.sales1).with_user(self.sales1)):
            with self.assertRefused('Why is it lost'):
                lead.action_set_lost()
            with self.assertRefused('Choose the reason', ValidationError):
                lead.write({'active': False, 'probability': 0})
            wizard = self.env['crm.lead.lost'].with_user(self.sales1).create({'lead_ids': [(6, 0, lead.ids)]})
            with self.assertRefused('Why is it lost'):
                wizard.action_lost_reason_apply()
            wizard.lost_reason_id = reason
            wizard.action_lost_reason_apply()
            self.assertEqual((lead.won_status, lead.lost_reason_id), ('lost', reason))
            with self.assertRefused('no open lead'):
                lead.action_k20_convert()

    def test_leads_are_listed_by_source_owner_and_period(self):
        """R002: each stands in the list's search, as filter or group."""
        self.record()
        Lead = self.env['crm.lead'].with_user(self.sales1)
        domain = [('type', '=', 'lead'), ('partner_name', '=', "Brand New Ltd.")]
        for group in ('k20_source_id', 'user_id', 'create_date:month'):
            ((_value, count),) = Lead._read_group(domain, [group], ['__count'])
            self.assertEqual(count, 1)
        self.assertEqual(Lead.search_count([*domain, ('k20_source_id', 'ilike', "Test Fair")]), 1)

    def test_a_project_is_what_is_made_elsewhere(self):
        """DESIGN §3: a project is a crm.lead; a lead is made only where leads are listed."""
        self.assertEqual(self.env['crm.lead'].with_user(self.sales1).create({'name': "x"}).type, 'opportunity')


@tagged('post_install', '-at_install')
class TestLeadDoors(ProjectHttpCase):
    """Conversion over the wire. (R002, R157)"""

    def test_odoos_own_dialog_makes_the_same_customer(self):
        """R002: whichever button it was; another owner is not taken from the client."""
        self.login(self.sales1)
        values = {'type': 'lead', 'name': "Room", 'partner_name': "Dialog Ltd.", 'user_id': self.sales1.id}
        (lead_id,) = self.call('crm.lead', 'create', [values])
        context = {'active_model': 'crm.lead', 'active_id': lead_id, 'active_ids': [lead_id]}
        (dialog,) = self.call(
            'crm.lead2opportunity.partner', 'create', [{'name': 'convert', 'action': 'create'}], context=context
        )
        self.call('crm.lead2opportunity.partner', 'action_apply', [dialog], context=context)
        customer = self.env['crm.lead'].browse(lead_id).partner_id
        self.assertEqual((customer.name, customer.k20_kind, customer.user_id), ("Dialog Ltd.", 'end', self.sales1))

    def test_no_customer_for_somebody_else(self):
        """R157: a forged owner of the lead makes no customer of a colleague."""
        self.login(self.sales1)
        values = {'type': 'lead', 'name': "Room", 'partner_name': "Forged Ltd.", 'user_id': self.sales1.id}
        (lead_id,) = self.call('crm.lead', 'create', [values])
        context = {'default_user_id': self.sales3.id}
        self.call('crm.lead', 'action_k20_convert', [lead_id], context=context)
        self.assertEqual(self.env['crm.lead'].browse(lead_id).partner_id.user_id, self.sales1)
        colleagues = self.make_lead(user=self.sales3, type='lead')
        with self.assertRaises(RpcError):
            self.call('crm.lead', 'action_k20_convert', colleagues.ids)
