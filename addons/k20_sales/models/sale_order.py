from odoo import fields, models


class SaleOrder(models.Model):
    """A quotation, and an order once it is approved. (R084, R191)

    It is named only by who may read it: other records copy from it what it knows of the customer. (R157)
    """

    _name = 'sale.order'
    _inherit = ['k20.approval.mixin', 'k20.figures.mixin', 'sale.order']
    _k20_guarded = True

    # Said again, so that this addon's translation names the states.
    k20_approval_state = fields.Selection(
        [('draft', "Draft"), ('submitted', "Submitted"), ('approved', "Approved"), ('rejected', "Rejected")]
    )
