from odoo import api, models
from odoo.exceptions import ValidationError


class ResCountryState(models.Model):
    """Provinces (省份): base data that the administrator alone changes. (R153)"""

    _name = 'res.country.state'
    _inherit = ['res.country.state', 'k20.rules.guard.mixin']

    @api.constrains('name', 'country_id')
    def _check_name(self):
        for state in self:
            if not (state.name or '').strip():
                raise ValidationError(self.env._("The name is empty: type a name."))
            twins = self.search_count(
                [('id', '!=', state.id), ('country_id', '=', state.country_id.id), ('name', '=ilike', state.name)],
                limit=1,
            )
            if twins:
                raise ValidationError(self.env._("%s exists already: use it, or choose another name.", state.name))

    @api.depends('name', 'country_id')
    def _compute_display_name(self):
        """Show 江苏省 and not 江苏省 (CN): the country says nothing where all customers are in one."""
        chinese = self.filtered(lambda state: state.country_id.code == 'CN')
        for state in chinese:
            state.display_name = state.name
        return super(ResCountryState, self - chinese)._compute_display_name()
