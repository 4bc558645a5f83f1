from odoo import fields, models


class ProductSupplierinfo(models.Model):
    """What a vendor asks is cost, for who may see cost. (R088)"""

    _inherit = 'product.supplierinfo'
    # Odoo sorts by price besides: whoever may not read it could read no vendor at all.
    _order = 'sequence, min_qty DESC, id'

    price = fields.Float(groups='k20_base.group_k20_cost')
    price_discounted = fields.Float(groups='k20_base.group_k20_cost')
    discount = fields.Float(groups='k20_base.group_k20_cost')
