from odoo.tests import tagged

from odoo.addons.k20_sales.tests.common import K20SalesCase


@tagged('post_install', '-at_install')
class TestRoles(K20SalesCase):
    """What the roles may do in purchasing and warehouse, and no more. (R022)"""

    def test_who_reads_and_makes_what(self):
        """R022: role by role; a plain salesperson reads no purchase, a storekeeper buys nothing."""
        everything, reads, nothing = ('read', 'write', 'create'), ('read',), ()
        table = {
            'purchase.order': {
                self.buyer: everything,
                self.manager: everything,
                self.admin: everything,
                self.finance: ('read', 'write'),
                self.storekeeper: reads,
                self.sales1: nothing,
                self.outsider: nothing,
            },
            'stock.quant': {self.storekeeper: everything, self.admin: everything},
            'stock.scrap': {self.storekeeper: everything, self.sales1: nothing, self.finance: nothing},
        }
        for model, rights in table.items():
            for user, allowed in rights.items():
                for operation in everything:
                    may = self.env[model].with_user(user).has_access(operation)
                    self.assertEqual(may, operation in allowed, f'{user.login} {operation} {model}')

    def test_vendors_are_for_who_may_see_cost(self):
        """R088: their prices start from it; without it the product's form opens, and no view warns at an update."""
        templates = self.env['product.template'], self.env['product.product']
        for vendors_shown in (True, False):
            for model in templates:
                arch = model.with_user(self.buyer).get_view(view_type='form')['arch']
                self.assertEqual('seller_ids' in arch, vendors_shown, model._name)
            self.buyer.group_ids -= self.env.ref('k20_base.group_k20_cost')
        with self.assertNoLogs('odoo.addons.base.models.ir_ui_view', 'WARNING'):
            self.env.ref('product.product_template_form_view')._check_xml()
            self.env.ref('product.product_normal_form_view')._check_xml()

    def test_the_manager_sells_and_buys(self):
        """R022: both, and still sees the customers of the own team only."""
        self.assertTrue(self.manager.has_group('k20_base.group_k20_buyer'))
        mine, others = self.make_customer(owner=self.sales1), self.make_customer(owner=self.sales3)
        found = self.env['res.partner'].with_user(self.manager).search([('id', 'in', (mine + others).ids)])
        self.assertEqual(found, mine)

    def test_deliveries_are_seen_with_their_customer(self):
        """R022, R154: by who sells; a storekeeper ships to everybody."""
        product = self.make_product(is_storable=True)
        moves = {}
        for owner in (self.sales1, self.sales3):
            order = self.make_order(self.make_customer(owner=owner), owner, product)
            self.approve(order)
            moves[owner] = order.picking_ids.move_ids
        for user, seen in (
            (self.sales1, moves[self.sales1]),
            (self.manager, moves[self.sales1]),
            (self.sales2, self.env['stock.move']),
            (self.storekeeper, moves[self.sales1] + moves[self.sales3]),
            (self.admin, moves[self.sales1] + moves[self.sales3]),
        ):
            every = moves[self.sales1] + moves[self.sales3]
            for records, expected in ((every, seen), (every.picking_id, seen.picking_id)):
                found = records.with_user(user).search([('id', 'in', records.ids)])
                self.assertEqual(found, expected, f'{user.login} {records._name}')
