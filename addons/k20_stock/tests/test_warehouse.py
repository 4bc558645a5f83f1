from odoo.tests import tagged

from odoo.addons.k20_sales.tests.common import K20SalesCase
from odoo.addons.k20_stock.hooks import post_init_hook


@tagged('post_install', '-at_install')
class TestWarehouse(K20SalesCase):
    """The first warehouse of a fresh database has a Chinese name; others keep theirs. (DESIGN §2)"""

    def test_a_placeholder_gives_way_and_a_name_stays(self):
        """R166: Odoo's "My Company" is nobody's name, "Suzhou" is somebody's, and so is that of a warehouse in use."""
        warehouse = self.env.ref('stock.warehouse0')
        for name, expected in (('My Company', '主仓库'), ('Suzhou', 'Suzhou')):
            warehouse.name = name
            post_init_hook(self.env)
            self.assertEqual(warehouse.name, expected)
        warehouse.name = 'My Company'
        self.env['stock.move'].create(
            {
                'product_id': self.env['product.product'].create({'name': "Switch", 'type': 'consu'}).id,
                'location_id': warehouse.lot_stock_id.id,
                'location_dest_id': self.env.ref('stock.stock_location_customers').id,
                'company_id': warehouse.company_id.id,
                'state': 'done',
            }
        )
        post_init_hook(self.env)
        self.assertEqual(warehouse.name, 'My Company')
