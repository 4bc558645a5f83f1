from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    k20_reminder_days = fields.Integer(related='company_id.k20_reminder_days', readonly=False)
    k20_duplicate_checks_per_day = fields.Integer(related='company_id.k20_duplicate_checks_per_day', readonly=False)
    k20_followup_backdate_days = fields.Integer(related='company_id.k20_followup_backdate_days', readonly=False)
    k20_required_field_ids = fields.Many2many(related='company_id.k20_required_field_ids', readonly=False)
