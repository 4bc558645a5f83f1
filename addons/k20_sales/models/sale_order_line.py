from odoo import fields, models


class SaleOrderLine(models.Model):
    """A line of a quotation or order, locked with it. (R192, R193)"""

    _name = 'sale.order.line'
    _inherit = ['k20.order.line.mixin', 'k20.figures.mixin', 'sale.order.line']
    # Written by Odoo once the order is confirmed.
    _k20_free_fields = frozenset({
        'qty_delivered',  # by deliveries; by hand for what has no delivery, see _k20_locked_fields
        'qty_invoiced', 'invoice_lines', 'invoice_status',  # by invoicing
        'technical_price_unit',  # Odoo's note of the price it worked out itself
    })  # fmt: skip

    k20_deal_date = fields.Date(related='order_id.k20_deal_date', store=True, index='btree_not_null')
    k20_team_id = fields.Many2one(related='order_id.team_id', string="Sales Team", store=True)
    k20_channel_id = fields.Many2one(
        related='order_id.k20_channel_id', string="Channel", store=True, index='btree_not_null'
    )

    def _k20_locked_fields(self, vals):
        names = super()._k20_locked_fields(vals)
        # What is delivered by moves of goods is not typed in, or an order could be completed without them.
        if 'qty_delivered' in vals and not self.env.su and set(self.mapped('qty_delivered_method')) - {'manual'}:
            names.append('qty_delivered')
        return names
