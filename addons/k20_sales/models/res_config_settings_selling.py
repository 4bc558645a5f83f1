from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    k20_silent_months = fields.Integer(related='company_id.k20_silent_months', readonly=False)
