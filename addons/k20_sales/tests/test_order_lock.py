from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_order_approval import OrderCase


@tagged('post_install', '-at_install', 'k20_thorough')
class TestLock(OrderCase):
    """Who changes and deletes an order before and after it is submitted. (R192, R193)"""

    def changes(self, order):
        """Return {name: call} of the ways to change an order that a client has."""
        line = order.sudo().order_line[:1].with_env(order.env)
        other = self.make_order(self.customer, self.sales1).with_env(order.env)
        other_line = other.sudo().order_line.with_env(order.env)
        new = {'product_id': self.product.id, 'product_uom_qty': 1, 'price_unit': 1}
        Line = order.env['sale.order.line']
        return {
            'note': lambda: order.write({'note': "x"}),
            'customer': lambda: order.write({'partner_id': self.customer.id}),
            'project': lambda: order.write({'opportunity_id': False}),
            'type': lambda: order.write({'k20_order_type_id': False}),
            'channel': lambda: order.write({'k20_channel_id': False}),
            'signature': lambda: order.write({'signed_by': "Forged"}),
            'token': lambda: order.write({'access_token': "forged"}),
            'locked': order.action_unlock,
            'line price': lambda: line.write({'price_unit': 1}),
            'line set': lambda: order.write({'order_line': [Command.update(line.id, {'price_unit': 1})]}),
            'line added': lambda: order.write({'order_line': [Command.create(dict(new))]}),
            'lines cleared': lambda: order.write({'order_line': [Command.clear()]}),
            'line deleted': line.unlink,
            'line created': lambda: Line.create({**new, 'order_id': order.id}),
            'down payment forged': lambda: Line.create({'name': "x", 'order_id': order.id, 'is_downpayment': True}),
            'line moved in': lambda: other_line.write({'order_id': order.id}),
            'line moved out': lambda: line.write({'order_id': other.id}),
            'line linked': lambda: order.write({'order_line': [Command.link(other_line.id)]}),
            'deleted': order.unlink,
        }

    def test_before_submission_the_salesperson_and_the_leader_change_it(self):
        """R192: whatever stands on it; and they delete it, sent or not."""
        for user in (self.sales1, self.manager, self.admin):
            for name in self.changes(self.by(user)):
                if name not in {'customer', 'line linked', 'deleted'}:
                    order = self.make_order(self.customer, self.sales1)
                    self.changes(self.by(user, order))[name]()
            for state in ('draft', 'sent'):
                order = self.make_order(self.customer, self.sales1, state=state)
                self.by(user, order).unlink()
                self.assertFalse(order.exists())

    def test_colleagues_finance_and_stock_change_nothing(self):
        """R192: before submission and after, by any call; in sudo neither."""
        for order in (self.order, self.approve(self.make_order(self.customer, self.sales1))):
            for user in (self.sales2, self.sales3, self.finance, self.storekeeper, self.buyer):
                for name, change in self.changes(self.by(user, order)).items():
                    with self.subTest(user=user.login, change=name), self.assertRefused(".", UserError):
                        change()
                with self.assertRefused(".", AccessError):
                    self.by(user, order).sudo().write({'note': "x"})

    def test_who_also_keeps_the_books_changes_no_colleagues_order(self):
        """R192: both roles together read all orders and may delete, but their own; no line of others' either."""
        both = self.make_user('k20_both', 'salesperson', 'finance')
        for order in (self.order, self.make_order(self.customer)):
            for delete in (self.by(both, order).unlink, self.by(both, order).order_line.unlink):
                with self.assertRefused("by their salesperson", AccessError):
                    delete()
            self.assertTrue(order.order_line)
        own = self.make_order(self.make_customer(owner=both), both)
        self.by(both, own).order_line.unlink()
        self.by(both, own).unlink()
        self.assertFalse(own.exists())

    def test_after_submission_only_the_administrator_changes_it(self):
        """R193: submitted and approved, over every call; chatter and activities go on."""
        submitted = self.make_order(self.customer, self.sales1)
        self.by(self.sales1, submitted).action_k20_submit()
        approved = self.approve(self.order)
        for order in (submitted, approved):
            for user in (self.sales1, self.manager):
                for name, change in self.changes(self.by(user, order)).items():
                    with self.subTest(user=user.login, change=name), self.assertRefused("."):
                        change()
                        self.env.flush_all()
                self.by(user, order).message_post(body="Still here")
                self.by(user, order).activity_schedule('mail.mail_activity_data_todo', user_id=user.id)
            self.by(self.admin, order).write({'note': "By the administrator"})
            self.by(self.admin, order).order_line.price_unit = 90
        with self.assertRefused("confirmed sales order"):
            self.by(self.admin, approved).unlink()
        self.by(self.admin, submitted).unlink()
        self.assertFalse(submitted.exists())

    def test_the_salesperson_takes_a_submission_back(self):
        """R193: before the first decision."""
        self.by(self.sales1).action_k20_submit()
        self.by(self.sales1).action_k20_withdraw()
        self.by(self.sales1).write({'note': "Corrected"})
        self.assertIn("Corrected", self.order.note)

    def test_what_was_invoiced_is_not_deleted(self):
        """R193: cancelled instead, by the administrator too."""
        self.approve(self.order)
        self.order.with_user(self.finance)._create_invoices()
        self.by(self.admin).action_cancel()
        with self.assertRefused("cancel it instead"):
            self.by(self.admin).unlink()

    def test_a_customer_changes_what_the_portal_lets_through(self):
        """R193: optional quantities of a quotation, in sudo; nothing by calls of its own, nothing once submitted."""
        portal = self.env['res.users'].create({
            'name': "Buyer", 'login': 'k20_portal', 'partner_id': self.make_contact(self.customer).id,
            'group_ids': [Command.set([self.env.ref('base.group_portal').id])],
        })  # fmt: skip
        order = self.by(portal)
        order.sudo().order_line.product_uom_qty = 2
        calls = (
            lambda: order.write({'note': "x"}),
            order.action_cancel,
            order.action_k20_submit,
            order.action_k20_complete,
            lambda: order.order_line.write({'price_unit': 1}),
        )
        for call in calls:
            with self.assertRefused(".", AccessError):
                call()
        self.approve(self.order)
        for call in (*calls, lambda: order.action_k20_complete("x")):
            with self.assertRefused(".", AccessError):
                call()
        with self.assertRefused("submitted or approved"):
            order.sudo().order_line.product_uom_qty = 3

    def test_figures_are_nobodys_to_type(self):
        """R157: what the server works out is refused, from the administrator too."""
        for user in (self.sales1, self.admin):
            for values in ({'k20_deal_date': '2026-01-01'}, {'k20_completed': True}, {'k20_is_deal': True}):
                with self.assertRefused("worked out"):
                    self.by(user).write(values)
                with self.assertRefused("worked out"):
                    self.by(user).order_line.write({'k20_deal_date': '2026-01-01'})

    def test_delivered_by_moves_is_not_typed(self):
        """R086: or an order could be completed without its goods; services are entered by hand."""
        service = self.make_product(type='service')
        order = self.make_order(self.customer, self.sales1, product=service)
        self.approve(order)
        order.order_line.with_user(self.sales1).qty_delivered = 1
        self.assertEqual(order.order_line.qty_delivered, 1)
        if 'move_ids' in self.env['sale.order.line']._fields:
            goods = self.approve(self.make_order(self.customer, self.sales1))
            with self.assertRefused("submitted or approved"):
                goods.order_line.with_user(self.sales1).qty_delivered = 1


