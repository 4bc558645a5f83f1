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
