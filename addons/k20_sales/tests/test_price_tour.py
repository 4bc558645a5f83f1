from odoo.tests import HttpCase, tagged

from .prices_case import PricesCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestPriceTour(HttpCase, PricesCase):
    """A special price is asked for on the order, decided in the list, and the history looked at, in the browser."""

    def test_asked_for_and_given(self):
        """R088, R089, R090"""
        self.quote(95)
        order = self.quote(70)
        self.env.flush_all()
        url = f'/odoo/action-sale.action_quotations_with_onboarding/{order.id}'
        self.start_tour(url, 'k20_ask_special_price', login=self.sales1.login)
        request = order.order_line.k20_price_request_ids
        self.assertEqual((request.k20_approval_state, request.requested_price), ('submitted', 70))
        self.assertEqual(request.reason, "Competitor offers less")
        self.start_tour('/odoo/special-prices', 'k20_approve_special_price', login=self.admin.login)
        self.assertEqual(request.k20_approval_state, 'approved')
        self.start_tour(url, 'k20_price_history', login=self.sales1.login)


@tagged('post_install', '-at_install', 'k20_thorough')
class TestPriceTourPhone(HttpCase, PricesCase):
    """The same on a phone."""

    browser_size = '390x844'
    touch_enabled = True
    allow_inherited_tests_method = True

    def test_asked_for_on_a_phone(self):
        order = self.quote(70)
        self.env.flush_all()
        url = f'/odoo/action-sale.action_quotations_with_onboarding/{order.id}'
        self.start_tour(url, 'k20_ask_special_price', login=self.sales1.login)
        self.assertEqual(order.order_line.k20_price_request_ids.k20_approval_state, 'submitted')
