from odoo.tests import HttpCase, tagged

from .common import K20SalesCase


@tagged('post_install', '-at_install')
class TestPathTour(HttpCase, K20SalesCase):
    """The whole path in the browser, each step by the person whose it is."""

    def test_from_quotation_to_completed(self):
        """R084, R085, R086, R089, R092, R191: quoted below the floor, approved, paid in two parts, part of it back."""
        self.make_customer(owner=self.sales1, name="Tour Hospital")
        self.make_product(
            name="Tour Maintenance", type='service', list_price=100, k20_floor_price=80, taxes_id=False,
            invoice_policy='order',
        )  # fmt: skip
        sales, admin, finance = self.sales1.login, self.admin.login, self.finance.login
        self.start_tour('/odoo/k20-quotations', 'k20_path_quote', login=sales)
        order = self.env['sale.order'].search([('partner_id.name', '=', "Tour Hospital")])
        self.assertEqual((order.user_id, order.amount_total), (self.sales1, 75))
        self.start_tour('/odoo/to-approve', 'k20_path_approve', login=admin)
        self.assertEqual(order.order_line.k20_price_state, 'approved')
        self.start_tour('/odoo/k20-quotations', 'k20_path_submit', login=sales)
        self.assertEqual((order.k20_approval_state, order.state), ('submitted', 'draft'))
        self.start_tour('/odoo/to-approve', 'k20_path_approve', login=admin)
        self.assertEqual((order.state, order.opportunity_id.user_id), ('sale', self.sales1))
        self.start_tour('/odoo/k20-orders', 'k20_path_collect', login=sales)
        self.assertEqual((order.k20_amount_pending, order.k20_amount_collected), (75, 0))
        self.start_tour('/odoo/collections-to-confirm', 'k20_path_confirm', login=finance)
        self.assertEqual((order.k20_amount_pending, order.k20_amount_collected, order.k20_amount_open), (0, 75, 0))
        self.start_tour('/odoo/k20-orders', 'k20_path_refund', login=sales)
        self.start_tour('/odoo/to-approve', 'k20_path_approve', login=admin)
        self.start_tour('/odoo/collections-to-confirm', 'k20_path_pay_back', login=finance)
        self.assertEqual((order.k20_amount_credited, order.k20_amount_refunded, order.k20_amount_open), (20, 20, 0))
        self.start_tour('/odoo/k20-orders', 'k20_path_complete', login=sales)
        self.assertEqual((order.k20_completed, order.k20_completed_by_id), (True, self.sales1))


@tagged('post_install', '-at_install')
class TestPathTourPhone(TestPathTour):
    """The same on a phone."""

    allow_inherited_tests_method = True
    browser_size = '390x844'
    touch_enabled = True
