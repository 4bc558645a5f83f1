import contextlib
import json
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .prices_case import PricesCase, PricesHttpCase

# Every field that shows cost, margin or profit in what K20 Sales stands on.
COST_FIELDS = {
    'product.template': ('standard_price',),
    'product.product': ('standard_price',),
    'product.supplierinfo': ('price', 'price_discounted', 'discount'),
    'product.pricelist.item': ('price_markup',),
    'sale.order': ('margin', 'margin_percent', 'k20_profit'),
    'sale.order.line': ('purchase_price', 'margin', 'margin_percent', 'k20_profit'),
    'sale.report': ('margin',),
    'account.invoice.report': ('price_margin', 'inventory_value'),
    'k20.price.request': ('cost', 'margin', 'margin_percent'),
}
# Ways to a product's cost over another record.
PATHS = {
    'sale.order': ('order_line.purchase_price', 'order_line.product_id.standard_price'),
    'sale.order.line': ('product_id.standard_price', 'order_id.margin'),
    'sale.report': ('product_id.standard_price',),
    'product.template': ('product_variant_ids.standard_price', 'seller_ids.price'),
}


@tagged('post_install', '-at_install', 'k20_thorough')
class TestCostOverRpc(PricesHttpCase):
    """Cost, margin and profit are read by who has the function, over no call by anybody else. (R088, R155)"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env['res.partner'].create({'name': "Vendor"})
        seller = {'partner_id': cls.vendor.id, 'price': cls.COST, 'min_qty': 1}
        cls.product.product_tmpl_id.seller_ids = [Command.create(seller)]
        cls.order = cls.quote(cls.line_values(70, product_uom_qty=3), 100)
        cls.line = cls.order.order_line[0]
        cls.request = cls.Request.browse(cls.line.action_k20_request_price(70, "Why not"))
        cls.invoice = cls.make_invoice(cls.customer, cls.sales1)
        cls.invoice.invoice_line_ids.product_id = cls.product
        cls.env.flush_all()
        cls.records = {
            'product.template': cls.product.product_tmpl_id,
            'product.product': cls.product,
            'product.supplierinfo': cls.product.seller_ids,
            'product.pricelist.item': cls.env['product.pricelist.item'].create(
                {
                    'pricelist_id': cls.env['product.pricelist'].create({'name': "Cost plus"}).id,
                    'compute_price': 'formula',
                    'base': 'standard_price',
                    'price_markup': 10,
                }
            ),
            'sale.order': cls.order,
            'sale.order.line': cls.line,
            'sale.report': cls.env['sale.report'].search([('order_reference', '=', f'sale.order,{cls.order.id}')]),
            'account.invoice.report': cls.env['account.invoice.report'].search([('move_id', '=', cls.invoice.id)]),
            'k20.price.request': cls.request,
        }

    def test_no_call_shows_cost_to_a_salesperson(self):
        self.login(self.sales1)
        for model, names in COST_FIELDS.items():
            ids = self.records[model].ids
            self.assertTrue(ids, model)
            shown = self.call(model, 'fields_get') if model != 'account.invoice.report' else {}
            for name in names:
                self.assertNotIn(name, shown, model)
                for method, args in self.calls(model, name, ids):
                    self.assertCallRefused(model, method, *args)

    def calls(self, model, name, ids):
        """Yield the calls that would show or hint at the field `name`, each as (method, args)."""
        yield 'read', (ids, [name])
        yield 'search_read', ([('id', 'in', ids)], [name])
        yield 'web_read', (ids, {name: {}})
        yield 'web_search_read', ([('id', 'in', ids)], {name: {}})
        yield 'export_data', (ids, [name])
        if self.env[model]._fields[name]._description_searchable:
            yield 'search', ([(name, '>', 1)],)
            yield 'search_count', ([(name, '>', 1)],)
        if self.env[model]._fields[name].store:
            yield 'search', ([], 0, 1, f'{name} desc')
            yield 'formatted_read_group', ([], [name], ['__count'])
            yield 'formatted_read_group', ([], [], [f'{name}:sum'])

    def test_no_way_around_over_other_records(self):
        self.login(self.sales1)
        for model, paths in PATHS.items():
            for path in paths:
                self.assertCallRefused(model, 'search', [(path, '>', 1)])
                self.assertCallRefused(model, 'export_data', self.records[model].ids, [path.replace('.', '/')])
        self.assertCallRefused('sale.order', 'web_read', self.order.ids, {'order_line': {'fields': {'margin': {}}}})
        self.assertCallRefused(
            'sale.order.line', 'web_read', self.line.ids, {'product_id': {'fields': {'standard_price': {}}}}
        )
        self.assertCallRefused(
            'sale.order.line', 'formatted_read_group', [], ['product_id.standard_price'], ['__count']
        )

    def test_no_readable_field_holds_the_cost(self):
        """R155: whatever a salesperson may read of these records, the number is not in it, nor what it follows from."""
        secrets = ('61.37', '61,37', '25.89', '8.63', '38.63', '184.11')  # cost, margins of the lines, cost of three
        for model, records in self.records.items():
            if not records.with_user(self.sales1).has_access('read'):
                continue
            mine = records.with_user(self.sales1).with_context(lang='en_US')
            for name in mine.fields_get(attributes=['type']):
                values = None
                with contextlib.suppress(AccessError):  # of a list of what one may not read, as purchases
                    values = mine.read([name])
                for secret in secrets:
                    self.assertNotIn(secret, repr(values), (model, name))

    def test_onchange_tells_nothing(self):
        self.login(self.sales1)
        values = {'product_id': self.product.id, 'product_uom_qty': 1}
        spec = {'product_id': {}, 'price_unit': {}, 'k20_net_price': {}, 'k20_floor_price': {}, 'k20_price_state': {}}
        answer = self.call('sale.order.line', 'onchange', [], values, ['product_id'], spec)
        self.assertNotIn('61.37', json.dumps(answer))
        for name in ('purchase_price', 'margin'):
            self.assertCallRefused('sale.order.line', 'onchange', [], values, ['product_id'], {**spec, name: {}})
        for name in ('standard_price',):
            self.assertCallRefused('product.product', 'onchange', self.product.ids, {}, [], {name: {}})

    def test_cost_is_not_written_either(self):
        self.login(self.sales1)
        self.assertCallRefused('sale.order.line', 'write', self.line.ids, {'purchase_price': 1})
        line = {'product_id': self.product.id, 'order_id': self.order.id, 'purchase_price': 1}
        self.assertCallRefused('sale.order.line', 'create', [line])

    def test_who_has_the_function_reads(self):
        readers = {
            self.manager: ('sale.order', 'sale.order.line', 'sale.report', 'product.product', 'k20.price.request'),
            self.finance: ('sale.order', 'sale.order.line', 'product.product', 'account.invoice.report'),
            self.buyer: ('product.product', 'product.template', 'product.supplierinfo'),
            self.admin: tuple(COST_FIELDS),
        }
        for user, models in readers.items():
            self.login(user)
            for model in models:
                [values] = self.call(model, 'read', self.records[model][:1].ids, list(COST_FIELDS[model]))
                self.assertTrue(values[COST_FIELDS[model][0]], (user.name, model))

    def test_the_function_is_taken_from_one_person(self):
        """R155: a manager without it sees no margin; a salesperson with it does."""
        self.manager.group_ids -= self.env.ref('k20_base.group_k20_cost')
        self.sales1.group_ids += self.env.ref('k20_base.group_k20_cost')
        self.login(self.manager)
        self.assertCallRefused('sale.order', 'read', self.order.ids, ['margin'])
        self.login(self.sales1)
        [values] = self.call('sale.order', 'read', self.order.ids, ['margin'])
        self.assertAlmostEqual(values['margin'], 310 - 4 * self.COST)

    def test_a_salesperson_works_on(self):
        """R155: creates, edits, copies, submits, invoices, and every view of it opens."""
        self.login(self.sales1)
        lines = [[0, 0, {'product_id': self.product.id, 'price_unit': 90}]]
        values = {'partner_id': self.customer.id, 'order_line': lines}
        values['k20_order_type_id'] = self.env.ref('k20_sales.k20_order_type_hardware').id
        [order_id] = self.call('sale.order', 'create', [values])
        line_ids = self.call('sale.order.line', 'search', [('order_id', '=', order_id)])
        self.call('sale.order.line', 'write', line_ids, {'product_uom_qty': 5, 'price_unit': 91})
        [copy_id] = self.call('sale.order', 'copy', [order_id])
        for model, kinds in (
            ('sale.order', ('form', 'list', 'kanban', 'pivot', 'graph')),
            ('sale.order.line', ('list', 'form')),
            ('product.template', ('form', 'list', 'kanban')),
            ('product.product', ('form', 'list')),
            ('sale.report', ('pivot', 'graph', 'list')),
            ('k20.price.request', ('form', 'list', 'kanban', 'search')),
        ):
            for kind in kinds:
                view = self.call(model, 'get_views', [[False, kind]])
                arch = view['views'][kind]['arch']
                for name in COST_FIELDS[model]:
                    self.assertNotIn(f'name="{name}"', arch, (model, kind))
        order = self.env['sale.order'].browse(order_id)
        order._portal_ensure_token()
        self.call('sale.order', 'action_k20_submit', [order_id])
        self.assertAlmostEqual(order.order_line.purchase_price, self.COST)
        order.with_user(self.admin).action_k20_approve()
        self.assertTrue(order.with_user(self.sales1)._create_invoices())
        self.assertAlmostEqual(self.env['sale.order'].browse(copy_id).order_line.purchase_price, self.COST)


@tagged('post_install', '-at_install')
class TestProfit(PricesCase):
    """What an order and its lines earn, for who may see cost. (R088)"""

    def test_cost_is_right_on_a_line_a_salesperson_made(self):
        """The cost is worked out when the line is made, also where it is confirmed in the same transaction."""
        dozen = self.env.ref('uom.product_uom_dozen')
        order = self.quote(self.line_values(1200, product_uom_id=dozen.id))
        self.assertAlmostEqual(order.sudo().order_line.purchase_price, 12 * self.COST)
        self.assertAlmostEqual(order.sudo().margin, 1200 - 12 * self.COST)

    def test_profit_in_company_currency(self):
        pricelist = self.make_dollars()
        order = self.quote(self.line_values(20, product_uom_qty=2), pricelist_id=pricelist.id).with_user(self.admin)
        self.assertAlmostEqual(order.k20_profit, 320 - 2 * self.COST, 1)

    def test_costs_of_the_order_are_spread_to_the_cent(self):
        """R088: commission and expenses, which higher addons count, in proportion to revenue."""
        free = self.make_priced(name="Service", standard_price=0)
        order = self.quote(*(self.line_values(price, free) for price in (100, 100, 100, 33))).with_user(self.admin)
        with patch.object(type(order), '_k20_order_costs', lambda orders: {one.sudo(): 100.0 for one in orders}):
            profits = order.order_line.mapped('k20_profit')
            self.assertAlmostEqual(sum(profits), 233)
            self.assertAlmostEqual(order.k20_profit, 233)
            for profit in profits[:3]:
                self.assertAlmostEqual(profit, 100 - 10000 / 333, delta=0.01)
