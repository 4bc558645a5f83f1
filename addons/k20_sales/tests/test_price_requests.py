from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .prices_case import PricesCase


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
        with self.assertRefused("by their salesperson", AccessError):
            line.with_user(self.make_user('k20_both', 'salesperson', 'finance')).action_k20_ask_price()
        former = self.quote(70)
        former.user_id = self.sales3  # whose order the customer's owner reads, and does not change
        with self.assertRefused(".", AccessError):
            former.order_line.with_user(self.sales1).action_k20_ask_price()
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
        """R090: each of them alone makes it void."""
        usd = self.env.ref('base.USD')
        usd.active = True
        plain, foreign = self.env['product.pricelist'].create([{'name': "A"}, {'name': "B", 'currency_id': usd.id}])
        other = self.make_customer(owner=self.sales1)
        same = {'partner_id': other.id, 'pricelist_id': False}  # which another customer would have changed too
        for values in ({'pricelist_id': plain.id}, {'pricelist_id': foreign.id}, {'partner_id': other.id}, same):
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
