from odoo import models


class K20FollowupMethod(models.Model):
    _name = 'k20.followup.method'
    _inherit = ['k20.base.data.mixin']
    _description = "Follow-up Method"

    _name_uniq = models.UniqueIndex("((name->>'en_US'))", "This name exists already in the list.")
