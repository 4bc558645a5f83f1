from odoo import fields, models


class ResCompany(models.Model):
    """What stands on the company's quotations and contracts. (R038)"""

    _inherit = 'res.company'

    k20_seal = fields.Image(
        "Company Seal",
        max_width=1024,
        max_height=1024,
        groups='base.group_system',  # a picture of the seal in the wrong hands signs anything
        help="Printed over the company's signature on approved orders, and nowhere else.",
    )
    k20_order_terms = fields.Html(
        "Terms of Contract",
        translate=True,
        help="Printed under each quotation and contract, after what is agreed for the one order.",
    )
