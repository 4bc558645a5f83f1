from odoo import api, models
from odoo.exceptions import UserError

from ..tools.opening import is_creating, is_open


class K20FiguresMixin(models.AbstractModel):
    """A document with stored figures that the server works out: a client may send any field, but not these. (R157)

    What is meant are the `k20_` fields that are readonly. Computed ones need nothing more; what a method of the server
    writes, it writes inside `opened(documents)` or `creating(model)`. The approval engine looks after its own fields.
    """

    _name = 'k20.figures.mixin'
    _description = "Document with Figures of the Server"

    @api.model
    def _k20_is_figure(self, name):
        """Tell whether the server alone fills the field `name`."""
        field = self._fields.get(name)
        return (
            field is not None
            and name.startswith('k20_')
            and field.readonly
            and name not in self.env['k20.approval.mixin']._fields
        )

    @api.model
    def _k20_refuse_figures(self, vals):
        """UserError where `vals` hold what the server works out."""
        if self.env.uid == api.SUPERUSER_ID:
            return
        for name in filter(self._k20_is_figure, vals):
            label = self._fields[name]._description_string(self.env)
            raise UserError(self.env._("%s is worked out by the system: leave it out.", label))

    @api.model
    def default_get(self, fields):
        # A default, of the context or a personal one, would take the place of what is worked out.
        return super().default_get([name for name in fields if not self._k20_is_figure(name)])

    @api.model_create_multi
    def create(self, vals_list):
        if not is_creating(self):
            for vals in vals_list:
                self._k20_refuse_figures(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not all(map(is_open, self)):
            self._k20_refuse_figures(vals)
        return super().write(vals)
