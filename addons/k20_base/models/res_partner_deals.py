from odoo import fields, models


class ResPartner(models.Model):
    """What a customer has bought or brought: the facts that rules of loss and statistics read; selling feeds them."""

    _inherit = 'res.partner'

    k20_first_deal_date = fields.Date("First Deal", readonly=True, copy=False, index='btree_not_null')
    k20_last_deal_date = fields.Date("Last Deal", readonly=True, copy=False, index='btree_not_null')
    k20_deal_count = fields.Integer("Deals", readonly=True, copy=False)
    k20_deal_currency_id = fields.Many2one(related='company_id.currency_id', string="Deal Currency")
    k20_deal_amount = fields.Monetary(
        "Deal Amount", readonly=True, copy=False, currency_field='k20_deal_currency_id', help="In company currency."
    )
