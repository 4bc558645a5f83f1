from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .prices_case import PricesCase


@tagged('post_install', '-at_install')
class TestFloors(PricesCase):
    """Which floor holds for a line, and who sets it. (R088, R089)"""

    def floor(self, order):
        return order.order_line[:1].k20_floor_price

    def test_floor_of_the_only_variant_is_the_products(self):
        self.assertEqual(self.product.product_tmpl_id.k20_floor_price, 80)
        self.product.product_tmpl_id.k20_floor_price = 75
        self.assertEqual(self.product.k20_floor_price, 75)
        self.assertIn(self.product, self.env['product.product'].search([('k20_floor_price', '=', 75)]))
        self.assertNotIn(self.product, self.env['product.product'].search([('k20_floor_price', '>', 75)]))

    def test_a_variant_may_have_its_own(self):
        attribute = self.env['product.attribute'].create(
            {'name': "Size", 'value_ids': [Command.create({'name': name}) for name in ('S', 'L')]}
        )
        line = {'attribute_id': attribute.id, 'value_ids': [Command.set(attribute.value_ids.ids)]}
        template = self.env['product.template'].create(
            {'name': "Cabinet", 'k20_floor_price': 50, 'attribute_line_ids': [Command.create(line)]}
        )
        small, large = template.product_variant_ids
        large.k20_floor_price = 70
        self.assertEqual((template.k20_floor_price, small.k20_floor_price, large.k20_floor_price), (50, 50, 70))
        found = self.env['product.product'].search(
            [('k20_floor_price', '>=', 50), ('product_tmpl_id', '=', template.id)]
        )
        self.assertEqual(found, small + large)
        self.assertEqual(
            self.env['product.product'].search(
                [('k20_floor_price', '<', 60), ('id', 'in', template.product_variant_ids.ids)]
            ),
            small,
        )
        self.assertEqual(self.floor(self.quote(self.line_values(60, large))), 70)

    def test_the_price_rules_floor_goes_first(self):
        """R089: with a price list, its rule's floor for the products and quantities that the rule is for."""
        rule = {'compute_price': 'fixed', 'fixed_price': 90, 'min_quantity': 10, 'k20_floor_price': 60}
        rule.update(applied_on='1_product', product_tmpl_id=self.product.product_tmpl_id.id)
        pricelist = self.env['product.pricelist'].create({'name': "Volume", 'item_ids': [Command.create(rule)]})
        order = self.quote(self.line_values(65, product_uom_qty=10), pricelist_id=pricelist.id)
        self.assertEqual(self.floor(order), 60)
        self.assertEqual(order.order_line.k20_price_state, 'none')
        order.order_line.write({'product_uom_qty': 9, 'price_unit': 65})
        self.assertEqual(self.floor(order), 80)
        self.assertEqual(order.order_line.k20_price_state, 'needed')

    def test_floor_belongs_to_the_company(self):
        other = self.env['res.company'].create({'name': "Branch"})
        self.assertEqual(self.product.with_company(other).k20_floor_price, 0)

    def test_set_by_who_defines_rules(self):
        """R089: not by who may change products or price lists otherwise, not by create, copy or a default."""
        keeper = self.make_user('k20_keeper', 'buyer')
        keeper.group_ids += self.env.ref('product.group_product_manager')
        product = self.product.with_user(keeper)
        with self.assertRefused('who defines rules', AccessError):
            product.k20_floor_price = 1
        with self.assertRefused('who defines rules', AccessError):
            product.product_tmpl_id.write({'k20_floor_price': 1, 'name': "x"})
        with self.assertRefused('who defines rules', AccessError):
            product.create({'name': "x", 'k20_floor_price': 1})
        for model in ('product.template', 'product.product'):
            made = self.env[model].with_user(keeper).with_context(default_k20_floor_price=1).create({'name': "x"})
            self.assertEqual(made.k20_floor_price, 0)
        # Browsed anew: a product just made keeps a context that makes no variants.
        original = self.env['product.product'].browse(self.product.id)
        for user, floor in ((keeper, 0), (self.admin, 80)):
            self.assertEqual(original.with_user(user).copy().product_tmpl_id.k20_floor_price, floor)
        product.name = "Server 2"
        keeper.group_ids += self.env.ref('k20_base.group_k20_rules')
        product.k20_floor_price = 70
        self.assertEqual(self.product.k20_floor_price, 70)
        pricelist = self.env['product.pricelist'].create({'name': "List"})
        seller = self.make_user('k20_head', 'salesperson')
        seller.group_ids += self.env.ref('sales_team.group_sale_manager')
        with self.assertRefused('who defines rules', AccessError):
            pricelist.with_user(seller).item_ids = [Command.create({'fixed_price': 5, 'k20_floor_price': 1})]

    def test_no_floor_below_zero_no_odd_tolerance(self):
        with self.assertRefused('below zero', ValidationError):
            self.product.k20_floor_price = -1
        for tolerance in (-1, 100):
            with mute_logger('odoo.sql_db'), self.assertRaises(Exception) as caught, self.env.cr.savepoint():
                self.env.company.k20_floor_tolerance = tolerance
                self.env.flush_all()
            self.assertIn('tolerance', str(caught.exception))


