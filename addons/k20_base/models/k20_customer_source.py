from odoo import models


class K20CustomerSource(models.Model):
    _name = 'k20.customer.source'
    _inherit = ['k20.base.data.mixin']
    _description = "Customer Source"

    _name_uniq = models.UniqueIndex("((name->>'en_US'))", "This name exists already in the list.")
