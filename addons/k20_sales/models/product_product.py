from odoo import api, fields, models
from odoo.fields import Domain

from .k20_floor_price_mixin import PRICE_READERS


class ProductProduct(models.Model):
    """A variant has the floor of its product, or one of its own. (R088, R089)"""

    _name = 'product.product'
    _inherit = ['k20.floor.price.mixin', 'product.product']
    _k20_floor_fields = ('k20_floor_price', 'k20_own_floor_price')

    standard_price = fields.Float(groups='k20_base.group_k20_cost')
    k20_own_floor_price = fields.Float(
        "Variant's Own Floor Price",
        company_dependent=True,
        copy=True,
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="Only where this variant has another floor than its product; 0: the product's.",
    )
    k20_floor_price = fields.Float(
        "Floor Price",
        compute='_compute_k20_floor_price',
        inverse='_inverse_k20_floor_price',
        search='_search_k20_floor_price',
        compute_sudo=True,
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="Below this price, without tax and for one unit of the product, a line needs an approved special price;"
        " 0: no floor.",
    )

    @api.depends_context('company')
    @api.depends('k20_own_floor_price', 'product_tmpl_id.k20_floor_price')
    def _compute_k20_floor_price(self):
        for product in self:
            product.k20_floor_price = product.k20_own_floor_price or product.product_tmpl_id.k20_floor_price

    def _inverse_k20_floor_price(self):
        """Set the only variant's floor on the product, so that both screens show one figure; else the variant's own."""
        for product in self:
            if product.product_tmpl_id.product_variant_ids <= product:
                product.product_tmpl_id.k20_floor_price = product.k20_floor_price
                product.k20_own_floor_price = 0.0
            else:
                product.k20_own_floor_price = product.k20_floor_price

    @api.model
    def _search_k20_floor_price(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        own = Domain('k20_own_floor_price', '!=', 0)
        return (own & Domain('k20_own_floor_price', operator, value)) | (
            ~own & Domain('product_tmpl_id.k20_floor_price', operator, value)
        )

    def _prepare_sellers(self, params=False):
        # Odoo sorts vendors by their price, which only some may read: sudo lends it to the sorting.
        return super(ProductProduct, self.sudo())._prepare_sellers(params).with_env(self.env)

    def action_k20_price_history(self):
        """Open what these variants were quoted and sold at, as far as the user may see it.

        :return: an action (R088)
        """
        self.check_access('read')
        return self.env['sale.order.line']._k20_price_history_action([('product_id', 'in', self.ids)])
