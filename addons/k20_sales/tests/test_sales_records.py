import ast

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.k20_base.tools.days import shift

from .common import K20SalesCase


@tagged('post_install', '-at_install')
class TestSalesRecords(K20SalesCase):
    """What was sold of any period, and orders found by what one knows of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server, cls.switch = cls.make_product(name="Server X"), cls.make_product(name="Switch Y")
        cls.customer = cls.make_customer(owner=cls.sales1)
        cls.channel = cls.make_customer('channel', owner=cls.sales1)
        lines = [
            Command.create({'product_id': product.id, 'product_uom_qty': count, 'price_unit': 100, 'tax_ids': False})
            for product, count in ((cls.server, 2), (cls.switch, 5))
        ]
        cls.order = cls.make_order(cls.customer, cls.sales1, order_line=lines, k20_channel_id=cls.channel.id)
        cls.colleagues = cls.make_order(cls.make_customer(owner=cls.sales3), cls.sales3, product=cls.server)
        cls.confirm_order(cls.order, cls.colleagues)
        cls.quotation = cls.make_order(cls.customer, cls.sales1, product=cls.server)

    def records(self, user, *domain):
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.sale_order_line_action_records')
        return self.env['sale.order.line'].with_user(user).search([*ast.literal_eval(action['domain']), *domain])

    def test_lines_of_approved_orders_only(self):
        """R029: quotations are no sales, cancelled orders neither."""
        self.assertEqual(self.records(self.sales1), self.order.order_line)
        self.order.with_user(self.admin)._action_cancel()
        self.assertFalse(self.records(self.sales1))

    def test_each_sees_what_they_may(self):
        """R029, R084: own ones, the team's, all."""
        everything = self.order.order_line + self.colleagues.order_line
        for user, lines in (
            (self.sales1, self.order.order_line),
            (self.sales3, self.colleagues.order_line),
            (self.manager, self.order.order_line),
            (self.finance, everything),
            (self.admin, everything),
        ):
            self.assertEqual(self.records(user, ('id', 'in', everything.ids)), lines, user.login)

    def test_orders_go_with_their_customer(self):
        """R084: one that names no salesperson is nobody else's; one goes along with a customer that is given away."""
        unnamed = self.make_order(self.colleagues.partner_id)
        given = self.make_order(self.make_customer(owner=self.sales3), self.sales1)
        for user, seen in ((self.sales1, False), (self.manager, False), (self.sales3, True), (self.finance, True)):
            for order in (unnamed, given):
                self.assertEqual(bool(order.with_user(user).search([('id', '=', order.id)])), seen, user.login)

    def test_of_any_period_by_whatever_one_knows(self):
        """R029: product, customer, channel, project, salesperson and deal date find the lines and total them."""
        today = self.env.company._k20_today()
        server, _switch = self.order.order_line
        for name, value, found in (
            ('product_id', self.server.id, server),
            ('k20_customer_id', self.customer.id, self.order.order_line),
            ('k20_channel_id', self.channel.id, self.order.order_line),
            ('k20_project_id', self.order.opportunity_id.id, self.order.order_line),
            ('salesman_id', self.sales1.id, self.order.order_line),
            ('k20_deal_date', today, self.order.order_line),
            ('k20_deal_date', shift(today, -1), server.browse()),
        ):
            self.assertEqual(self.records(self.sales1, (name, '=', value)), found, name)
        mine = [('id', 'in', self.order.order_line.ids)]
        Line = self.env['sale.order.line'].with_user(self.sales1)
        for name in ('product_id', 'k20_customer_id', 'k20_channel_id', 'k20_project_id', 'salesman_id'):
            rows = Line._read_group(mine, [name], ['product_uom_qty:sum', 'price_total:sum'])
            self.assertEqual(sum(row[1] for row in rows), 7, name)
            self.assertEqual(sum(row[2] for row in rows), 700, name)

    def test_the_order_opens_from_its_line(self):
        """R029: and nobody else's."""
        line = self.order.order_line[0]
        self.assertEqual(line.with_user(self.sales1).action_k20_open_order()['res_id'], self.order.id)
        with self.assertRefused('.', AccessError):
            line.with_user(self.sales3).action_k20_open_order()

    def test_orders_are_found_by_project_type_date_and_salesperson(self):
        """R084: the list's search asks for these, the list shows the money with totals; one finds own orders only."""
        both = ('id', 'in', (self.order + self.colleagues).ids)
        Order = self.env['sale.order'].with_user(self.sales1)
        for name, value in (
            ('opportunity_id', self.order.opportunity_id.name),
            ('k20_order_type_id', self.order.k20_order_type_id.name),
            ('user_id', self.sales1.name),
        ):
            self.assertEqual(Order.search([both, (name, 'ilike', value)]), self.order, name)
        day = self.order.date_order.date()
        self.assertEqual(Order.search([both, ('date_order', '>=', day)]), self.order)
        views = self.env['sale.order'].get_views([
            (self.env.ref('k20_sales.sale_order_view_list').id, 'list'),
            (self.env.ref('k20_sales.sale_order_view_search').id, 'search'),
        ])['views']  # fmt: skip
        search, shown = etree.fromstring(views['search']['arch']), etree.fromstring(views['list']['arch'])
        asked = {node.get('name') for node in search.iter('field')} | {
            node.get('date') for node in search.iter('filter')
        }
        self.assertLessEqual({'opportunity_id', 'k20_order_type_id', 'user_id', 'date_order'}, asked)
        columns = {node.get('name'): node for node in shown.iter('field')}
        self.assertLessEqual(
            {'name', 'opportunity_id', 'partner_id', 'k20_channel_id', 'k20_approval_state'}, set(columns)
        )
        for name in ('amount_total', 'k20_amount_collected', 'k20_amount_open'):
            self.assertTrue(columns[name].get('sum'), name)

    def test_quotation_history_belongs_to_the_owner_until_submission(self):
        """R081: added, changed and deleted with its lines; what became an order stays in the history."""
        quotation = self.quotation.with_user(self.sales1)
        quotation.order_line.price_unit = 90
        quotation.write({'order_line': [Command.create({'product_id': self.switch.id, 'product_uom_qty': 1})]})
        quotation.order_line[1].unlink()
        history = self.env['sale.order'].with_user(self.sales1)
        self.assertIn(quotation, history.search([('partner_id', '=', self.customer.id)]))
        quotation.unlink()
        self.assertEqual(history.search([('partner_id', '=', self.customer.id)]), self.order)
        for user in (self.sales1, self.admin):
            with self.assertRefused('.', UserError):
                self.order.with_user(user).unlink()
