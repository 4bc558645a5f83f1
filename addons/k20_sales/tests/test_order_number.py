from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.k20_base.tests.common import RpcError

from .common import K20SalesCase, K20SalesHttpCase


@tagged('post_install', '-at_install')
class TestOrderNumber(K20SalesCase):
    """An order's number is its company's once. (R161)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(owner=cls.sales1)
        cls.sequence = cls.env['ir.sequence'].search([('code', '=', 'sale.order')], limit=1)

    def test_numbers_come_from_the_sequence(self):
        """R161: as the administrator defines it, also for many at once."""
        self.sequence.write({'prefix': 'HT-%(year)s-', 'padding': 6})
        day = '2025-05-05 04:00:00'
        values = {'partner_id': self.customer.id, 'date_order': day}
        orders = self.env['sale.order'].with_user(self.sales1).create([dict(values) for _number in range(3)])
        self.assertEqual(len(set(orders.mapped('name'))), 3)
        for order in orders:
            self.assertRegex(order.name, r'^HT-20\d\d-\d{6}$')

    @mute_logger('odoo.sql_db')
    def test_a_number_by_hand_that_exists_is_refused(self):
        """R161: at creation and afterwards; another company may have it."""
        first = self.make_order(self.customer, self.sales1, name='HAND-1')
        second = self.make_order(self.customer, self.sales1, name='HAND-2')
        self.assertEqual((first.name, second.name), ('HAND-1', 'HAND-2'))
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.make_order(self.customer, self.sales1, name='HAND-1')
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            second.name = 'HAND-1'
            second.flush_recordset()
        second.invalidate_recordset()
        branch = self.env['res.company'].create({'name': "Branch"})
        partner = self.env['res.partner'].create({'name': "Of no company"})
        other = self.env['sale.order'].create({'partner_id': partner.id, 'company_id': branch.id, 'name': 'HAND-1'})
        self.assertEqual(other.name, 'HAND-1')

    def test_numbers_typed_in_before_are_skipped(self):
        """R161: nobody who types none is told that one is taken."""
        following = self.sequence.get_next_char(self.sequence.number_next_actual)
        taken = self.make_order(self.customer, self.sales1, name=following)
        order = self.make_order(self.customer, self.sales1)
        self.assertNotEqual(order.name, taken.name)
        self.assertNotIn(order.name, ('New', '/', False))


@tagged('post_install', '-at_install')
class TestOrderNumberOverHttp(K20SalesHttpCase):
    """What a client is told. (R161)"""

    @mute_logger('odoo.sql_db')
    def test_a_taken_number_is_told_in_a_sentence(self):
        """R161: what is wrong, and what to do."""
        order = self.make_order(self.make_customer(owner=self.sales1), self.sales1)
        self.login(self.sales1)
        with self.assertRaises(RpcError) as caught:
            self.call('sale.order', 'create', [{'partner_id': order.partner_id.id, 'name': order.name}])
        self.assertIn("number is taken", caught.exception.message)
