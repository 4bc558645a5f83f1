from odoo import api, fields, models


class SaleOrder(models.Model):
    """From which day to which day an order was claimed: what receivables at a past day are made of. (R091)"""

    _inherit = 'sale.order'

    k20_claimed_on = fields.Date(
        "Claimed from",
        compute='_compute_k20_claim_days',
        store=True,
        copy=False,
        help="Deal date; unlike that, it stays when the order is cancelled.",
    )
    k20_cancelled_on = fields.Date("Cancelled on", compute='_compute_k20_claim_days', store=True, copy=False)

    @api.depends('k20_deal_date', 'state')
    def _compute_k20_claim_days(self):
        for order in self:
            if order.state == 'cancel':
                order.k20_claimed_on = order.k20_claimed_on or order.k20_deal_date
                order.k20_cancelled_on = order.k20_cancelled_on or order.company_id._k20_today()
            else:
                order.k20_claimed_on = order.k20_deal_date
                order.k20_cancelled_on = False
