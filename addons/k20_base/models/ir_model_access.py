from odoo import api, models


class IrModelAccess(models.Model):
    """Access rows hold the rights up: whoever changes one hands out rights. (R021)"""

    _inherit = 'ir.model.access'

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
