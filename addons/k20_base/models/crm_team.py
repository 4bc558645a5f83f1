from odoo import api, models


class CrmTeam(models.Model):
    """Who leads which team decides which customers a manager sees, so a change holds from the next request."""

    _inherit = 'crm.team'

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        self._k20_forget_visibility()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if {'user_id', 'active', 'member_ids', 'crm_team_member_ids', 'company_id'} & vals.keys():
            self._k20_forget_visibility()
        return result

    def unlink(self):
        result = super().unlink()
        self._k20_forget_visibility()
        return result

    def _k20_forget_visibility(self):
        # Rule domains are cached per user and hold the ids of the people whose customers that user sees.
        self.env.flush_all()
        self.env.registry.clear_cache()
