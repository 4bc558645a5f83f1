from odoo import api, models


class K20AdministeredMixin(models.AbstractModel):
    """Records that hold rights up, as access rows and record rules do: the administrator changes them. (R021)"""

    _name = 'k20.administered.mixin'
    _description = "Changed by the Administrator Only"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.user._k20_check_administers()
        return super().create(vals_list)

    def write(self, vals):
        self.env.user._k20_check_administers()
        return super().write(vals)

    def unlink(self):
        self.env.user._k20_check_administers()
        return super().unlink()
