from odoo.exceptions import AccessError
from odoo.tests import tagged

from .prices_case import PricesCase


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
