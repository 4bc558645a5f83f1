from odoo import api, models

from odoo.addons.k20_base.tools.opening import opened


class AccountMoveLine(models.Model):
    """A completed order is invoiced no more; an expense that is charged on goes onto the order. (R086)"""

    _inherit = 'account.move.line'

    @api.constrains('sale_line_ids')
    def _check_k20_order_not_completed(self):
        self.sudo().sale_line_ids.order_id._k20_check_not_completed()

    def _sale_create_reinvoice_sale_line(self):
        # Odoo adds the line itself, with its own price, when the bill or expense is posted.
        # sudo: finance posts, and has no right of its own to add to an order.
        lines = self.sudo()
        orders = lines.env['sale.order'].union(*filter(None, lines._sale_determine_order().values()))
        orders._k20_check_not_completed()
        with opened(orders):
            return super(AccountMoveLine, lines)._sale_create_reinvoice_sale_line()