@tagged('post_install', '-at_install')
class TestCancel(OrderCase):
    """Who cancels what, and what comes of it. (R193, DESIGN §4)"""

    def test_the_salesperson_cancels_a_quotation(self):
        """DESIGN §4: the own one, and sets it to quotation again; a colleague does neither."""
        for user in (self.sales2, self.finance, self.storekeeper):
            with self.assertRefused(".", AccessError):
                self.by(user).action_cancel()
        self.assertTrue(self.by(self.sales1).action_cancel())
        self.assertEqual(self.order.state, 'cancel')
        self.assertTrue(self.by(self.sales1).action_draft())
        self.assertEqual(self.order.state, 'draft')

    def test_a_cancelled_submission_waits_for_nobody(self):
        """DESIGN §4: the administrator's; tasks and activities close, and it can be submitted again."""
        self.by(self.sales1).action_k20_submit()
        for act in (self.by(self.sales1).action_cancel, self.by(self.manager).action_cancel, self.mass_cancel):
            with self.assertRefused("administrator only", AccessError):
                act()
        self.by(self.admin).action_cancel()
        self.assertEqual((self.order.state, self.order.k20_approval_state), ('cancel', 'draft'))
        self.assertFalse(self.order._k20_open_tasks())
        self.assertFalse(self.order.activity_ids)
        self.by(self.sales1).action_draft()
        self.approve(self.order)
        self.assertEqual(self.order.state, 'sale')

    def test_only_the_administrator_cancels_an_approved_order(self):
        """R193: and sets it to quotation, where it needs a new approval."""
        self.approve(self.order)
        for act in (self.by(self.sales1).action_cancel, self.mass_cancel):
            with self.assertRefused("administrator only", AccessError):
                act()
        self.by(self.admin).action_cancel()
        self.assertEqual((self.order.state, self.order.k20_approval_state), ('cancel', 'approved'))
        self.assertFalse(self.order.k20_deal_date)
        with self.assertRefused("administrator only", AccessError):
            self.by(self.sales1).action_draft()
        with self.assertRefused("by its buttons"):
            self.by(self.admin).write({'state': 'sale'})
        self.by(self.admin).action_draft()
        self.assertEqual((self.order.state, self.order.k20_approval_state), ('draft', 'draft'))
        with self.assertRefused("not approved"):
            self.by(self.admin).action_confirm()
        self.approve(self.order)
        self.assertEqual(self.order.state, 'sale')

    def mass_cancel(self):
        wizard = self.env['sale.mass.cancel.orders'].with_user(self.sales1)
        wizard.create({'sale_order_ids': [Command.set(self.order.ids)]}).action_mass_cancel()


