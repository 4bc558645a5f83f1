from odoo import api, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    """A quotation takes its channel from the project, or else from the customer; not what a channel buys itself."""

    _inherit = 'sale.order'

    @api.depends('opportunity_id', 'partner_id')
    def _compute_k20_channel_id(self):
        super()._compute_k20_channel_id()

    def _k20_origin_channel(self):
        channel = self.opportunity_id.k20_channel_id or super()._k20_origin_channel()
        return channel - self.partner_id.commercial_partner_id

    @api.constrains('k20_channel_id', 'partner_id')
    def _check_k20_channel(self):
        super()._check_k20_channel()
        for order in self.sudo():
            if order.k20_channel_id and order.k20_channel_id == order.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._("%s buys itself: leave the channel that brought it empty.", order.k20_channel_id.name)
                )

    @api.model
    def _k20_origin_fields(self):
        return ['opportunity_id', *super()._k20_origin_fields()]
