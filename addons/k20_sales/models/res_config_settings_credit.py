from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    k20_credit_check = fields.Boolean(related='company_id.k20_credit_check', readonly=False)
    k20_credit_overdue_days = fields.Integer(related='company_id.k20_credit_overdue_days', readonly=False)
