from odoo import fields, models


class ResCompany(models.Model):
    """The limits of ownership, per company; each 0 is off. (DESIGN §5)"""

    _inherit = 'res.company'

    k20_max_owned_channels = fields.Integer("Channels per Person", help="Most channels a salesperson may look after.")
    k20_max_owned_ends = fields.Integer("End Customers per Person", help="Most end customers one may look after.")
    k20_owned_without_deal_only = fields.Boolean(
        "Count Only Those without a Deal", help="Customers that have bought do not count against these limits."
    )
    k20_claims_per_day = fields.Integer("Claims a Day", help="Most customers a salesperson may ask for on one day.")
    k20_claim_cooldown_days = fields.Integer(
        "Cooling-off Days", help="So many days a former owner waits before claiming the same customer again."
    )
    k20_pool_rest_days = fields.Integer(
        "Rest Days in the Pool", help="So many days a customer is in the pool before anybody may claim it."
    )
    k20_claim_followup_days = fields.Integer(
        "Follow Up a Claim within Days", help="A claimed customer without a follow-up by then goes back to the pool."
    )
    k20_lock_quota = fields.Integer("Locks per Person", help="Most customers a salesperson may have locked at once.")
    k20_lock_max_days = fields.Integer("Longest Lock in Days", help="A lock lasts so many days at most.")

    _k20_limits_positive = models.Constraint(
        'CHECK (LEAST(k20_max_owned_channels, k20_max_owned_ends, k20_claims_per_day, k20_claim_cooldown_days,'
        ' k20_pool_rest_days, k20_claim_followup_days, k20_lock_quota, k20_lock_max_days) >= 0)',
        "A limit is 0 (none) or more: correct it.",
    )
