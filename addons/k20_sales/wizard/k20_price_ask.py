from odoo import api, fields, models


class K20PriceAsk(models.TransientModel):
    """Asks for a special price for a line; the rules live on the line and the request. (R089)"""

    _name = 'k20.price.ask'
    _description = "Ask for a Special Price"

    order_line_id = fields.Many2one('sale.order.line', required=True, ondelete='cascade')
    product_id = fields.Many2one('product.product', compute='_compute_figures')
    currency_id = fields.Many2one('res.currency', compute='_compute_figures')
    unit = fields.Char("For One", compute='_compute_figures')
    list_price = fields.Float(compute='_compute_figures', min_display_digits='Product Price')
    floor_price = fields.Float(compute='_compute_figures', min_display_digits='Product Price')
    net_price = fields.Float(compute='_compute_figures', min_display_digits='Product Price')
    last_price = fields.Float(compute='_compute_figures', min_display_digits='Product Price')
    price = fields.Float(
        "Requested Price",
        compute='_compute_price',
        store=True,
        readonly=False,
        min_display_digits='Product Price',
        help="The lowest price you ask for: without tax, for one unit of the product, after every discount.",
    )
    reason = fields.Text()

    # Not related fields: those are read in sudo, and a line of somebody else's could be named here.
    @api.depends('order_line_id')
    def _compute_figures(self):
        for dialog in self:
            line = dialog.order_line_id
            dialog.product_id = line.product_id
            dialog.currency_id = line.currency_id
            dialog.unit = line.product_id.uom_id.name
            dialog.list_price = line.k20_list_price
            dialog.floor_price = line.k20_floor_price
            dialog.net_price = line.k20_net_price
            dialog.last_price = line.k20_last_price

    @api.depends('order_line_id')
    def _compute_price(self):
        for dialog in self:
            # Written as the user, like above: stored computes run in sudo.
            dialog.price = dialog.sudo(False).order_line_id.k20_net_price

    def action_ask(self):
        """Ask for the special price.

        :return: an action that closes the dialog
        :raise UserError: as sale.order.line.action_k20_request_price
        """
        self.ensure_one()
        self.order_line_id.action_k20_request_price(self.price, self.reason)
        return {'type': 'ir.actions.act_window_close'}
