from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    k20_seal = fields.Image(related='company_id.k20_seal', readonly=False, groups='base.group_system')
    k20_order_terms = fields.Html(related='company_id.k20_order_terms', readonly=False)
