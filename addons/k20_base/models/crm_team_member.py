from odoo import api, models


class CrmTeamMember(models.Model):
    """Memberships decide which customers a manager sees, so a change holds from the next request."""

    _inherit = 'crm.team.member'

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env['crm.team']._k20_forget_visibility()
        return members

    def write(self, vals):
        result = super().write(vals)
        self.env['crm.team']._k20_forget_visibility()
        return result

    def unlink(self):
        result = super().unlink()
        self.env['crm.team']._k20_forget_visibility()
        return result
