from odoo import fields, models

from .k20_floor_price_mixin import PRICE_READERS


class ProductPricelistItem(models.Model):
    """A price rule may have a floor of its own, which then goes before the product's. (R088, R089)"""

    _name = 'product.pricelist.item'
    _inherit = ['k20.floor.price.mixin', 'product.pricelist.item']
    _k20_floor_fields = ('k20_floor_price',)

    # The mark-up on cost would tell the cost.
    price_markup = fields.Float(groups='k20_base.group_k20_cost')
    k20_floor_price = fields.Float(
        "Floor Price",
        min_display_digits='Product Price',
        groups=PRICE_READERS,
        help="In the price list's currency, without tax and for one unit of the product; it goes before the product's"
        " floor wherever this rule gives the price. 0: the product's.",
    )
