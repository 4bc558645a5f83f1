from odoo import api, fields, models


class IrModel(models.Model):
    """Which models are documents that can be approved."""

    _inherit = 'ir.model'

    k20_approvable = fields.Boolean(
        "Can Be Approved", compute='_compute_k20_approvable', search='_search_k20_approvable'
    )

    @api.depends('model')
    def _compute_k20_approvable(self):
        names = self._k20_approvable_names()
        for model in self:
            model.k20_approvable = model.model in names

    def _search_k20_approvable(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('model', 'in' if True in value else 'not in', list(self._k20_approvable_names()))]

    @api.model
    def _k20_approvable_names(self):
        return {
            name
            for name, model in self.env.registry.items()
            if 'k20_approval_state' in model._fields and not model._abstract and model._auto
        }
