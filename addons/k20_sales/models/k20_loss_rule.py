from odoo import fields, models


class K20LossRule(models.Model):
    """What of selling holds a loss back. (DESIGN §5)"""

    _inherit = 'k20.loss.rule'

    exempt_open_order = fields.Boolean(
        "Not with an Open Order",
        default=True,
        help="A customer with an order in approval, or approved and not yet delivered or collected, is not taken.",
    )
    exempt_project_days = fields.Integer(
        "Project Step within Days",
        help="A customer with an open project that has a next step within so many days is not taken; 0: it is.",
    )

    _exempt_project_days_positive = models.Constraint(
        'CHECK (exempt_project_days >= 0)', "The days of a project's next step are 0 or more: correct them."
    )
