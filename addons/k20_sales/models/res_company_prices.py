from odoo import fields, models


class ResCompany(models.Model):
    """How far below its floor a price may go without a special price. (R089)"""

    _inherit = 'res.company'

    k20_floor_tolerance = fields.Float(
        "Floor Tolerance (%)",
        help="So many percent below its floor a line may be quoted without an approved special price; 0: none.",
    )

    _k20_floor_tolerance_range = models.Constraint(
        'CHECK (k20_floor_tolerance >= 0 AND k20_floor_tolerance < 100)',
        "The floor tolerance is a percentage from 0 to below 100: correct it.",
    )
