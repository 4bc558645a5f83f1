from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    k20_confirm_collections_at_once = fields.Boolean(
        related='company_id.k20_confirm_collections_at_once', readonly=False
    )