@tagged('post_install', '-at_install')
class TestInvoicing(OrderCase):
    """Finance invoices what is approved, and changes no order. (R193)"""

    def invoice(self, method, user=None, **values):
        wizard = self.env['sale.advance.payment.inv'].with_user(user or self.finance)
        wizard = wizard.with_context(active_model='sale.order', active_ids=self.order.ids)
        wizard.create({'advance_payment_method': method, **values}).create_invoices()
        return self.order.invoice_ids

    def test_finance_invoices_an_approved_order(self):
        """R165: in full, by the dialog, and posts it."""
        self.order.order_line.product_id.invoice_policy = 'order'
        with self.assertRefused("not approved"):
            self.invoice('delivered')
        self.approve(self.order)
        invoice = self.invoice('delivered')
        invoice.action_post()
        self.assertEqual((invoice.state, self.order.invoice_status), ('posted', 'invoiced'))

    def test_finance_invoices_a_down_payment(self):
        """R165: Odoo writes its line on the order, at creation, posting, resetting and deletion."""
        self.approve(self.order)
        invoice = self.invoice('percentage', amount=30)
        self.assertEqual(len(self.order.order_line.filtered('is_downpayment')), 2)
        invoice = invoice.with_user(self.finance)
        invoice.action_post()
        self.env.flush_all()
        invoice.button_draft()
        invoice.action_post()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self.order.amount_total, 113)


