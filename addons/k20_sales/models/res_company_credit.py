from odoo import fields, models


class ResCompany(models.Model):
    """Whether a customer's credit stands against a new order. (DESIGN §6)"""

    _inherit = 'res.company'

    k20_credit_check = fields.Boolean(
        "Check Credit",
        help="An order that takes a customer above the credit limit, or whose customer is overdue, is not submitted.",
    )
    k20_credit_overdue_days = fields.Integer("Days Overdue that Stop an Order", help="0: only the limit is checked.")

    _k20_credit_overdue_days_positive = models.Constraint(
        'CHECK (k20_credit_overdue_days >= 0)', "Days overdue are not below zero: correct them."
    )
