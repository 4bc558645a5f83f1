from odoo import api, fields, models


class ResPartner(models.Model):
    """What a customer has bought, and a channel has bought or brought: worked out from the orders. (DESIGN §3)

    The fields are k20_base's. An order's channel is never its own customer, so that each order counts once.
    """

    _inherit = 'res.partner'

    k20_bought_order_ids = fields.One2many('sale.order', 'k20_customer_id', "Orders", readonly=True)
    k20_brought_order_ids = fields.One2many('sale.order', 'k20_channel_id', "Orders Brought", readonly=True)

    k20_first_deal_date = fields.Date(compute='_compute_k20_deals', store=True)
    k20_last_deal_date = fields.Date(compute='_compute_k20_deals', store=True)
    k20_deal_count = fields.Integer(compute='_compute_k20_deals', store=True)
    k20_deal_amount = fields.Monetary(compute='_compute_k20_deals', store=True)

    @api.depends(
        'k20_bought_order_ids.k20_is_deal', 'k20_bought_order_ids.k20_deal_date',
        'k20_bought_order_ids.k20_deal_amount', 'k20_brought_order_ids.k20_is_deal',
        'k20_brought_order_ids.k20_deal_date', 'k20_brought_order_ids.k20_deal_amount',
    )  # fmt: skip
    def _compute_k20_deals(self):
        deals = self._k20_deals()
        for partner in self:
            mine = deals.get(partner._origin.id, [])
            partner.k20_first_deal_date = min((first for first, _last, _count, _amount in mine), default=False)
            partner.k20_last_deal_date = max((last for _first, last, _count, _amount in mine), default=False)
            partner.k20_deal_count = sum(count for _first, _last, count, _amount in mine)
            partner.k20_deal_amount = sum(amount for _first, _last, _count, amount in mine)

    def _k20_deals(self):
        """Return {id: [(first day, last day, count, amount in company currency)]} of what these bought or brought."""
        deals = {}
        Order = self.env['sale.order'].sudo()
        figures = ['k20_deal_date:min', 'k20_deal_date:max', '__count', 'k20_deal_amount:sum']
        channels = self.filtered(lambda partner: partner.k20_kind == 'channel')
        for name, partners in (('k20_customer_id', self._origin), ('k20_channel_id', channels._origin)):
            domain = [(name, 'in', partners.ids), ('k20_is_deal', '=', True)]
            for partner, *found in Order._read_group(domain, [name], figures) if partners else ():
                deals.setdefault(partner.id, []).append(found)
        return deals
