from odoo import api, fields, models


class SaleOrder(models.Model):
    """What the list of a customer's quotations says of each: products and prices, the order it became. (R078)"""

    _inherit = 'sale.order'

    k20_product_summary = fields.Char("Products and Prices", compute='_compute_k20_product_summary')
    k20_became_order = fields.Char("Became Order", compute='_compute_k20_became_order')

    @api.depends('order_line.product_id', 'order_line.product_uom_qty', 'order_line.price_unit', 'order_line.name')
    def _compute_k20_product_summary(self):
        self.order_line.product_id.mapped('name')  # of all orders at once
        for order in self:
            lines = order.order_line.filtered(lambda line: not line.display_type)
            order.k20_product_summary = '; '.join(
                f'{line.product_id.name or line.name} × {line.product_uom_qty:g} @ {line.price_unit:,.2f}'
                for line in lines
            )

    @api.depends('state', 'name')
    def _compute_k20_became_order(self):
        for order in self:
            order.k20_became_order = order.name if order.state == 'sale' else False
