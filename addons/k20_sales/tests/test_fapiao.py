from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import K20MoneyCase


@tagged('post_install', '-at_install')
class TestFapiao(K20MoneyCase):
    """Numbers of China's e-invoices. (DESIGN §6)"""

    def test_eight_or_twenty_digits_once(self):
        customer = self.make_customer(owner=self.sales1)
        first, second = self.make_invoice(customer), self.make_invoice(customer)
        number = '24312000000012345678'
        first.fapiao = '12345678'
        first.fapiao = number
        self.assertEqual(first.fapiao, number)
        for bad in ('123', '1234567A', number[:-1], '１２３４５６７８', number[:-1] + ' '):
            with self.assertRefused("8 or 20 digits"):
                second.fapiao = bad
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            second.fapiao = number
            second.flush_recordset()
        second.invalidate_recordset()
        bill = self.make_invoice(customer, move_type='in_invoice', fapiao=number)
        self.assertEqual(bill.fapiao, number)
        second.fapiao = ''
        first.copy().fapiao = ''
