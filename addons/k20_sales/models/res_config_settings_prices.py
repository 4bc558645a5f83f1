from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    k20_floor_tolerance = fields.Float(related='company_id.k20_floor_tolerance', readonly=False)
