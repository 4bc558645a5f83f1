import json

from odoo.tests import tagged

from .common import K20SalesCase, K20SalesHttpCase


@tagged('post_install', '-at_install')
class TestVisibility(K20SalesCase):
    """Projects, orders and invoices are seen with their customer. (R022, R154)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_customer(owner=cls.sales1)
        cls.others = cls.make_customer(owner=cls.sales3)
        cls.pooled = cls.make_customer('channel')
        cls.private = cls.env['res.partner'].create({'name': "No customer"})

    def documents(self, customer, user=None):
        """Return what there is of sales documents: project, order and its line, invoice and its lines, analyses."""
        lead = self.make_lead(customer, user)
        order = self.make_order(customer, user)
        invoice = self.make_invoice(customer, user)
        self.env.flush_all()
        orders = self.env['sale.report'].search(
            [('partner_id', '=', customer.id), ('order_reference', '=', f'sale.order,{order.id}')]
        )
        bills = self.env['account.invoice.report'].search([('move_id', '=', invoice.id)])
        return [lead, order, order.order_line, invoice, invoice.line_ids, orders, bills]

    def assertSeen(self, user, documents, seen):
        for records in documents:
            self.assertTrue(records)
            if not self.env[records._name].with_user(user).has_access('read'):
                continue
            found = records.with_user(user).search([('id', 'in', records.ids)])
            self.assertEqual(found, records if seen else records.browse(), f'{user.login} {records._name}')

    def test_documents_are_seen_with_their_customer(self):
        """R022: own, the team's, a colleague's, the pool's; finance and administrator all; without a role none."""
        mine, others = self.documents(self.mine, self.sales1), self.documents(self.others, self.sales3)
        pooled = self.documents(self.pooled)
        for user, sees in (
            (self.sales1, (True, False, False)),
            (self.sales2, (False, False, False)),
            (self.sales3, (False, True, False)),
            (self.manager, (True, False, False)),
            (self.admin, (True, True, True)),
            (self.finance, (True, True, True)),
            (self.make_user('k20_both', 'salesperson', 'finance'), (True, True, True)),
            (self.outsider, (False, False, False)),
        ):
            for documents, seen in zip((mine, others, pooled), sees, strict=True):
                self.assertSeen(user, documents, seen)
        seller = self.make_user('k20_seller')
        seller.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        for documents in (mine, others, pooled):
            self.assertSeen(seller, documents, False)

    def test_documents_do_not_outlive_the_move(self):
        """R022: the former owner's own document of a customer that is another's now."""
        documents = self.documents(self.mine, self.sales1)
        self.mine.user_id = self.sales3
        self.assertSeen(self.sales1, documents, False)

    def test_documents_without_customer_are_seen_with_their_salesperson(self):
        """R022: Odoo shows what has no salesperson to everybody."""
        own, nobodys = self.make_lead(user=self.sales1), self.make_lead(phone='13800000009')
        orders = self.make_order(self.private, self.sales1), self.make_order(self.private)
        for mine, others in ((own, nobodys), orders):
            for user in (self.sales1, self.manager):
                self.assertSeen(user, [mine], True)
                self.assertSeen(user, [others], False)
            for user in (self.sales2, self.sales3):
                self.assertSeen(user, [mine, others], False)
        self.assertSeen(self.admin, [own, nobodys, *orders], True)

    def test_odoos_own_roots_are_hidden(self):
        """R040: K20's menu does the work of CRM and Sales; the administrator keeps both."""
        roots = self.env.ref('crm.crm_menu_root') + self.env.ref('sale.sale_menu_root')
        Menu = self.env['ir.ui.menu']
        self.assertLessEqual(set(roots.ids), set(Menu.with_user(self.sales1)._k20_hidden_roots()))
        self.assertFalse(set(roots.ids) & set(Menu.with_user(self.admin)._k20_hidden_roots()))

    def test_finance_sees_what_the_accounts_need(self):
        """R022: finance reads orders, invoices and payments of everybody, and no purchase is hidden by K20's rules."""
        for model in ('sale.order', 'sale.order.line', 'account.move', 'account.move.line', 'account.payment'):
            self.assertTrue(self.env[model].with_user(self.finance).has_access('read'), model)
        bill = self.make_invoice(self.private, move_type='in_invoice')
        self.assertSeen(self.finance, [bill, bill.line_ids], True)
        self.assertSeen(self.sales1, [bill], False)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestDoors(K20SalesHttpCase):
    """The ways round: Odoo copies a customer's details into projects and orders. (R157)"""

    SECRETS = ('13911112222', 'gu@hidden.example', 'Hidden Road')

    def setUp(self):
        super().setUp()
        details = {'phone': '13911112222', 'email': 'gu@hidden.example', 'street': 'Hidden Road 1'}
        self.hidden = self.make_customer(owner=self.sales3, **details)
        self.lead = self.make_lead(self.hidden, self.sales3)
        self.order = self.make_order(self.hidden, self.sales3)
        self.own = self.make_lead(user=self.sales1)
        self.login(self.sales1)

    def refuse(self, model, method, *args, **kwargs):
        error = self.assertCallRefused(model, method, *args, **kwargs)
        for secret in (*self.SECRETS, self.hidden.name):
            self.assertNotIn(secret, error)

    def test_no_hidden_customer_in_a_project_or_an_order(self):
        """R157: create, write, copy, default and onchange."""
        hidden = self.hidden.id
        for model in ('crm.lead', 'sale.order'):
            values = {'partner_id': hidden, 'name': "x"}
            self.refuse(model, 'create', [values])
            self.refuse(model, 'create', [{'name': "x"}], context={'default_partner_id': hidden})
            self.refuse(model, 'default_get', ['partner_id'], context={'default_partner_id': hidden})
            self.refuse(model, 'onchange', [], {'partner_id': hidden}, ['partner_id'], {'partner_id': {}})
        self.refuse('crm.lead', 'write', self.own.ids, {'partner_id': hidden})
        self.refuse('crm.lead', 'copy', self.own.ids, {'partner_id': hidden})

    def test_no_hidden_project_or_order_in_another_record(self):
        """R157: a project or an order is as good as its customer."""
        start = {'start': '2026-03-02 01:00:00', 'stop': '2026-03-02 02:00:00'}
        mine = self.make_customer(owner=self.sales1)
        self.refuse('sale.order', 'create', [{'partner_id': mine.id, 'opportunity_id': self.lead.id}])
        self.refuse('calendar.event', 'create', [{'name': "x", **start, 'opportunity_id': self.lead.id}])
        self.refuse('crm.lead', 'write', self.own.ids, {'order_ids': [[4, self.order.id]]})
        self.refuse('crm.lead', 'merge_opportunity', (self.lead + self.own).ids)

    def test_daily_work_goes_on(self):
        """R154: an own customer's project and order, with its contact's details."""
        mine = self.make_customer(owner=self.sales1, phone='13700001111')
        lead_id = self.call('crm.lead', 'create', [{'name': "x", 'partner_id': mine.id}])
        read = self.call('crm.lead', 'read', lead_id, ['phone', 'user_id'])
        self.assertIn('13700001111', json.dumps(read).replace(' ', ''))
        order_id = self.call('sale.order', 'create', [{'partner_id': mine.id, 'opportunity_id': lead_id[0]}])
        self.call('sale.order', 'message_post', order_id, body="Hello", partner_ids=mine.ids)
