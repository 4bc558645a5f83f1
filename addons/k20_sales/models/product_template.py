from odoo import fields, models

from .k20_floor_price_mixin import PRICE_READERS


class ProductTemplate(models.Model):
    """Below which price a product is not sold without a yes, and its cost for who may see it. (R088, R089)

    The floor is the company's, in its currency, without tax, for one unit of the product; 0 is none.
    """

    _name = 'product.template'
    _inherit = ['k20.floor.price.mixin', 'product.template']
    _k20_floor_fields = ('k20_floor_price',)

    standard_price = fields.Float(groups='k20_base.group_k20_cost')
    k20_floor_price = fields.Float(
        "Floor Price",
        company_dependent=True,
        copy=True,
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="Below this price, without tax and for one unit of the product, a line needs an approved special price;"
        " 0: no floor.",
    )

    def action_k20_price_history(self):
        """Open what these products were quoted and sold at, as far as the user may see it.

        :return: an action (R088)
        """
        return self.product_variant_ids.action_k20_price_history()
