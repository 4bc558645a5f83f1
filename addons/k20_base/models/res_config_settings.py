from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    k20_reminder_days = fields.Integer(related='company_id.k20_reminder_days', readonly=False)
    k20_duplicate_checks_per_day = fields.Integer(related='company_id.k20_duplicate_checks_per_day', readonly=False)
    k20_followup_backdate_days = fields.Integer(related='company_id.k20_followup_backdate_days', readonly=False)
    k20_required_field_ids = fields.Many2many(related='company_id.k20_required_field_ids', readonly=False)
    k20_approval_reminder_days = fields.Integer(related='company_id.k20_approval_reminder_days', readonly=False)
    k20_max_owned_channels = fields.Integer(related='company_id.k20_max_owned_channels', readonly=False)
    k20_max_owned_ends = fields.Integer(related='company_id.k20_max_owned_ends', readonly=False)
    k20_owned_without_deal_only = fields.Boolean(related='company_id.k20_owned_without_deal_only', readonly=False)
    k20_claims_per_day = fields.Integer(related='company_id.k20_claims_per_day', readonly=False)
    k20_claim_cooldown_days = fields.Integer(related='company_id.k20_claim_cooldown_days', readonly=False)
    k20_pool_rest_days = fields.Integer(related='company_id.k20_pool_rest_days', readonly=False)
    k20_claim_followup_days = fields.Integer(related='company_id.k20_claim_followup_days', readonly=False)
    k20_lock_quota = fields.Integer(related='company_id.k20_lock_quota', readonly=False)
    k20_lock_max_days = fields.Integer(related='company_id.k20_lock_max_days', readonly=False)
