from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class K20RulesGuardMixin(models.AbstractModel):
    """Records that everybody reads and only who may define rules changes, whatever other groups allow.

    Used by K20's own base data and by Odoo's provinces and cities, which Odoo lets every contact manager change.
    """

    _name = 'k20.rules.guard.mixin'
    _description = "Changed Only by Who Defines Rules"

    def _check_access(self, operation):
        if operation != 'read' and not self.env.su and not self.env.user.has_group('k20_base.group_k20_rules'):
            return self, self._k20_rules_access_error
        return super()._check_access(operation)

    def _k20_rules_access_error(self):
        return AccessError(
            self.env._("Base data (%s) is changed by the administrator only: ask there.", self._description)
        )


class K20BaseDataMixin(models.AbstractModel):
    """A short list of base data (基础数据): unique names, used ones are archived and not deleted. (R145, R148-R150)"""

    _name = 'k20.base.data.mixin'
    _inherit = ['k20.rules.guard.mixin']
    _description = "Base Data"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.constrains('name')
    def _check_name(self):
        for entry in self:
            name = (entry.name or '').strip()
            if not name:
                raise ValidationError(self.env._("The name is empty: type a name."))
            twins = self.with_context(active_test=False).search([('id', '!=', entry.id), ('name', '=ilike', name)])
            if twins:
                raise ValidationError(
                    self.env._("%(name)s exists already in this list: use it, or choose another name.", name=name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for entry in self.sudo():
            if entry._is_used():
                raise UserError(self.env._("%s is in use: archive it instead of deleting it.", entry.name))

    def _is_used(self):
        """Tell whether any record, archived ones included, points here through a stored many2one."""
        self.ensure_one()
        pointing = self.env['ir.model.fields'].search(
            [('relation', '=', self._name), ('ttype', '=', 'many2one'), ('store', '=', True)]
        )
        for field in pointing:
            Model = self.env[field.model].with_context(active_test=False)
            if Model._auto and not Model._abstract and Model.search_count([(field.name, '=', self.id)], limit=1):
                return True
        return False