@tagged('post_install', '-at_install')
class TestCompletion(OrderCase):
    """Completed by the salesperson when delivered and collected, else by the administrator. (R086)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift = cls.make_order(cls.customer, cls.sales1, product=cls.make_product(type='service'))
        cls.gift.order_line.price_unit = 0
        cls.approve(cls.gift)
        cls.approve(cls.order)

    def test_delivered_and_collected_is_completed_by_its_salesperson(self):
        """R086: with one click, once; a colleague is refused."""
        for user in (self.sales2, self.storekeeper, self.finance):
            with self.assertRefused(".", AccessError):
                self.by(user, self.gift).action_k20_complete()
        self.assertTrue(self.by(self.sales1, self.gift).action_k20_complete())
        self.assertTrue(self.gift.k20_completed)
        self.assertEqual(self.gift.k20_completed_by_id, self.sales1)
        self.assertEqual(self.gift.k20_completed_on, self.gift.company_id._k20_today())
        with self.assertRefused("is completed"):
            self.by(self.sales1, self.gift).action_k20_complete()

    def test_an_open_order_is_completed_by_the_administrator_with_a_reason(self):
        """R086: not delivered, not collected, not approved."""
        draft = self.make_order(self.customer, self.sales1)
        with self.assertRefused("not approved"):
            self.by(self.admin, draft).action_k20_complete("Why not")
        for user in (self.sales1, self.manager):
            with self.assertRefused("not delivered and collected"):
                self.by(user).action_k20_complete("Please")
        for reason in (None, '  '):
            with self.assertRefused("say why"):
                self.by(self.admin).action_k20_complete(reason)
        self.by(self.admin).action_k20_complete("The customer gave up")
        self.assertEqual(self.order.k20_completion_reason, "The customer gave up")

    def test_a_completed_order_changes_no_more(self):
        """R086: lines, cancelling and invoices, by anybody, until it is reopened."""
        self.by(self.admin).action_k20_complete("Done")
        order = self.by(self.admin)
        wizard = self.env['sale.advance.payment.inv'].with_user(self.finance).with_context(
            active_model='sale.order', active_ids=self.order.ids
        )  # fmt: skip
        for change in (
            lambda: order.write({'note': "x"}),
            lambda: order.order_line.write({'price_unit': 1}),
            lambda: order.write({'order_line': [Command.create({'product_id': self.product.id})]}),
            order.action_cancel,
            order._create_invoices,
            lambda: wizard.create({'advance_payment_method': 'percentage', 'amount': 5}).create_invoices(),
            lambda: self.make_invoice(
                self.customer,
                invoice_line_ids=[Command.create({'name': "x", 'sale_line_ids': [Command.set(order.order_line.ids)]})],
            ),
        ):
            with self.assertRefused("is completed"):
                change()
        for user in (self.sales1, self.manager, self.finance):
            with self.assertRefused("administrator only", AccessError):
                self.by(user).action_k20_reopen()
        self.assertTrue(order.action_k20_reopen())
        self.assertFalse(self.order.k20_completed_on or self.order.k20_completion_reason)
        order.write({'note': "Open again"})

    def test_no_line_comes_into_a_completed_order(self):
        """R086, R192: neither made there nor moved in, out or away, by who passes every other lock."""
        other = self.make_order(self.customer, self.sales1)
        note = self.order.order_line.create({'order_id': self.order.id, 'display_type': 'line_note', 'name': "x"})
        self.by(self.admin).action_k20_complete("Done")
        line, moved = self.by(self.admin).order_line - note, self.by(self.admin, other).order_line
        for change in (
            lambda: line.create({'order_id': self.order.id, 'product_id': self.product.id}),
            lambda: moved.write({'order_id': self.order.id}),
            lambda: line.write({'order_id': other.id}),
            note.with_user(self.admin).unlink,
        ):
            with self.assertRefused("is completed"):
                change()
