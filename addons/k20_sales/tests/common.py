from odoo import Command

from odoo.addons.k20_base.tests.common import K20Case, K20HttpCase


class SalesMakers:
    """Makers of projects, orders and invoices; a test shows the values that matter to it."""

    @classmethod
    def make_lead(cls, customer=None, user=None, **values):
        values = {'name': "Project", 'type': 'opportunity', 'user_id': user.id if user else False, **values}
        return cls.env['crm.lead'].create({'partner_id': customer.id if customer else False, **values})

    @classmethod
    def make_order(cls, customer, user=None, product=None, **values):
        """Make a quotation of one line over 100.00."""
        values = {
            'user_id': user.id if user else False,
            'k20_order_type_id': cls.env.ref('k20_sales.k20_order_type_hardware').id,
            **values,
        }
        if 'order_line' not in values:
            product = product or cls.make_product()
            line = {'name': "Server", 'product_id': product.id, 'product_uom_qty': 1, 'price_unit': 100}
            values['order_line'] = [Command.create(line)]
        return cls.env['sale.order'].create({'partner_id': customer.id, **values})

    @classmethod
    def approve(cls, order):
        """Submit `order` as its salesperson, or who looks after the customer, and approve it."""
        order.with_user(order.user_id or order.partner_id.k20_owner_id or cls.admin).action_k20_submit()
        order.with_user(cls.admin).action_k20_approve()
        return order

    @classmethod
    def make_product(cls, **values):
        return cls.env['product.product'].create({'name': "Server", **values})

    @classmethod
    def make_invoice(cls, customer, user=None, **values):
        line = {'name': "Server", 'quantity': 1, 'price_unit': 100}
        values = {'invoice_user_id': user.id if user else False, 'invoice_line_ids': [Command.create(line)], **values}
        return cls.env['account.move'].create({'move_type': 'out_invoice', 'partner_id': customer.id, **values})


class K20SalesCase(SalesMakers, K20Case):
    """K20Case with makers of sales documents."""


class K20SalesHttpCase(SalesMakers, K20HttpCase):
    """The same over HTTP."""
