from odoo import models


class K20CustomerNature(models.Model):
    _name = 'k20.customer.nature'
    _inherit = ['k20.base.data.mixin']
    _description = "Customer Nature"

    _name_uniq = models.UniqueIndex("((name->>'en_US'))", "This name exists already in the list.")
