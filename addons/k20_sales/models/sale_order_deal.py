from odoo import api, fields, models


class SaleOrder(models.Model):
    """An approved order is a deal (成交) of its customer and of the channel that brought it. (DESIGN §3, §9)"""

    _inherit = 'sale.order'

    k20_deal_date = fields.Date(
        "Deal Date",
        readonly=True,
        copy=False,
        index='btree_not_null',
        help="The company's day on which the order was approved; empty again once it is cancelled.",
    )
    k20_is_deal = fields.Boolean("Is a Deal", compute='_compute_k20_is_deal', store=True)
    k20_company_currency_id = fields.Many2one(related='company_id.currency_id', string="Company Currency")
    k20_deal_amount = fields.Monetary(
        "Deal Amount",
        compute='_compute_k20_deal_amount',
        store=True,
        currency_field='k20_company_currency_id',
        help="Contract amount with tax, in company currency; 0 where there is no deal.",
    )

    @api.depends('k20_deal_date', 'state')
    def _compute_k20_is_deal(self):
        for order in self:
            order.k20_is_deal = order._k20_is_deal()

    def _k20_is_deal(self):
        """Hook: tell whether this order counts as a deal; what else it goes by belongs into the compute's `depends`."""
        self.ensure_one()
        return self.state == 'sale' and bool(self.k20_deal_date)

    @api.depends('k20_is_deal', 'amount_total', 'currency_rate')
    def _compute_k20_deal_amount(self):
        for order in self:
            order.k20_deal_amount = order.k20_is_deal and order._k20_in_company_currency(order.amount_total)

    def _prepare_confirmation_values(self):
        # In the same UPDATE as the state.
        return {**super()._prepare_confirmation_values(), 'k20_deal_date': self.company_id._k20_today()}
