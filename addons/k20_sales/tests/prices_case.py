from odoo import Command

from .common import K20SalesCase, K20SalesHttpCase


class PricesMakers:
    """A product with list price 100.00, floor 80.00 and cost 61.37, and flows under which the administrator decides."""

    COST = 61.37

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.make_priced(floor=80)
        cls.customer = cls.make_customer(owner=cls.sales1)
        cls.Request = cls.env['k20.price.request']
        Flow = cls.env['k20.approval.flow']
        if not Flow.search_count([('model_id.model', '=', 'sale.order')]):
            step = {'name': "Administrator", 'approver_kind': 'users', 'user_ids': [Command.set(cls.admin.ids)]}
            model_id = cls.env['ir.model']._get_id('sale.order')
            Flow.create({'name': "Orders", 'model_id': model_id, 'step_ids': [Command.create(step)]})

    @classmethod
    def make_priced(cls, floor=0, **values):
        """Make a product that is sold without tax; `floor` is what it may not go below."""
        values = {'list_price': 100, 'standard_price': cls.COST, 'taxes_id': False, **values}
        return cls.make_product(k20_floor_price=floor, **values)

    @classmethod
    def line_values(cls, price, product=None, **values):
        product = product or cls.product
        return Command.create({'product_id': product.id, 'price_unit': price, 'product_uom_qty': 1, **values})

    @classmethod
    def quote(cls, *lines, user=None, **values):
        """Make, as the salesperson, a quotation; a line is its price, or its values from `line_values`."""
        user = user or cls.sales1
        lines = [cls.line_values(line) if isinstance(line, (int, float)) else line for line in lines]
        values = {'partner_id': cls.customer.id, 'user_id': user.id, 'order_line': lines, **values}
        values.setdefault('k20_order_type_id', cls.env.ref('k20_sales.k20_order_type_hardware').id)
        order = cls.env['sale.order'].with_user(user).create(values)
        order.sudo()._portal_ensure_token()
        return order

    def ask(self, line, price=None, reason="Competitor offers less", user=None):
        """Ask for a special price, by default for what the line is quoted at; return the request."""
        line = line.with_user(user or self.sales1)
        price = line.k20_net_price if price is None else price
        return self.Request.browse(line.action_k20_request_price(price, reason))

    def approve(self, request):
        request.with_user(self.admin).action_k20_approve()

    def give(self, line, price=None):
        """Ask for a special price and have it approved."""
        request = self.ask(line, price)
        self.approve(request)
        return request

    def assertBlocked(self, order, name=None):
        with self.assertRefused('below the floor') as caught:
            order.with_user(self.sales1).action_k20_submit()
        self.assertIn(name or self.product.name, str(caught.exception))


class PricesCase(PricesMakers, K20SalesCase):
    """K20SalesCase with a product that has a floor."""


class PricesHttpCase(PricesMakers, K20SalesHttpCase):
    """The same over HTTP."""
