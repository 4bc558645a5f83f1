from odoo import api, fields, models


class CrmLead(models.Model):
    """What the orders of a project claim and have received, as far as its reader sees them. (R009)"""

    _inherit = 'crm.lead'

    k20_amount_contract = fields.Monetary(
        "Contract Amount",
        compute='_compute_k20_money',
        currency_field='company_currency',
        help="Of the project's approved orders, with tax, in company currency.",
    )
    k20_amount_collected = fields.Monetary(
        "Collected", compute='_compute_k20_money', currency_field='company_currency', help="Of approved orders."
    )
    k20_amount_open = fields.Monetary(
        "Uncollected", compute='_compute_k20_money', currency_field='company_currency', help="Of approved orders."
    )
    k20_payment_count = fields.Integer("Collections", compute='_compute_k20_payment_count')

    @api.depends_context('uid')
    @api.depends(
        'order_ids.state', 'order_ids.k20_amount_contract', 'order_ids.k20_amount_collected',
        'order_ids.k20_amount_open', 'order_ids.currency_rate',
    )  # fmt: skip
    def _compute_k20_money(self):
        for lead in self:
            # Of several quotations one is bought: only what is approved adds up.
            orders = lead.order_ids.filtered(lambda order: order.state == 'sale')
            for name in ('k20_amount_contract', 'k20_amount_collected', 'k20_amount_open'):
                lead[name] = sum(lead._k20_in_own_currency(order, order[name]) for order in orders)

    def _k20_in_own_currency(self, order, amount):
        """Return `amount`, in the currency of `order`, in this project's, at the rate of the order's date."""
        company, amount = order.company_id, order._k20_in_company_currency(amount)
        return company.currency_id._convert(amount, self.company_currency, company, order.date_order)

    @api.depends_context('uid')
    def _compute_k20_payment_count(self):
        for lead in self:
            lead.k20_payment_count = sum(lead.order_ids.mapped('k20_payment_count'))

    def action_k20_open_collections(self):
        """Open the collections of this project's orders, also of those not approved. (R009)

        :return: an action
        """
        self.ensure_one()
        self.check_access('read')
        return self.order_ids.action_k20_open_collections()
