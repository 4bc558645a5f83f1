from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
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
        usd = self.env.ref('base.USD')
        usd.active = True
        rates = (('2026-03-01', 7.0), ('2026-03-10', 8.0))
        usd.rate_ids.unlink()
        for day, rate in rates:
            self.env['res.currency.rate'].create({'currency_id': usd.id, 'name': day, 'inverse_company_rate': rate})
        pricelist = self.env['product.pricelist'].create({'name': "USD", 'currency_id': usd.id})
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


@tagged('post_install', '-at_install')
class TestPriceRequests(PricesCase):
    """Asking for a special price, giving it, and what makes it void. (R089, R090)"""

    def test_no_submission_without_an_approved_price(self):
        order = self.quote(70, 100)
        line = order.order_line[0]
        self.assertBlocked(order)
        request = self.ask(line)
        self.assertEqual(line.k20_price_state, 'requested')
        self.assertBlocked(order)
        self.approve(request)
        self.assertEqual(line.k20_price_state, 'approved')
        order.with_user(self.sales1).action_k20_submit()
        self.assertEqual(order.k20_approval_state, 'submitted')

    def test_what_the_request_says(self):
        request = self.ask(self.quote(70).order_line, 65)
        self.assertEqual((request.list_price, request.floor_price, request.net_price), (100, 80, 70))
        self.assertEqual((request.requested_price, request.k20_requester_id), (65, self.sales1))
        self.assertAlmostEqual(request.with_user(self.admin).margin, 65 - self.COST)
        self.assertIn("65.00 instead of 80.00 (list 100.00)", request._k20_approval_summary())
        with self.assertRefused('margin', AccessError):
            request.with_user(self.sales1).read(['margin'])

    def test_at_or_above_the_floor_none_is_needed(self):
        with self.assertRefused('needs no special price'):
            self.ask(self.quote(80).order_line)
        with self.assertRefused('needs no special price'):
            self.ask(self.quote(100).order_line, 70)
        with self.assertRefused('needs no special price'):
            self.ask(self.quote(70).order_line, 80)
        self.assertFalse(self.Request.search([('product_id', '=', self.product.id)]))

    def test_bad_input(self):
        line = self.quote(70).order_line
        for price in (-1, float('nan'), float('inf'), True, None, "70", [70]):
            with self.assertRefused('A price is a number'):
                line.with_user(self.sales1).action_k20_request_price(price, "Why not")
        for reason in ("", "  ", None, False, 5):
            with self.assertRefused('say why'):
                line.with_user(self.sales1).action_k20_request_price(70, reason)
        with self.assertRefused('less than the 75.00 you ask for'):
            self.ask(line, 75)
        with self.assertRefused('choose one'):
            self.quote(70, 60).order_line.with_user(self.sales1).action_k20_request_price(50, "Both")
        self.assertFalse(line.k20_price_request_ids)

    def test_free_of_charge_can_be_asked_for(self):
        order = self.quote(self.line_values(100, discount=100))
        self.give(order.order_line, 0)
        order.with_user(self.sales1).action_k20_submit()

    def test_who_asks(self):
        """R089: who may change the order and sells; not a colleague, not finance."""
        line = self.quote(70).order_line
        for user in (self.sales2, self.sales3, self.finance, self.storekeeper):
            with self.assertRaises(AccessError, msg=user.name):
                line.with_user(user).action_k20_request_price(70, "For a colleague")
        self.ask(line, user=self.manager)

    def test_one_live_request_a_line(self):
        line = self.quote(70).order_line
        request = self.ask(line)
        with self.assertRefused('asked for already'):
            self.ask(line)
        request.with_user(self.sales1).action_k20_withdraw()
        second = self.ask(line, 60)
        with self.assertRefused('asked for already'):
            request.with_user(self.sales1).action_k20_submit()
        second.with_user(self.admin).action_k20_reject("Too low")
        self.assertEqual(line.k20_price_state, 'refused')
        self.approve(self.ask(line, 65))
        self.assertEqual(line.k20_price_state, 'approved')
        with self.assertRefused('asked for already'):
            self.ask(line)

    def test_nobody_approves_an_own_request(self):
        request = self.ask(self.quote(70).order_line)
        for user in (self.sales1, self.manager):
            with self.assertRaises(UserError):
                request.with_user(user).action_k20_approve()

    def test_nobody_writes_a_request(self):
        request = self.ask(self.quote(70).order_line)
        for user in (self.sales1, self.manager, self.admin):
            for attempt in (
                lambda mine: mine.write({'requested_price': 1}),
                lambda mine: mine.write({'k20_approval_state': 'approved'}),
                lambda mine: mine.unlink(),
                lambda mine: mine.copy(),
                lambda mine: mine.create({'order_id': request.order_id.id, 'reason': "x"}),
            ):
                with self.assertRaises(UserError):
                    attempt(request.with_user(user))

    def test_no_way_in_over_the_order(self):
        """R089: no request made, or taken from another line, through the commands of an order."""
        order, other = self.quote(70), self.quote(70)
        given = self.give(other.order_line)
        values = {'order_id': order.id, 'product_id': self.product.id, 'requested_price': 1, 'reason': "x"}
        for user in (self.sales1, self.admin):
            for command in (
                Command.create(values),
                Command.link(given.id),
                Command.set(given.ids),
                Command.update(given.id, {'requested_price': 1}),
            ):
                lines = [Command.update(order.order_line.id, {'k20_price_request_ids': [command]})]
                with self.assertRaises(UserError):
                    order.with_user(user).write({'order_line': lines})
                with self.assertRaises(UserError):
                    self.quote(self.line_values(70, k20_price_request_ids=[command]), user=user)
        self.assertEqual(given.order_line_id, other.order_line)
        self.assertBlocked(order)

    def test_two_at_once_make_one(self):
        """R089: the second of two requests that did not see each other is stopped by the index."""
        line = self.quote(70).order_line
        request = self.ask(line)
        values = {**line.sudo()._k20_prepare_price_request(), 'requested_price': 70, 'reason': "At once"}
        second = request.sudo().create(values)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            second._k20_move('submit')
            self.env.flush_all()

    def test_seen_with_the_customer(self):
        request = self.ask(self.quote(70).order_line)
        for user, seen in ((self.sales1, 1), (self.manager, 1), (self.finance, 1), (self.sales2, 0), (self.sales3, 0)):
            found = self.Request.with_user(user).search_count([('id', '=', request.id)])
            self.assertEqual(found, seen, user.name)

    # -- void --------------------------------------------------------------------------------------------------------

    def assertVoid(self, order, request):
        self.assertTrue(request.void_on)
        self.assertEqual(request.void_by_id, self.sales1)
        self.assertBlocked(order)

    def test_a_change_of_the_line_makes_it_void(self):
        """R090: product, quantity, unit, price, discount; for good, also where it is changed back."""
        twin = self.make_priced(80, name=self.product.name)
        for values in (
            {'product_uom_qty': 2, 'price_unit': 70},
            {'price_unit': 69},
            {'price_unit': 71},
            {'discount': 1},
            {'product_uom_id': self.env.ref('uom.product_uom_dozen').id, 'price_unit': 70},
            {'product_id': twin.id, 'price_unit': 70},
        ):
            order = self.quote(70)
            line = order.order_line
            request = self.give(line)
            before = {name: line[name].id if name.endswith('_id') else line[name] for name in values}
            order.write({'order_line': [Command.update(line.id, values)]})
            self.assertVoid(order, request)
            self.assertEqual(line.k20_price_state, 'void', values)
            line.write({'price_unit': 70, **before})
            self.assertVoid(order, request)
            self.assertIn('changed', request.void_reason)

    def test_a_change_while_it_is_decided_takes_it_back(self):
        line = self.quote(70).order_line
        request = self.ask(line)
        line.price_unit = 60
        self.assertTrue(request.void_on)
        self.assertFalse(request._k20_open_tasks())
        with self.assertRaises(UserError):
            self.approve(request)
        with self.assertRefused('changed since'):
            request.with_user(self.sales1).action_k20_submit()
        self.approve(self.ask(line))

    def test_harmless_changes_keep_it(self):
        order = self.quote(70)
        self.give(order.order_line)
        order.order_line.write({'name': "Server, black", 'sequence': 3})
        order.write({'client_order_ref': "A-1", 'order_line': [self.line_values(100)]})
        order.with_user(self.sales1).action_k20_submit()

    def test_what_is_taken_off_later_makes_it_void(self):
        """R090: an order-level discount, or a negative line, after the approval."""
        for price in (-1, -69):
            order = self.quote(70)
            request = self.give(order.order_line)
            order.write({'order_line': [self.line_values(price, self.make_priced(name="Gift"))]})
            self.assertVoid(order, request)
        order = self.quote(
            100, self.line_values(-25, self.make_priced(name="Gift")), self.line_values(100, self.make_priced())
        )
        order.order_line[2].unlink()
        self.assertBlocked(order)

    def test_a_deleted_line_takes_the_discount_with_it(self):
        order = self.quote(84, self.line_values(100, self.make_priced()), self.line_values(-16, self.make_priced()))
        line = order.order_line[0]
        request = self.give(line)
        order.order_line[1].unlink()
        self.assertVoid(order, request)

    def test_other_price_list_currency_or_customer(self):
        usd = self.env.ref('base.USD')
        usd.active = True
        plain, foreign = self.env['product.pricelist'].create([{'name': "A"}, {'name': "B", 'currency_id': usd.id}])
        other = self.make_customer(owner=self.sales1)
        for values in ({'pricelist_id': plain.id}, {'pricelist_id': foreign.id}, {'partner_id': other.id}):
            order = self.quote(9, pricelist_id=False)
            request = self.give(order.order_line)
            order.write(values)
            self.assertTrue(request.void_on, values)

    def test_moved_to_another_order(self):
        order, other = self.quote(70, 100), self.quote(100)
        request = self.give(order.order_line[0])
        order.order_line[0].order_id = other
        self.assertVoid(other, request)

    def test_a_copy_needs_its_own(self):
        order = self.quote(70)
        self.give(order.order_line)
        copied = order.with_user(self.sales1).copy()
        self.assertEqual(copied.order_line.k20_price_state, 'needed')
        self.assertBlocked(copied)

    def test_a_deleted_line_closes_it(self):
        order = self.quote(70, 100)
        request = self.ask(order.order_line[0])
        order.order_line[0].unlink()
        self.assertFalse(request.order_line_id)
        self.assertIn('deleted', request.void_reason)
        self.assertFalse(request._k20_open_tasks())
        order.with_user(self.sales1).action_k20_submit()

    def test_a_deleted_or_cancelled_order_closes_it(self):
        order, cancelled = self.quote(70), self.quote(70)
        request, other = self.ask(order.order_line), self.ask(cancelled.order_line)
        tasks = request._k20_open_tasks().sudo()
        order.sudo().unlink()
        self.assertFalse(request.exists())
        self.assertEqual(tasks.mapped('state'), ['closed'])
        cancelled.with_user(self.sales1).action_cancel()
        self.assertIn('cancelled', other.void_reason)
        with self.assertRefused('is cancelled'):
            self.ask(cancelled.order_line)

    def submitted(self, *lines):
        order = self.quote(*lines)
        order.with_user(self.sales1).action_k20_submit()
        return order

    def test_the_administrators_change_after_submission(self):
        """R089: what goes below the floor later needs its special price before the order is approved."""
        order = self.submitted(100)
        line = order.order_line.with_user(self.admin)
        line.price_unit = 70
        with self.assertRefused('below the floor'):
            order.with_user(self.admin).action_k20_approve()
        with self.assertRefused('submitted or approved'):
            self.ask(line)
        self.approve(self.ask(line, user=self.admin))
        order.with_user(self.admin).action_k20_approve()
        self.assertEqual(order.k20_approval_state, 'approved')

    def test_a_floor_raised_while_it_waits(self):
        order = self.submitted(85)
        self.product.k20_floor_price = 90
        with self.assertRefused('below the floor'):
            order.with_user(self.admin).action_k20_approve()

    def test_dialog(self):
        line = self.quote(70).order_line.with_user(self.sales1)
        action = line.action_k20_ask_price()
        Ask = self.env['k20.price.ask'].with_user(self.sales1).with_context(**action['context'])
        dialog = Ask.create({'reason': "Competitor"})
        self.assertEqual((dialog.price, dialog.list_price, dialog.floor_price), (70, 100, 80))
        dialog.action_ask()
        self.assertEqual(line.k20_price_request_ids.requested_price, 70)
        foreign = self.quote(70, user=self.sales3, partner_id=self.make_customer(owner=self.sales3).id).order_line
        with self.assertRaises(AccessError):
            Ask.create({'order_line_id': foreign.id}).read(['price', 'net_price'])


