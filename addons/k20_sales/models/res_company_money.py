from odoo import fields, models


class ResCompany(models.Model):
    """How a company takes money. (R092)"""

    _inherit = 'res.company'

    k20_confirm_collections_at_once = fields.Boolean(
        "Collections Count at Once",
        help="Collections count as soon as a salesperson registers them, without finance confirming each.",
    )
