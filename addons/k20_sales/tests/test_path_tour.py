import time

from odoo.tests import HttpCase, tagged

from .common import K20SalesCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestPathTour(HttpCase, K20SalesCase):
    """The whole path in the browser, each step by the person whose it is."""

    def setUp(self):
        """Let the dialog's first values come as late as on a phone: what is done before they come is lost."""
        super().setUp()
        register = self.env.registry['k20.collection.register']
        onchange = register.onchange

        def late(wizard, values, field_names, fields_spec):
            if not field_names:
                time.sleep(1)
            return onchange(wizard, values, field_names, fields_spec)

        self.patch(register, 'onchange', late)

    def walk(self, login, path, tour):
        self.start_tour(path, tour, login=login, timeout=240)

    def test_from_quotation_to_completed(self):
        """R084, R085, R086, R089, R092, R191: quoted below the floor, approved, paid in two parts, part of it back."""
        self.make_customer(owner=self.sales1, name="Tour Hospital")
        self.make_product(
            name="Tour Maintenance", type='service', list_price=100, k20_floor_price=80, taxes_id=False,
            invoice_policy='order',
        )  # fmt: skip
        sales, admin, finance = self.sales1.login, self.admin.login, self.finance.login
        self.walk(sales, '/odoo/k20-quotations', 'k20_path_quote')
        order = self.env['sale.order'].search([('partner_id.name', '=', "Tour Hospital")])
        self.assertEqual((order.user_id, order.amount_total), (self.sales1, 75))
        self.walk(admin, '/odoo/to-approve', 'k20_path_approve')
        self.assertEqual(order.order_line.k20_price_state, 'approved')
        self.walk(sales, '/odoo/k20-quotations', 'k20_path_submit')
        self.assertEqual((order.k20_approval_state, order.state), ('submitted', 'draft'))
        self.walk(admin, '/odoo/to-approve', 'k20_path_approve')
        self.assertEqual((order.state, order.opportunity_id.user_id), ('sale', self.sales1))
        self.walk(sales, '/odoo/k20-orders', 'k20_path_collect')
        self.assertEqual((order.k20_amount_pending, order.k20_amount_collected), (75, 0))
        self.walk(finance, '/odoo/collections-to-confirm', 'k20_path_confirm')
        self.assertEqual((order.k20_amount_pending, order.k20_amount_collected, order.k20_amount_open), (0, 75, 0))
        self.walk(sales, '/odoo/k20-orders', 'k20_path_refund')
        self.walk(admin, '/odoo/to-approve', 'k20_path_approve')
        self.walk(finance, '/odoo/collections-to-confirm', 'k20_path_pay_back')
        self.assertEqual((order.k20_amount_credited, order.k20_amount_refunded, order.k20_amount_open), (20, 20, 0))
        self.walk(sales, '/odoo/k20-orders', 'k20_path_complete')
        self.assertEqual((order.k20_completed, order.k20_completed_by_id), (True, self.sales1))


@tagged('post_install', '-at_install', 'k20_thorough')
class TestPathTourPhone(TestPathTour):
    """The same on a phone."""

    allow_inherited_tests_method = True
    browser_size = '390x844'
    touch_enabled = True
