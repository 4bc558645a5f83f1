from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

from .k20_floor_price_mixin import PRICE_READERS

# Prices are compared to this many digits, finer than any currency: a cent of a unit price is money.
EXACT = 6


class SaleOrderLine(models.Model):
    """What a line really sells at, and what it may not go below. (R088; DESIGN §6 "Special prices")

    All prices here are without tax, for one unit of the product (not of the line), in the order's currency; every
    discount counts: the line's own, and what other lines of the order take off, in proportion.
    """

    _name = 'sale.order.line'
    _inherit = ['k20.figures.mixin', 'sale.order.line']

    k20_list_price = fields.Float(
        "List Price",
        compute='_compute_k20_list_price',
        compute_sudo=True,
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="The product's sales price, without tax, for one unit of the product.",
    )
    k20_floor_price = fields.Float(
        "Floor Price",
        compute='_compute_k20_floor_price',
        compute_sudo=True,
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="The floor of the price rule, or else of the product, for one unit of the product; 0: no floor.",
    )
    k20_net_price = fields.Float(
        "Net Price",
        compute='_compute_k20_net_price',
        store=True,
        aggregator=None,
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="What one unit of the product really sells at: without tax, after every discount of line and order.",
    )
    k20_net_price_company = fields.Float(
        "Net Price in Company Currency",
        compute='_compute_k20_net_price_company',
        store=True,
        aggregator='avg',
        min_display_digits='Product Price',
        groups=PRICE_READERS,
    )
    k20_last_price = fields.Float(
        "Last Price",
        compute='_compute_k20_last_price',
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="What the same product was last quoted to this customer before, for one unit, in this order's currency.",
    )
    k20_last_price_date = fields.Datetime("Last Quoted on", compute='_compute_k20_last_price', groups=PRICE_READERS)
    k20_date_order = fields.Datetime(related='order_id.date_order', string="Order Date")

    # -- figures -----------------------------------------------------------------------------------------------------

    @api.depends('product_id.lst_price', 'tax_ids', 'order_id.currency_id', 'order_id.date_order')
    def _compute_k20_list_price(self):
        for line in self:
            product = line.product_id.with_company(line.company_id)
            price = line._k20_in_order_currency(product.lst_price, product.currency_id)
            line.k20_list_price = line._k20_without_tax(price)

    @api.depends(
        'product_id.k20_floor_price', 'product_uom_id', 'product_uom_qty', 'order_id.pricelist_id',
        'order_id.currency_id', 'order_id.date_order',
    )  # fmt: skip
    def _compute_k20_floor_price(self):
        floors = self._k20_floors()
        for line in self:
            line.k20_floor_price = floors[line]

    @api.depends(
        'product_id', 'product_uom_id', 'order_id.order_line.price_unit', 'order_id.order_line.discount',
        'order_id.order_line.product_uom_qty', 'order_id.order_line.tax_ids',
    )  # fmt: skip
    def _compute_k20_net_price(self):
        for order, lines in self.grouped('order_id').items():
            prices = {line: line._k20_untaxed_unit_price() for line in order.order_line | lines}
            kept = order._k20_kept_share(prices)
            for line in lines:
                price, unit = prices[line], line.product_id.uom_id
                if price * line.product_uom_qty > 0:
                    price *= kept
                line.k20_net_price = line.product_uom_id._compute_price(price, unit) if unit else price

    @api.depends('k20_net_price', 'order_id.currency_rate')
    def _compute_k20_net_price_company(self):
        for line in self:
            line.k20_net_price_company = line.k20_net_price / (line.order_id.currency_rate or 1.0)

    @api.depends_context('uid')
    @api.depends('product_id', 'order_id.partner_id', 'order_id.currency_id')
    def _compute_k20_last_price(self):
        earlier = self._k20_earlier_lines()
        for line in self:
            last = earlier.get(line, line.browse())
            line.k20_last_price_date = last.order_id.date_order
            line.k20_last_price = last and last._k20_in_currency_of(line)

    # -- what the figures are made of --------------------------------------------------------------------------------

    def _k20_untaxed_unit_price(self):
        """Return the price of one unit of the line, without tax, after the line's own discount."""
        self.ensure_one()
        return self._k20_without_tax(self.price_unit * (1 - (self.discount or 0.0) / 100))

    def _k20_without_tax(self, price):
        """Return `price`, of one unit of the line, without the taxes that it includes."""
        self.ensure_one()
        if not self.tax_ids:
            return price
        details = self.tax_ids._get_tax_details(
            price_unit=price,
            quantity=1.0,
            precision_rounding=(self.order_id.currency_id or self.env.company.currency_id).rounding,
            rounding_method='round_globally',
            product=self.product_id,
        )
        return details['total_excluded']

    def _k20_floors(self):
        """Return {line: its floor as of now}: of the rule that gives its price, or else of the product; 0: none."""
        Rule = self.env['product.pricelist.item']
        domain = [('pricelist_id', 'in', self.order_id.pricelist_id.ids), ('k20_floor_price', '>', 0)]
        ruled = {pricelist for [pricelist] in Rule._read_group(domain, ['pricelist_id'])}  # the others need no look-up
        return {
            line: line._k20_rule_floor(line.order_id.pricelist_id in ruled) or line._k20_product_floor()
            for line in self
        }

    def _k20_rule_floor(self, ruled):
        """Return the floor of the rule that gives this line's price, asked anew: Odoo's field may be old.

        :param bool ruled: whether any rule of the order's price list has a floor
        """
        if not self.product_id or not ruled:
            return 0.0
        pricelist = self.order_id.pricelist_id
        rule_id = pricelist._get_product_rule(product=self.product_id, **self._get_pricelist_kwargs())
        rule = self.env['product.pricelist.item'].browse(rule_id or ())
        return self._k20_in_order_currency(rule.k20_floor_price, rule.currency_id) if rule else 0.0

    def _k20_product_floor(self):
        company = self.company_id or self.env.company
        floor = self.product_id.with_company(company).k20_floor_price
        return self._k20_in_order_currency(floor, company.currency_id) if floor else 0.0

    def _k20_in_order_currency(self, amount, currency):
        """Return `amount` of `currency` in the order's, at the order's date, unrounded."""
        order, company = self.order_id, self.company_id or self.env.company
        date = order.date_order or fields.Datetime.now()
        return currency._convert(amount, order.currency_id or company.currency_id, company, date, round=False)

    def _k20_in_currency_of(self, line):
        """Return this line's net price in the currency of the order of `line`, at this order's own date."""
        currency = line.order_id.currency_id or self.currency_id
        company = self.company_id
        return self.currency_id._convert(
            self.k20_net_price, currency, company, self.order_id.date_order or fields.Datetime.now(), round=False
        )

    # -- below the floor ---------------------------------------------------------------------------------------------

    def _k20_lowest_prices(self):
        """Return {line: what it may go down to without a yes}: the floor less the company's tolerance; 0: no floor."""
        return {
            line: floor * (1 - (line.company_id or self.env.company).k20_floor_tolerance / 100)
            for line, floor in self._k20_floors().items()
        }

    def _k20_below_floor(self):
        """Return those of these lines, in sudo, that sell below their floor.

        Goods taken back and a combo's own line are not judged: what they take off counts on the others, and the combo's
        parts have prices of their own.
        """
        judged = self.sudo().filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and line.product_uom_qty >= 0
                and line.product_id.type != 'combo'
            )
        )
        lowest = judged._k20_lowest_prices()
        return judged.filtered(lambda line: float_compare(line.k20_net_price, lowest[line], precision_digits=EXACT) < 0)

    # -- what was quoted before --------------------------------------------------------------------------------------

    def _k20_earlier_lines(self):
        """Return {line: the latest line of another order before it, of the same product for the same customer}.

        As the user: what somebody may not see was not quoted, for them.
        """
        wanted = self.filtered(lambda line: line.product_id and line.order_id.partner_id)
        customers = wanted.order_id.partner_id.commercial_partner_id
        if not wanted:
            return {}
        domain = (
            self._k20_quoted_domain()
            & Domain('product_id', 'in', wanted.product_id.ids)
            & Domain('order_partner_id', 'child_of', customers.ids)
        )
        found = {}
        groups = self._read_group(domain, ['order_partner_id', 'product_id', 'order_id'], ['id:max'])
        for customer, product, order, line_id in groups:
            found.setdefault((customer.commercial_partner_id, product), []).append((line_id, order.id))
        earlier = {}
        for line in wanted:
            before = [
                line_id
                for line_id, order_id in found.get(
                    (line.order_id.partner_id.commercial_partner_id, line.product_id), ()
                )
                if order_id != line.order_id._origin.id and (not line._origin.id or line_id < line._origin.id)
            ]
            if before:
                earlier[line] = self.browse(max(before))
        return earlier

    @api.model
    def _k20_quoted_domain(self):
        """Return the domain of what was quoted or sold: not cancelled, and no goods taken back."""
        return Domain('state', '!=', 'cancel') & Domain('display_type', '=', False) & Domain('product_uom_qty', '>', 0)
