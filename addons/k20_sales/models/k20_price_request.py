import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, formatLang

from .sale_order_line_prices import EXACT

# The terms a special price was asked for: field of the request -> field of the line that must still say the same.
TERMS = {
    'order_id': 'order_id',
    'product_id': 'product_id',
    'uom_id': 'product_uom_id',
    'quantity': 'product_uom_qty',
    'price_unit': 'price_unit',
    'discount': 'discount',
}
ORDER_TERMS = {'customer_id': 'partner_id', 'currency_id': 'currency_id', 'pricelist_id': 'pricelist_id'}


class K20PriceRequest(models.Model):
    """A special price asked for one line below its floor, on the terms it had then. (R089, R090)

    Prices are without tax, for one unit of the product, in the order's currency.

    Who may do what:
        salesperson     asks, through sale.order.line.action_k20_request_price; withdraws, submits again what holds
        manager         the same on the orders of the team
        administrator   decides by default; sees cost and margin with the cost function, as every approver
    Nobody writes a row directly. A change of the line makes the row void for good: it tells when, by whom and why.
    """

    _name = 'k20.price.request'
    _inherit = ['k20.approval.mixin']
    _description = "Special Price"
    _order = 'id desc'
    _mail_post_access = 'read'

    # Said again, so that this addon's translation names the states.
    k20_approval_state = fields.Selection(
        [('draft', "Draft"), ('submitted', "Submitted"), ('approved', "Approved"), ('rejected', "Rejected")]
    )
    order_line_id = fields.Many2one('sale.order.line', readonly=True, ondelete='set null', index='btree_not_null')
    order_id = fields.Many2one('sale.order', readonly=True, required=True, ondelete='cascade', index=True)
    partner_id = fields.Many2one(related='order_id.partner_id', string="Customer", store=True, index=True)
    user_id = fields.Many2one(related='order_id.user_id', string="Salesperson", store=True, index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    customer_id = fields.Many2one('res.partner', "Asked for Customer", readonly=True, ondelete='restrict')
    product_id = fields.Many2one('product.product', readonly=True, required=True, ondelete='restrict', index=True)
    product_uom_id = fields.Many2one(related='product_id.uom_id', string="Product's Unit")
    uom_id = fields.Many2one('uom.uom', "Unit", readonly=True, ondelete='restrict')
    quantity = fields.Float(readonly=True, digits='Product Unit')
    price_unit = fields.Float("Unit Price of the Line", readonly=True, min_display_digits='Product Price')
    discount = fields.Float("Discount (%)", readonly=True, digits='Discount')
    currency_id = fields.Many2one('res.currency', readonly=True, required=True, ondelete='restrict')
    pricelist_id = fields.Many2one('product.pricelist', "Price List", readonly=True, ondelete='set null')
    list_price = fields.Float(readonly=True, min_display_digits='Product Price', aggregator='avg')
    floor_price = fields.Float(readonly=True, min_display_digits='Product Price', aggregator='avg')
    net_price = fields.Float(
        "Net Price When Asked", readonly=True, min_display_digits='Product Price', aggregator='avg'
    )
    requested_price = fields.Float(readonly=True, min_display_digits='Product Price', aggregator='avg', tracking=True)
    below_floor = fields.Float(
        "Below Floor (%)", compute='_compute_below_floor', help="How far the requested price is below the floor."
    )
    cost = fields.Float(
        compute='_compute_margin',
        compute_sudo=True,
        min_display_digits='Product Price',
        groups='k20_base.group_k20_cost',
        help="Of one unit of the product, as the line has it.",
    )
    margin = fields.Float(
        compute='_compute_margin', compute_sudo=True, min_display_digits='Product Price',
        groups='k20_base.group_k20_cost', help="Of one unit of the product at the requested price.",
    )  # fmt: skip
    margin_percent = fields.Float(
        "Margin (%)", compute='_compute_margin', compute_sudo=True, groups='k20_base.group_k20_cost'
    )
    reason = fields.Text(readonly=True, required=True)
    void_on = fields.Datetime("Void since", readonly=True, copy=False, tracking=True, index='btree_not_null')
    void_by_id = fields.Many2one('res.users', "Made Void by", readonly=True, copy=False, ondelete='restrict')
    void_reason = fields.Char("Why Void", readonly=True, copy=False)

    _live_uniq = models.UniqueIndex(
        "(order_line_id) WHERE void_on IS NULL AND k20_approval_state IN ('submitted', 'approved')",
        "A special price of this line has been asked for already: wait for the decision, or withdraw it.",
    )

    @api.depends('product_id', 'order_id')
    def _compute_display_name(self):
        for request in self.sudo():
            request.display_name = f'{request.order_id.name} {request.product_id.display_name}'

    @api.depends('floor_price', 'requested_price')
    def _compute_below_floor(self):
        for request in self:
            floor = request.floor_price
            request.below_floor = floor and (floor - request.requested_price) / floor

    @api.depends('order_line_id.purchase_price', 'requested_price')
    def _compute_margin(self):
        for request in self:
            line, price = request.order_line_id, request.requested_price
            unit = line.product_uom_id
            request.cost = unit._compute_price(line.purchase_price, request.product_id.uom_id) if unit else 0.0
            request.margin = price - request.cost
            request.margin_percent = price and request.margin / price

    # -- asking ------------------------------------------------------------------------------------------------------

    @api.model
    def _k20_request(self, line, price, reason):
        """Ask for `price` for `line`, whose right to do so is checked; return the submitted request."""
        reason = reason.strip() if isinstance(reason, str) else ''
        if not reason:
            raise UserError(self.env._("The approver decides by your reason: say why."))
        if isinstance(price, bool) or not isinstance(price, (int, float)) or not 0 <= price < math.inf:
            raise UserError(self.env._("A price is a number from 0: type what one unit shall sell at, without tax."))
        values = {**line.sudo()._k20_prepare_price_request(), 'requested_price': price, 'reason': reason}
        # sudo: nobody has the right to write such rows; the right to ask is checked above.
        request = self.sudo().create(values).with_env(self.env)
        request.action_k20_submit()
        return request

    def _k20_check_may_submit(self):
        self.check_access('read')
        for request in self:
            if not request.order_line_id:
                raise UserError(
                    self.env._("The line of %s was deleted: nothing is to be asked for.", request.display_name)
                )
            request.order_line_id._k20_check_may_ask_price()

    def _k20_approval_check(self):
        super()._k20_approval_check()
        self.flush_model(['k20_approval_state', 'void_on'])  # or the index would still count a request just closed
        for request in self.sudo():
            request._k20_check_same()
            request._k20_check_first()
            request._k20_check_price()

    def _k20_check_same(self):
        if self.void_on or not self._k20_same_terms():
            raise UserError(
                self.env._("The line of %s changed since: ask for its special price again.", self.display_name)
            )

    def _k20_check_first(self):
        if (self.order_line_id.k20_price_request_ids - self)._k20_live():
            raise UserError(
                self.env._(
                    "A special price of %s has been asked for already: wait for the decision, or withdraw it.",
                    self.display_name,
                )
            )

    def _k20_check_price(self):
        """Refuse what needs no special price, and one that would not cover the line."""
        line = self.order_line_id
        lowest = line._k20_lowest_prices()[line]
        if not line._k20_below_floor() or self._k20_compare(self.requested_price, lowest) >= 0:
            raise UserError(
                self.env._(
                    "%(line)s needs no special price: from %(lowest)s on it may be sold without one, and it is quoted"
                    " at %(net)s.",
                    line=self.display_name,
                    lowest=self._k20_format(lowest),
                    net=self._k20_format(line.k20_net_price),
                )
            )
        if self._k20_compare(self.requested_price, line.k20_net_price) > 0:
            raise UserError(
                self.env._(
                    "%(line)s is quoted at %(net)s without tax for one unit, less than the %(price)s you ask for: ask"
                    " for what it is quoted at.",
                    line=self.display_name,
                    net=self._k20_format(line.k20_net_price),
                    price=self._k20_format(self.requested_price),
                )
            )

    @api.model
    def _k20_compare(self, one, other):
        return float_compare(one, other, precision_digits=EXACT)

    def _k20_format(self, price):
        """Return `price` as text, with as many digits as it takes to type it in again."""
        digits = self.currency_id.decimal_places
        while digits < EXACT and self._k20_compare(round(price, digits), price):
            digits += 1
        return formatLang(self.env, price, digits=digits, currency_obj=False)

    # -- while it is open, and after ---------------------------------------------------------------------------------

    def _k20_approval_granted(self):
        super()._k20_approval_granted()
        for request in self.sudo():
            request._k20_check_same()
            request._k20_check_price()

    def _k20_approval_amount(self):
        """Return what the line sells at the requested price, without tax, in company currency."""
        line = self.sudo().order_line_id
        quantity = line.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id, round=False)
        return self.requested_price * quantity / (line.order_id.currency_rate or 1.0)

    def _k20_approval_summary(self):
        asked = self.env._(
            "%(price)s instead of %(floor)s (list %(list)s) × %(quantity)s %(unit)s · %(reason)s",
            price=self._k20_format(self.requested_price),
            floor=self._k20_format(self.floor_price),
            list=self._k20_format(self.list_price),
            quantity=f'{self.quantity:g}',
            unit=self.uom_id.name,
            reason=self.reason,
        )
        return ' · '.join(filter(None, (self.partner_id.name, asked)))

    def _k20_live(self):
        """Return those of these requests that wait for a decision or are approved, and not void."""
        return self.filtered(
            lambda request: not request.void_on and request.k20_approval_state in ('submitted', 'approved')
        )

    def _k20_holds(self):
        """Tell whether the line still is what was asked about, at no less than was asked for; in sudo."""
        line = self.order_line_id
        return self._k20_same_terms() and self._k20_compare(line.k20_net_price, self.requested_price) >= 0

    def _k20_same_terms(self):
        """Tell whether the line still is what was asked about, whatever others take off by now; in sudo."""
        self.ensure_one()
        line = self.order_line_id
        return (
            bool(line)
            and all(self._k20_same_value(name, line[other]) for name, other in TERMS.items())
            and all(self._k20_same_value(name, line.order_id[other]) for name, other in ORDER_TERMS.items())
        )

    def _k20_same_value(self, name, value):
        if self._fields[name].type == 'float':
            return not self._k20_compare(self[name], value)
        return self[name] == value

    def _k20_void(self, reason):
        """Make these requests void: what waits is taken back, what is approved covers nothing any more. (R090)"""
        waiting = self.filtered(lambda request: request.k20_approval_state == 'submitted')
        waiting._k20_close_tasks()
        waiting._k20_move('withdraw')
        if self:
            self._k20_write({'void_on': fields.Datetime.now(), 'void_by_id': self.env.uid, 'void_reason': reason})

    def action_k20_price_history(self):
        """Open what the product of this request was quoted and sold at.

        :return: an action (R090)
        """
        self.check_access('read')
        return self.env['k20.price.history']._k20_open(self.product_id, self.order_id)
