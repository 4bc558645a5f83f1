from odoo import fields, models


class K20CustomerType(models.Model):
    """Channel types are offered on channels, customer types on end customers. (R148)"""

    _name = 'k20.customer.type'
    _inherit = ['k20.base.data.mixin']
    _description = "Customer Type"

    kind = fields.Selection(
        [('channel', "Channel customers"), ('end', "End customers"), ('both', "Both")],
        string="Offered On",
        required=True,
        default='both',
    )

    _name_uniq = models.UniqueIndex("((name->>'en_US'))", "This name exists already in the list.")