@tagged('post_install', '-at_install')
class TestNetPrice(PricesCase):
    """What one unit of the product really sells at, and whether that is below the floor. (R088, R089)"""

    def state(self, *lines, **values):
        return self.quote(*lines, **values).order_line[:1].k20_price_state

    def test_floor_and_tolerance(self):
        self.assertEqual([self.state(price) for price in (100, 80, 79.99)], ['none', 'none', 'needed'])
        self.env.company.k20_floor_tolerance = 5
        self.assertEqual([self.state(price) for price in (76, 75.99)], ['none', 'needed'])

    def test_discounts_of_the_line(self):
        order = self.quote(self.line_values(100, discount=25), self.line_values(100, discount=100))
        self.assertEqual(order.order_line.mapped('k20_net_price'), [75, 0])
        self.assertEqual(order.order_line.mapped('k20_price_state'), ['needed', 'needed'])

    def test_other_unit(self):
        dozen = self.env.ref('uom.product_uom_dozen')
        order = self.quote(self.line_values(948, product_uom_id=dozen.id))
        self.assertAlmostEqual(order.order_line.k20_net_price, 79)
        self.assertEqual(order.order_line.k20_price_state, 'needed')

    def test_tax_included_and_excluded(self):
        """R089: 90.40 with 13 % inside is 80.00."""
        Tax = self.env['account.tax']
        tax = {'amount': 13, 'type_tax_use': 'sale'}
        inside = Tax.create({'name': "In", 'price_include_override': 'tax_included', **tax})
        on_top = Tax.create({'name': "On", 'price_include_override': 'tax_excluded', **tax})
        for price, taxes, net, state in (
            (90.40, inside, 80, 'none'),
            (90.39, inside, 79.99115, 'needed'),
            (80, on_top, 80, 'none'),
            (79, on_top, 79, 'needed'),
        ):
            line = self.quote(self.line_values(price, tax_ids=[Command.set(taxes.ids)])).order_line
            self.assertAlmostEqual(line.k20_net_price, net, 5)
            self.assertEqual(line.k20_price_state, state, price)
        listed = self.quote(self.line_values(113, tax_ids=[Command.set(inside.ids)])).order_line
        self.assertAlmostEqual(listed.k20_list_price, 100 / 1.13)

    def test_other_currency_at_the_orders_date(self):
        pricelist = self.make_dollars({'2026-03-01': 7.0, '2026-03-10': 8.0})
        values = {'pricelist_id': pricelist.id}
        early = self.quote(11, date_order='2026-03-02 04:00:00', **values).order_line
        late = self.quote(11, date_order='2026-03-11 04:00:00', **values).order_line
        self.assertAlmostEqual(early.k20_floor_price, 80 / 7)
        self.assertAlmostEqual(late.k20_floor_price, 10)
        self.assertEqual((early + late).mapped('k20_price_state'), ['needed', 'none'])
        self.assertAlmostEqual(late.k20_net_price_company, 88)

    def test_what_other_lines_take_off(self):
        """R089: Odoo's order-level discount, a line with a negative price, goods taken back: in proportion."""
        free = self.make_priced(name="Cable")
        order = self.quote(90, self.line_values(110, free))
        wizard = self.env['sale.order.discount'].create(
            {'sale_order_id': order.id, 'discount_type': 'so_discount', 'discount_percentage': 0.2}
        )
        wizard.action_apply_discount()
        first, second, _discount = order.order_line
        self.assertAlmostEqual(first.k20_net_price, 72)
        self.assertAlmostEqual(second.k20_net_price, 88)
        self.assertEqual((first + second).mapped('k20_price_state'), ['needed', 'none'])
        for values in ({'price': -40}, {'price': 40, 'product_uom_qty': -1}):
            order = self.quote(90, self.line_values(110, free), self.line_values(product=free, **values))
            self.assertAlmostEqual(order.order_line[0].k20_net_price, 72)
            self.assertBlocked(order)

    def test_not_set_by_a_client(self):
        order = self.quote(70)
        with self.assertRefused('worked out by the system'):
            order.order_line.k20_net_price = 100
        with self.assertRefused('worked out by the system'):
            self.quote(self.line_values(70, k20_net_price=100))

    def test_last_price_for_this_customer(self):
        """R088: of the same product, before, of an order that stands, in this order's currency."""
        other = self.make_customer(owner=self.sales1)
        self.quote(95)
        self.quote(85).action_cancel()
        self.quote(91, partner_id=other.id)
        branch = self.make_contact(self.customer)
        latest = self.quote(93, partner_id=branch.id)
        line = self.quote(99).order_line
        self.assertEqual(line.k20_last_price, 93)
        self.assertEqual(line.k20_last_price_date, latest.date_order)
        self.assertEqual(latest.order_line.k20_last_price, 95)
        self.assertFalse(self.quote(1, partner_id=self.make_customer(owner=self.sales1).id).order_line.k20_last_price)

    def test_last_price_only_as_far_as_one_may_see(self):
        partner = self.env['res.partner'].create({'name': "No customer"})
        self.quote(66, user=self.sales3, partner_id=partner.id)
        line = self.quote(99, partner_id=partner.id).order_line
        self.assertFalse(line.with_user(self.sales1).k20_last_price)
        self.assertEqual(line.with_user(self.admin).k20_last_price, 66)
