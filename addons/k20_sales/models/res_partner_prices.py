from odoo import models


class ResPartner(models.Model):
    """What a customer was quoted, product by product. (R088)"""

    _inherit = 'res.partner'

    def action_k20_price_history(self):
        """Open what was quoted and sold to these customers, and at what price.

        :return: an action
        """
        self.check_access('read')
        domain = [('order_partner_id', 'child_of', self.commercial_partner_id.ids)]
        return self.env['sale.order.line']._k20_price_history_action(domain, search_default_group_product=1)
