from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """Cost, margin and profit of a line, for who may see cost. (R088; DESIGN §1, §6 "Profit of a line")"""

    _inherit = 'sale.order.line'

    purchase_price = fields.Float(groups='k20_base.group_k20_cost')
    margin = fields.Float(groups='k20_base.group_k20_cost')
    margin_percent = fields.Float(groups='k20_base.group_k20_cost')
    k20_profit = fields.Monetary(
        "Profit",
        compute='_compute_k20_profit',
        compute_sudo=True,
        currency_field='k20_company_currency_id',
        groups='k20_base.group_k20_cost',
        help="Revenue without tax, less cost and the line's share of the order's commission and expenses.",
    )
    k20_company_currency_id = fields.Many2one(
        related='company_id.currency_id', string="Company Currency", groups='base.group_user'
    )

    # Not of its own depends alone: what `_k20_order_costs` counts lies in other documents, so it is never stored.
    @api.depends('price_subtotal', 'margin', 'order_id.order_line.price_subtotal', 'order_id.currency_rate')
    def _compute_k20_profit(self):
        shares = self.order_id._k20_cost_shares()
        for line in self:
            margin = line.margin / (line.order_id.currency_rate or 1.0)
            line.k20_profit = margin - shares.get(line, 0.0)

    def _add_precomputed_values(self, vals_list):
        # Odoo reads the cost it has just worked out as the user, who may sell without seeing it: sudo for that alone.
        return super(SaleOrderLine, self.sudo())._add_precomputed_values(vals_list)
