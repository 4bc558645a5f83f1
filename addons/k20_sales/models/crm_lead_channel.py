from odoo import api, models


class CrmLead(models.Model):
    """A project knows the channel that brought it, from its customer."""

    _name = 'crm.lead'
    _inherit = ['k20.channel.mixin', 'crm.lead']

    @api.depends('partner_id')
    def _compute_k20_channel_id(self):
        super()._compute_k20_channel_id()
