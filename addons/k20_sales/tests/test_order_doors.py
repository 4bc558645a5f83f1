import base64

from odoo import Command
from odoo.http import Request
from odoo.tests import tagged

from odoo.addons.k20_base.tests.common import RpcError

from .common import K20SalesHttpCase

PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='


@tagged('post_install', '-at_install', 'k20_thorough')
class TestOrderDoors(K20SalesHttpCase):
    """An order as clients reach it: over RPC by people, in the portal by the customer. (R191, R192, R193)"""

    def setUp(self):
        super().setUp()
        self.customer = self.make_customer(owner=self.sales1)
        self.order = self.make_order(self.customer, self.sales1, require_signature=True, require_payment=False)

    def refuse(self, method, *args, **kwargs):
        """Expect any refusal of a call on the order; return its sentence."""
        with self.assertRaises(RpcError, msg=f'{method} {args}') as caught:
            self.call('sale.order', method, *args, **kwargs)
        self.assertIn(caught.exception.name, {'AccessError', 'UserError', 'ValidationError'}, str(caught.exception))
        return caught.exception.message

    def test_nobody_confirms_over_rpc(self):
        """R191: button, state, creation, import, each with contexts that Odoo or K20 might trust."""
        ids, values = self.order.ids, {'partner_id': self.customer.id}
        contexts = ({}, {'k20_open': True, 'install_mode': True, 'default_state': 'sale', 'send_email': True})
        for user in (self.sales1, self.admin):
            self.login(user)
            for context in contexts:
                self.refuse('action_confirm', ids, context=context)
                self.refuse('write', ids, {'state': 'sale'}, context=context)
                self.refuse('web_save', ids, {'state': 'sale'}, {}, context=context)
                self.refuse('create', [{**values, 'state': 'sale'}], context=context)
                self.refuse('copy', ids, {'state': 'sale'}, context=context)
                self.refuse('write', ids, {'k20_approval_state': 'approved'}, context=context)
            self.refuse('create', [values], context={'default_state': 'sale'})
            loaded = self.call('sale.order', 'load', ['partner_id/.id', 'state'], [[str(self.customer.id), 'sale']])
            self.assertFalse(loaded['ids'])
        sales = [('partner_id', '=', self.customer.id), ('state', '=', 'sale')]
        self.assertFalse(self.env['sale.order'].search_count(sales))

    def test_private_methods_are_no_doors(self):
        """R191: what the server calls between its checks."""
        self.login(self.sales1)
        for method in ('_action_confirm', '_k20_approval_granted', '_k20_move', '_validate_order', '_action_cancel'):
            with self.assertRaises(RpcError):
                self.call('sale.order', method, self.order.ids)

    def test_colleagues_over_rpc(self):
        """R192: read, write, delete, submit, cancel, complete; and the lines."""
        line = self.order.order_line
        for user in (self.sales2, self.sales3, self.finance, self.storekeeper):
            self.login(user)
            self.refuse('write', self.order.ids, {'note': "x"})
            self.refuse('write', self.order.ids, {'order_line': [Command.update(line.id, {'price_unit': 1})]})
            for method in ('unlink', 'action_k20_submit', 'action_cancel', 'action_unlock', 'action_k20_complete'):
                self.refuse(method, self.order.ids)
            with self.assertRaises(RpcError):
                self.call('sale.order.line', 'write', line.ids, {'price_unit': 1})
        self.assertEqual(line.price_unit, 100)

    def test_the_salespersons_day_over_rpc(self):
        """R085, R193: made, changed, submitted; then locked, and withdrawn; every answer is a value."""
        self.login(self.sales1)
        product = self.order.order_line.product_id
        values = {
            'partner_id': self.customer.id,
            'k20_order_type_id': self.order.k20_order_type_id.id,
            'order_line': [Command.create({'product_id': product.id, 'price_unit': 10})],
        }
        ids = self.call('sale.order', 'create', [values])
        self.assertTrue(self.call('sale.order', 'write', ids, {'note': "Mine"}))
        self.assertIs(self.call('sale.order', 'action_k20_submit', ids), True)
        self.assertIn("submitted or approved", self.refuse('write', ids, {'note': "x"}))
        self.assertIn("submitted or approved", self.refuse('unlink', ids))
        self.assertIs(self.call('sale.order', 'action_k20_withdraw', ids), True)
        self.assertIs(self.call('sale.order', 'action_cancel', ids), True)
        self.assertIs(self.call('sale.order', 'action_draft', ids), True)
        self.assertTrue(self.call('sale.order', 'unlink', ids))

    def sign(self):
        self.authenticate(None, None)
        return self.post(
            f'/my/orders/{self.order.id}/accept',
            access_token=self.order._portal_ensure_token(),
            name="Mr. Li",
            signature=PIXEL,
        )

    def test_a_signature_submits(self):
        """R191: kept, submitted in the salesperson's name, not confirmed; the customer sees no error."""
        self.assertIn('redirect_url', self.sign())
        self.env.invalidate_all()
        self.assertEqual((self.order.state, self.order.k20_approval_state), ('draft', 'submitted'))
        self.assertEqual((self.order.signed_by, self.order.k20_requester_id), ("Mr. Li", self.sales1))
        self.assertTrue(base64.b64decode(self.order.signature))
        self.order.with_user(self.admin).action_k20_approve()
        self.assertEqual((self.order.state, self.order.signed_by), ('sale', "Mr. Li"))

    def test_a_signature_of_a_submitted_order_is_kept(self):
        """R191: the customer signs while the approval is waited for."""
        self.order.with_user(self.sales1).action_k20_submit()
        self.assertIn('redirect_url', self.sign())
        self.env.invalidate_all()
        self.assertEqual((self.order.k20_approval_state, self.order.signed_by), ('submitted', "Mr. Li"))

    def test_a_signature_of_an_incomplete_order_is_kept(self):
        """R191: who looks after it is told what is missing; the customer sees no error."""
        self.order.k20_order_type_id = False
        self.assertIn('redirect_url', self.sign())
        self.env.invalidate_all()
        self.assertEqual((self.order.k20_approval_state, self.order.signed_by), ('draft', "Mr. Li"))
        self.assertEqual(self.order.activity_ids.user_id, self.sales1)

    def test_a_customer_declines(self):
        """R191: what waits for an approval, too; nobody is asked any more."""
        self.order.with_user(self.sales1).action_k20_submit()
        self.authenticate(None, None)
        token = self.order._portal_ensure_token()
        data = {'access_token': token, 'decline_message': "Too dear", 'csrf_token': Request.csrf_token(self)}
        self.url_open(f'/my/orders/{self.order.id}/decline', data=data)
        self.env.invalidate_all()
        self.assertEqual((self.order.state, self.order.k20_approval_state), ('cancel', 'draft'))
        self.assertFalse(self.order._k20_open_tasks())
