from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import K20MoneyCase
from .test_order_approval import OrderCase


@tagged('post_install', '-at_install')
class TestLockedFields(OrderCase):
    """Field by field, what is locked with a submitted order, and what an odd order may still do. (R191, R192, R193)"""

    def test_every_field_is_locked(self):
        """R193: whatever is stored of an order or its lines, by hand or in the portal's sudo."""
        portal = self.env['res.users'].create({
            'name': "Buyer", 'login': 'k20_portal', 'partner_id': self.make_contact(self.customer).id,
            'group_ids': [Command.set([self.env.ref('base.group_portal').id])],
        })  # fmt: skip
        self.by(self.sales1).action_k20_submit()
        line = self.order.order_line
        changes = {
            self.order: {
                'client_order_ref': "x", 'commitment_date': '2030-01-01 00:00:00', 'opportunity_id': False,
                'payment_term_id': self.env.ref('account.account_payment_term_30days').id, 'k20_order_type_id': False,
                'validity_date': '2030-01-01', 'pricelist_id': False, 'user_id': self.admin.id, 'note': "x",
            },
            line: {'discount': 5, 'tax_ids': [Command.clear()], 'product_uom_qty': 9, 'price_unit': 1, 'name': "x"},
        }  # fmt: skip
        for record, values in changes.items():
            for name, value in values.items():
                for writer in (record.with_user(self.sales1), record.with_user(portal).sudo()):
                    with self.subTest(field=name), self.assertRefused('submitted or approved', UserError):
                        writer.write({name: value})

    def test_what_was_sent_is_deleted_like_a_draft(self):
        """R192, R193: by the administrator while submitted, by the salesperson once rejected."""
        submitted, rejected = (self.make_order(self.customer, self.sales1, state='sent') for _number in range(2))
        for order in (submitted, rejected):
            self.by(self.sales1, order).action_k20_submit()
        self.by(self.admin, rejected).action_k20_reject("No")
        with self.assertRefused('submitted or approved'):
            self.by(self.sales1, submitted).unlink()  # not Odoo's sentence, which says to cancel it first
        self.by(self.admin, submitted).unlink()
        self.by(self.sales1, rejected).unlink()
        self.assertFalse((submitted + rejected).exists())

    def test_what_was_delivered_is_not_deleted(self):
        """R193: cancelled, and nothing invoiced yet."""
        order = self.approve(self.make_order(self.customer, self.sales1, product=self.make_product(type='service')))
        self.by(self.sales1, order).order_line.qty_delivered = 1
        self.by(self.admin, order).action_cancel()
        with self.assertRefused('cancel it instead'):
            self.by(self.admin, order).unlink()

    def test_the_owner_submits_what_has_no_salesperson(self):
        """R191: the customer pays online for a quotation that the shop has made; who looks after it submits it."""
        self.order.user_id = False
        self.order._k20_submit_for_customer("Paid.")
        self.assertEqual((self.order.k20_approval_state, self.order.k20_requester_id), ('submitted', self.sales1))


@tagged('post_install', '-at_install')
class TestCompletionLimits(K20MoneyCase):
    """Delivered and collected, both and in full. (R086)"""

    def refuse(self, order):
        with self.assertRefused('not delivered and collected'):
            order.with_user(self.sales1).action_k20_complete()

    def test_goods_are_delivered_in_full(self):
        """R086: collected alone is not enough; part of the goods neither; more than ordered is."""
        orders = [self.approve(self.make_claim(100)) for _number in range(2)]
        for order, delivered in zip(orders, (1, 2), strict=True):
            self.collect(order, 100)
            self.refuse(order)
            order.order_line.qty_delivered = 0.5
            self.refuse(order)
            order.order_line.qty_delivered = delivered
            self.assertTrue(order.with_user(self.sales1).action_k20_complete())

    def test_money_is_collected_in_full(self):
        """R086: delivered alone is not enough; nor is what is to be given back."""
        order = self.approve(self.make_claim(100))
        order.order_line.qty_delivered = 1
        self.refuse(order)
        self.collect(order, 99.99)
        self.refuse(order)
        self.collect(order, 0.01)
        order.with_user(self.admin).order_line.price_unit = 90
        self.refuse(order)
        order.with_user(self.admin).order_line.price_unit = 100
        self.assertTrue(order.with_user(self.sales1).action_k20_complete())

    def test_only_what_is_completed_is_reopened(self):
        """R086: one that is not says so."""
        order = self.approve(self.make_claim(100))
        with self.assertRefused('is not completed'):
            order.with_user(self.admin).action_k20_reopen()