@tagged('post_install', '-at_install')
class TestPriceHistory(PricesCase):
    """What a product was quoted at: to this customer and to others, as far as one may see. (R088)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alike = cls.make_customer(owner=cls.sales1)
        cls.channel = cls.make_customer('channel', owner=cls.sales1)
        cls.hidden = cls.make_customer(owner=cls.sales3)
        for price in (90, 96):
            cls.quote(price)
        for price in (88, 98):
            cls.quote(price, partner_id=cls.alike.id)
        cls.quote(60, partner_id=cls.channel.id)
        cls.quote(50, user=cls.sales3, partner_id=cls.hidden.id)

    def open(self, user, **values):
        action = self.quote(99).order_line.with_user(user).action_k20_price_history()
        return self.env['k20.price.history'].with_user(user).with_context(**action['context']).create(values)

    def test_own_and_others(self):
        history = self.open(self.sales1)
        self.assertEqual((history.own_count, history.own_min, history.own_max), (2, 90, 96))
        self.assertEqual((history.own_avg, history.last_price), (93, 96))
        figures = (history.others_count, history.others_min, history.others_avg, history.others_max)
        self.assertEqual(figures, (2, 88, 93, 98))
        self.assertEqual(self.open(self.admin).others_min, 50)
        history.date_from = '2999-01-01'
        self.assertEqual((history.own_count, history.others_count, history.own_min), (0, 0, 0))

    def test_lines_behind_the_figures(self):
        history = self.open(self.sales1)
        lines = self.env['sale.order.line'].with_user(self.sales1)
        self.assertEqual(len(lines.search(history.action_own()['domain'])), history.own_count)
        self.assertEqual(len(lines.search(history.action_others()['domain'])), history.others_count)

    def test_from_product_and_customer(self):
        lines = self.env['sale.order.line'].with_user(self.sales1)
        found = lines.search(self.product.with_user(self.sales1).action_k20_price_history()['domain'])
        self.assertEqual(sorted(found.mapped('k20_net_price')), [60, 88, 90, 96, 98])
        template = self.product.product_tmpl_id.with_user(self.sales1)
        self.assertEqual(lines.search(template.action_k20_price_history()['domain']), found)
        mine = lines.search(self.alike.with_user(self.sales1).action_k20_price_history()['domain'])
        self.assertEqual(sorted(mine.mapped('k20_net_price')), [88, 98])
        with self.assertRaises(AccessError):
            self.hidden.with_user(self.sales1).action_k20_price_history()
