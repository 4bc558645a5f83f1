from odoo import api, fields, models

from ..tools.price_spread import spread


class SaleOrder(models.Model):
    """Margin and profit of an order, for who may see cost. (R088; DESIGN §1, §6 "Profit of a line")"""

    _inherit = 'sale.order'

    margin = fields.Monetary(groups='k20_base.group_k20_cost')
    margin_percent = fields.Float(groups='k20_base.group_k20_cost')
    k20_profit = fields.Monetary(
        "Profit",
        compute='_compute_k20_profit',
        compute_sudo=True,
        currency_field='k20_company_currency_id',
        groups='k20_base.group_k20_cost',
        help="Revenue without tax, less cost, commission and expenses.",
    )
    k20_company_currency_id = fields.Many2one(
        related='company_id.currency_id', string="Company Currency", groups='base.group_user'
    )

    def _k20_order_costs(self):
        """Hook: what these orders cost beside their goods: commission, expenses.

        :return: {order: amount in the order's company's currency}; an order that cost nothing may be missing
        """
        return {}

    @api.depends('order_line.k20_profit')
    def _compute_k20_profit(self):
        for order in self:
            order.k20_profit = sum(order.order_line.mapped('k20_profit'))

    def _k20_cost_shares(self):
        """Return {line: its share of the order's costs}, in proportion to revenue, in company currency.

        The shares of an order add up to its costs, to the cent.
        """
        shares = {}
        for order, amount in self._k20_order_costs().items():
            lines = order.order_line.filtered(lambda line: not line.display_type)
            digits = order.company_id.currency_id.decimal_places
            shares.update(zip(lines, spread(amount, lines.mapped('price_subtotal'), digits), strict=True))
        return shares
