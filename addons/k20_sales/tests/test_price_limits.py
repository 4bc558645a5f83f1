from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .prices_case import PricesCase


class CurrencyCase(PricesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollars = cls.make_dollars()
        cls.branch = cls.env['res.company'].create({'name': "Branch", 'k20_floor_tolerance': 50})
        cls.sales1.company_ids += cls.branch
        cls.both = [cls.branch.id, cls.env.company.id]


@tagged('post_install', '-at_install')
class TestPriceContexts(CurrencyCase):
    """Prices are the order's: in its currency, by its company, whatever one works in. (R088, R089)"""

    def test_list_price_is_in_the_orders_currency(self):
        """R088: 100 yuan are 12.50 dollars."""
        self.assertAlmostEqual(self.quote(13, pricelist_id=self.dollars.id).order_line.k20_list_price, 12.5)

    def test_last_price_is_in_the_orders_currency(self):
        """R088: quoted in dollars before, shown in yuan; goods taken back and other lines of the order are no price."""
        self.quote(11, pricelist_id=self.dollars.id)
        self.quote(self.line_values(60, product_uom_qty=-1))
        order = self.quote(99, 98)
        first, second = order.order_line
        self.assertAlmostEqual(first.k20_last_price, 88)
        self.assertAlmostEqual(second.k20_last_price, 88)
        typed = self.env['sale.order.line'].with_user(self.sales1)
        typed = typed.new({'order_id': order.id, 'product_id': self.product.id})  # on the screen, not saved yet
        self.assertAlmostEqual(typed.k20_last_price, 88)

    def test_floor_and_tolerance_are_the_orders_companys(self):
        """R089: read by who works in another company, which has another floor and another tolerance."""
        line = self.quote(79).order_line
        self.product.with_company(self.branch).k20_floor_price = 5
        elsewhere = line.with_user(self.sales1).with_context(allowed_company_ids=self.both)
        self.env.flush_all()
        elsewhere.invalidate_recordset()
        self.assertEqual((elsewhere.k20_floor_price, elsewhere.k20_price_state), (80, 'needed'))
        self.env.company.k20_floor_tolerance = 5
        elsewhere.invalidate_recordset()
        self.assertEqual(elsewhere.k20_price_state, 'none')

    def test_another_companys_prices_are_not_quoted_here(self):
        """R088: neither as the last price nor in the history."""
        partner = self.env['res.partner'].create({'name': "Everybody's"})
        order = self.env['sale.order'].create({
            'partner_id': partner.id, 'company_id': self.branch.id,
            'order_line': [Command.create({'product_id': self.product.id, 'price_unit': 42, 'tax_ids': False})],
        })  # fmt: skip
        line = self.quote(99, user=self.admin, partner_id=partner.id).order_line
        self.admin.company_ids += self.branch
        for companies, price in ((self.both, 42), (self.env.company.ids, 0)):
            mine = line.with_user(self.admin).with_context(allowed_company_ids=companies)
            mine.invalidate_recordset()
            self.assertEqual(mine.k20_last_price, price)
        self.assertEqual(order.company_id, self.branch)

    def test_a_combo_is_judged_by_its_parts(self):
        """R089: its own line sells at nothing."""
        combo = self.env['product.combo'].create(
            {'name': "Parts", 'combo_item_ids': [Command.create({'product_id': self.product.id})]}
        )
        bundle = self.make_priced(floor=50, name="Bundle", type='combo', combo_ids=[Command.set(combo.ids)])
        order = self.quote(self.line_values(0, bundle), self.line_values(90))
        self.assertEqual(order.order_line.mapped('k20_price_state'), ['none', 'none'])

    def test_a_floor_is_no_cent_below_zero(self):
        """R089: half a yuan below is below."""
        with self.assertRefused('below zero', ValidationError):
            self.product.k20_floor_price = -0.5


@tagged('post_install', '-at_install')
class TestPriceDecisions(CurrencyCase):
    """What is decided on, and what ends a decision. (R089, R090)"""

    def test_the_flow_compares_company_currency(self):
        """R089: what the whole line sells at: two dozen at ten dollars a piece are 1920 yuan."""
        dozen = self.env.ref('uom.product_uom_dozen')
        free = self.make_priced(floor=88, name="Dear")
        line = self.line_values(120, free, product_uom_id=dozen.id, product_uom_qty=2)
        request = self.ask(self.quote(line, pricelist_id=self.dollars.id).order_line, 10)
        self.assertAlmostEqual(request._k20_approval_amount(), 1920)

    def test_a_floor_lowered_while_it_waits(self):
        """R090: nothing is left to decide; the order is submitted as it is."""
        order = self.quote(70)
        request = self.ask(order.order_line)
        self.product.k20_floor_price = 60
        with self.assertRefused('needs no special price'):
            self.approve(request)
        order.with_user(self.sales1).action_k20_submit()

    def assertVoid(self, order, request):
        self.assertTrue(request.void_on)
        with self.assertRaises(UserError):
            order.with_user(self.sales1).action_k20_submit()

    def test_a_smaller_discount_is_another_price(self):
        """R090: although the price is better, it is not what was decided on."""
        order = self.quote(self.line_values(100, discount=30))
        request = self.give(order.order_line)
        order.order_line.write({'discount': 25})
        self.assertVoid(order, request)

    def test_a_tax_in_the_price_takes_from_it(self):
        """R090: 70.00 with 13 % inside is 61.95."""
        tax = {'name': "In", 'amount': 13, 'type_tax_use': 'sale', 'price_include_override': 'tax_included'}
        inside = self.env['account.tax'].create(tax)
        order = self.quote(70)
        request = self.give(order.order_line)
        order.order_line.write({'tax_ids': [Command.set(inside.ids)]})
        self.assertVoid(order, request)

    def test_another_unit_is_another_price(self):
        """R090: also where Odoo works the price out anew."""
        order = self.quote(70)
        request = self.give(order.order_line)
        order.order_line.write({'product_uom_id': self.env.ref('uom.product_uom_dozen').id})
        self.assertTrue(request.void_on)
