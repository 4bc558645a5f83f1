from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """The customer that stays has the orders of the others, and counts their deals."""

    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_values(self, src_partners, dst_partner):
        result = super()._update_values(src_partners, dst_partner)
        # Odoo has moved the orders by SQL, which works out nothing anew.
        customer = dst_partner.sudo().commercial_partner_id
        Order = self.env['sale.order'].sudo()
        orders = Order.search([('partner_id', 'child_of', customer.ids)])
        self.env.add_to_compute(Order._fields['k20_customer_id'], orders)
        orders.flush_recordset(['k20_customer_id'])
        self.env.add_to_compute(customer._fields['k20_deal_count'], customer)
        return result
