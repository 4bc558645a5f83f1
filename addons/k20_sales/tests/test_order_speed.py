from odoo import Command
from odoo.tests import tagged

from odoo.addons.k20_base.tools.opening import opened

from .common import K20SalesCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOrderSpeed(K20SalesCase):
    """What an approval costs beside Odoo's own confirmation. (DESIGN §10)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={'lang': 'en_US'})  # with tracking and logs, as in daily work
        cls.customer = cls.make_customer(owner=cls.sales1)
        cls.products = cls.env['product.product'].create([{'name': f'Product {n}'} for n in range(3)])

    def make_submitted(self):
        lines = [Command.create({'product_id': product.id, 'price_unit': 100}) for product in self.products]
        lead = self.make_lead(self.customer, self.sales1)
        order = self.make_order(self.customer, self.sales1, order_line=lines, opportunity_id=lead.id)
        order.with_user(self.sales1).action_k20_submit()
        return order.with_user(self.admin)

    def count(self, act):
        """Return how many queries `act` takes from cold, with all it leaves to the end of the request."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before

    def confirm(self, order):
        with opened(order):
            order.sudo().action_confirm()

    def test_an_approval_costs_little_more_than_a_confirmation(self):
        """R191: at most a quarter more queries than Odoo's confirmation of the same three lines."""
        counts = {'confirm': [], 'approve': []}
        for _round in range(2):  # the first one fills what is cached for all
            granted = self.make_submitted()
            self.env.flush_all()
            self.env.cr.execute("UPDATE sale_order SET k20_approval_state = 'approved' WHERE id = %s", granted.ids)
            counts['confirm'].append(self.count(lambda order=granted: self.confirm(order)))
            order = self.make_submitted()
            counts['approve'].append(self.count(order.action_k20_approve))
            self.assertEqual((granted.state, order.state), ('sale', 'sale'))
        self.assertLessEqual(counts['approve'][-1], 1.25 * counts['confirm'][-1], counts)
