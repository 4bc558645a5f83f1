from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class K20PriceHistory(models.TransientModel):
    """What a product was quoted and sold at: to one customer, and to others like it, as far as the user may see. (R088)

    Prices are net: without tax, for one unit of the product, after every discount, in company currency.
    """

    _name = 'k20.price.history'
    _description = "Price History"

    product_id = fields.Many2one('product.product', required=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', "Customer", ondelete='cascade')
    order_id = fields.Many2one('sale.order', "Leaving out Order", ondelete='cascade')
    alike = fields.Selection(
        [('kind', "Same kind"), ('type', "Same type"), ('state', "Same province")],
        "Others Like It",
        required=True,
        default='kind',
    )
    date_from = fields.Date("Since")
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    last_price = fields.Monetary(compute='_compute_own')
    last_date = fields.Datetime("Last Quoted on", compute='_compute_own')
    own_count = fields.Integer("Quoted to This Customer", compute='_compute_own')
    own_min = fields.Monetary("Lowest", compute='_compute_own')
    own_avg = fields.Monetary("Average", compute='_compute_own')
    own_max = fields.Monetary("Highest", compute='_compute_own')
    others_count = fields.Integer("Quoted to Others Like It", compute='_compute_others')
    others_min = fields.Monetary("Lowest of Others", compute='_compute_others')
    others_avg = fields.Monetary("Average of Others", compute='_compute_others')
    others_max = fields.Monetary("Highest of Others", compute='_compute_others')

    @api.model
    def _k20_open(self, product, order):
        """Return the action that opens the dialog for `product` and the customer of `order`, which is left out."""
        if not product:
            raise UserError(self.env._("This line has no product: there is no price history to show."))
        action = self.env['ir.actions.act_window']._for_xml_id('k20_sales.k20_price_history_action')
        context = {
            'default_product_id': product.id,
            'default_partner_id': order.partner_id.commercial_partner_id.id,
            'default_order_id': order.id,
        }
        return {**action, 'context': context}

    @api.depends_context('company')
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends_context('uid', 'allowed_company_ids')
    @api.depends('product_id', 'partner_id', 'order_id', 'date_from')
    def _compute_own(self):
        for dialog in self:
            domain = dialog._own_domain()
            dialog.own_count, dialog.own_min, dialog.own_avg, dialog.own_max = dialog._prices(domain)
            last = self.env['sale.order.line'].search(domain, order='id desc', limit=1)
            dialog.last_price, dialog.last_date = last.k20_net_price_company, last.k20_date_order

    @api.depends_context('uid', 'allowed_company_ids')
    @api.depends('product_id', 'partner_id', 'order_id', 'date_from', 'alike')
    def _compute_others(self):
        for dialog in self:
            figures = dialog._prices(dialog._others_domain())
            dialog.others_count, dialog.others_min, dialog.others_avg, dialog.others_max = figures

    def _prices(self, domain):
        """Return number, lowest, average and highest of the net prices of the lines of `domain`, as the user."""
        measures = [f'k20_net_price_company:{how}' for how in ('min', 'avg', 'max')]
        [(count, *prices)] = self.env['sale.order.line']._read_group(domain, [], ['__count', *measures])
        return count, *(price or 0.0 for price in prices)

    def _quoted_domain(self):
        """Return the domain of the lines that this dialog is about, whoever they were quoted to."""
        domain = self.env['sale.order.line']._k20_quoted_domain() & Domain('product_id', '=', self.product_id.id)
        if self.order_id:
            domain &= Domain('order_id', '!=', self.order_id.id)
        return domain & Domain('k20_date_order', '>=', self.date_from) if self.date_from else domain

    def _own_domain(self):
        return self._quoted_domain() & Domain('order_partner_id', 'child_of', self.partner_id.commercial_partner_id.ids)

    def _others_domain(self):
        """Return the domain of what others like the customer were quoted; without a customer, of what all were."""
        customer = self.partner_id.commercial_partner_id
        domain = self._quoted_domain()
        if not customer:
            return domain
        name = {'kind': 'k20_kind', 'type': 'k20_type_id', 'state': 'state_id'}[self.alike]
        value = customer[name].id if self.alike != 'kind' else customer[name]
        alike = Domain(f'order_partner_id.commercial_partner_id.{name}', '=', value)
        return domain & alike & ~Domain('order_partner_id', 'child_of', customer.ids)

    def action_own(self):
        """Open the lines of this customer.

        :return: an action
        """
        self.ensure_one()
        return self.env['sale.order.line']._k20_price_history_action(self._own_domain())

    def action_others(self):
        """Open the lines of others like this customer.

        :return: an action
        """
        self.ensure_one()
        return self.env['sale.order.line']._k20_price_history_action(self._others_domain())
