from odoo import api, models


class SaleOrderLine(models.Model):
    """What a product was quoted and sold at, to a customer and to others. (R088)"""

    _inherit = 'sale.order.line'

    def action_k20_price_history(self):
        """Open what the product of this line was quoted and sold at: to this customer, and to others like it.

        :return: an action that opens the dialog k20.price.history
        """
        self.check_access('read')
        line = self[:1]
        return self.env['k20.price.history']._k20_open(line.product_id, line.order_id)

    @api.model
    def _k20_price_history_action(self, domain, **context):
        """Return the action that lists the lines of `domain` as prices, as far as the user may see them."""
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.sale_order_line_action_price_history')
        return {**action, 'domain': [*self._k20_quoted_domain(), *domain], 'context': context}
