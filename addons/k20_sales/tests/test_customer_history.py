from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import K20MoneyCase
from .project_case import ProjectMakers


@tagged('post_install', '-at_install')
class TestCustomerHistory(ProjectMakers, K20MoneyCase):
    """What a customer's page and the lists of money show, and what keeps a customer. (R074, R078, R079, R091, R094)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)

    def rows(self, action, user=None):
        Model = self.env[action['res_model']].with_user(user or self.sales1)
        domain = action['domain']
        return Model.search(safe_eval(domain) if isinstance(domain, str) else domain or [])

    def test_a_quotation_tells_which_order_it_became(self):
        """R078: once it is approved."""
        order = self.make_order(self.customer, self.sales1)
        self.assertFalse(order.k20_became_order)
        self.approve(order)
        order.invalidate_recordset()
        self.assertEqual(order.k20_became_order, order.name)

    def test_orders_are_what_was_approved(self):
        """R079: a contact's too, no quotation and no cancelled one; with contract, collected and open and totals."""
        mine = self.approve(self.make_claim(100, customer=self.customer))
        contacts = self.approve(self.make_claim(200, customer=self.make_contact(self.customer), owner=self.sales1))
        self.make_claim(300, customer=self.customer)
        cancelled = self.approve(self.make_claim(400, customer=self.customer))
        cancelled.with_user(self.admin)._action_cancel()
        action = self.customer.with_user(self.sales1).action_k20_open_orders()
        self.assertEqual(set(self.rows(action)), set(mine + contacts))
        self.assertEqual(self.customer.with_user(self.sales1).k20_order_count, 2)
        view = self.env.ref('k20_sales.sale_order_view_list_customer_orders')
        arch = etree.fromstring(self.env['sale.order'].with_user(self.sales1).get_view(view.id, 'list')['arch'])
        columns = {node.get('name'): node.get('sum') for node in arch.iter('field')}
        for names in (('k20_amount_contract', 'amount_total'), ('k20_amount_collected',), ('k20_amount_open',)):
            self.assertTrue(any(columns.get(name) for name in names), names)

    def test_lists_of_money_hold_what_they_are_about(self):
        """R091, R094: something still to collect, something received."""
        paid, partly, fresh = (self.approve(self.make_claim(100, customer=self.customer)) for _number in range(3))
        self.collect(paid, 100)
        self.collect(partly, 40)
        self.env.flush_all()
        for name, orders in (
            ('k20_receivable_action', partly + fresh),
            ('k20_receivable_action_received', paid + partly),
        ):
            action = self.env['ir.actions.act_window']._for_xml_id(f'k20_sales.{name}')
            found = self.rows(action).order_id & (paid + partly + fresh)
            self.assertEqual(set(found.ids), set(orders.ids), name)

    def test_each_trace_keeps_the_customer(self):
        """R050, R074: a project, archived or not, an order, either that a channel brought, a part in a project."""
        channel = self.make_customer('channel', owner=self.sales1)
        reason = self.env['crm.lost.reason'].create({'name': "Price"})
        for make in (
            lambda customer: self.make_lead(customer, self.sales1),
            lambda customer: self.make_lead(customer, self.sales1, active=False, lost_reason_id=reason.id),
            lambda customer: self.make_order(customer, self.sales1),
            lambda customer: self.make_party(self.make_lead(user=self.sales1), 'other', customer),
        ):
            customer = self.make_customer(owner=self.sales1)
            make(customer)
            with self.assertRefused('is in use', UserError):
                customer.with_user(self.admin).unlink()
        for make in (
            lambda: self.make_lead(self.customer, self.sales1, k20_channel_id=channel.id),
            lambda: self.make_order(self.customer, self.sales1, k20_channel_id=channel.id),
            lambda: self.make_customer(owner=self.sales1, k20_channel_id=channel.id),
        ):
            trace = make()
            with self.assertRefused('is in use', UserError):
                channel.with_user(self.admin).unlink()
            trace.k20_channel_id = False
        channel.with_user(self.admin).unlink()
        self.assertFalse(channel.exists())

    def test_existing_customers_are_listed_with_their_deals(self):
        """R196: first and last deal, number and amount; a filter finds them, another one what is incomplete."""
        self.assertEqual((self.customer.k20_deal_count, self.customer.k20_deal_amount), (0, 0))
        for amount in (100, 250):
            self.approve(self.make_claim(amount, customer=self.customer))
        today = self.env.company._k20_today()
        self.assertEqual((self.customer.k20_deal_count, self.customer.k20_deal_amount), (2, 350))
        self.assertEqual((self.customer.k20_first_deal_date, self.customer.k20_last_deal_date), (today, today))
        Partner = self.env['res.partner'].with_user(self.sales1)
        arch = Partner.get_view(self.env.ref('k20_base.res_partner_view_list_customer').id, 'list')['arch']
        shown = {node.get('name') for node in etree.fromstring(arch).iter('field')}
        deals = {'k20_first_deal_date', 'k20_last_deal_date', 'k20_deal_count', 'k20_deal_amount', 'k20_missing'}
        self.assertFalse(deals - shown)

    def test_whoever_gets_the_customer_finds_the_order(self):
        """R156: the administrator names another salesperson; open orders are theirs then, and gone from the former."""
        order = self.make_order(self.customer, self.sales1)
        self.customer.with_user(self.admin).user_id = self.sales2
        self.assertEqual(order.user_id, self.sales2)
        for user, count in ((self.sales1, 0), (self.sales2, 1)):
            found = self.env['sale.order'].with_user(user).search_count([('id', '=', order.id)])
            self.assertEqual(found, count, user.login)

    def test_one_box_finds_projects_and_orders(self):
        """R007: by part of the name or of the number; own ones alone."""
        lead = self.make_lead(self.customer, self.sales1, name="Machine Hall Modernisation")
        order = self.make_order(self.customer, self.sales1, opportunity_id=lead.id)
        for record, texts in ((lead, ("hall modern",)), (order, (order.name[1:], order.name))):
            for text in texts:
                for user, found in ((self.sales1, True), (self.sales3, False)):
                    names = self.env[record._name].with_user(user).name_search(text, limit=None)
                    self.assertEqual(record.id in dict(names), found, (record._name, text, user.login))

    def test_a_former_owners_projects_are_read_with_the_customer(self):
        """R013, R022: won or lost ones stay theirs and are on the customer's page; the new owner changes none."""
        won = self.make_lead(self.customer, self.sales1, name="Won")
        won.action_set_won()
        self.customer.with_user(self.admin).user_id = self.sales2
        self.assertEqual(won.user_id, self.sales1)
        self.assertEqual(won.with_user(self.sales2).name, "Won")
        self.assertEqual(self.customer.with_user(self.sales2).k20_project_count, 1)
        with self.assertRaises(AccessError):
            won.with_user(self.sales2).name = "Mine"
        with self.assertRaises(AccessError):
            won.with_user(self.sales1).read(['name'])

    def test_each_company_says_when_its_customers_are_silent(self):
        """R197: in the list of both, each by its own months; 0 is never."""
        branch = self.env['res.company'].create({'name': "Branch", 'k20_silent_months': 0})
        self.env.company.k20_silent_months = 6
        self.admin.company_ids += branch
        theirs = self.make_customer(company_id=branch.id)
        both = self.customer + theirs
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET k20_last_deal_date = '2020-01-01' WHERE id IN %s", [both._ids])
        both.invalidate_recordset()
        Partner = self.env['res.partner'].with_user(self.admin)
        Partner = Partner.with_context(allowed_company_ids=(self.env.company + branch).ids)
        found = Partner.search([('id', 'in', both.ids), ('k20_silent', '=', True)])
        self.assertEqual(found.ids, self.customer.ids)
        self.assertEqual(both.mapped('k20_silent'), [True, False])
