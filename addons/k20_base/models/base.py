from odoo import Command, api, models, tools
from odoo.tools import frozendict


class Base(models.AbstractModel):
    """Reference guard: the customers that a restricted user names must be customers that user may read.

    Odoo never checks what a many2one is set to, and many models copy phone, email and address of the partner they are
    given. So whoever could name a hidden customer would read it (R157).
    """

    _inherit = 'base'

    @api.model_create_multi
    def create(self, vals_list):
        self._k20_check_partner_refs(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._k20_check_partner_refs([vals])
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        # Also what the client sends as default_… in the context, which create() takes over.
        defaults = super().default_get(fields)
        self._k20_check_partner_refs([defaults], deep=True)
        return defaults

    def onchange(self, values, field_names, fields_spec):
        self._k20_check_partner_refs([values], deep=True)
        return super().onchange(values, field_names, fields_spec)

    def _k20_check_partner_refs(self, vals_list, deep=False):
        """AccessError where `vals_list` names a partner that the user may not read.

        :param deep: look into the commands for lines too; create() and write() leave that to those of the lines
        """
        if self.env.su or self.env.user._k20_reads_all_customers():
            return
        partner_ids = set()
        for vals in vals_list:
            self._k20_collect_partner_refs(vals, partner_ids, deep)
        partner_ids -= self._k20_known_partner_ids(partner_ids)
        if partner_ids:
            self.env['res.partner'].browse(partner_ids).check_access('read')

    def _k20_known_partner_ids(self, partner_ids):
        """Return those of `partner_ids` that stand on these records already: rewriting a value tells nothing new."""
        if not partner_ids or not any(self._ids):
            return set()
        known = set()
        for name, comodel in self._k20_relations().items():
            if comodel == 'res.partner':
                known.update(self.sudo().mapped(name)._ids)
        return known & partner_ids

    def _k20_collect_partner_refs(self, vals, partner_ids, deep):
        relations = self._k20_relations()
        for name, value in vals.items():
            comodel = relations.get(name)
            if not comodel or not value:
                continue
            if comodel == 'res.partner':
                partner_ids.update(_ids_in(value))
            if deep and isinstance(value, (list, tuple)):
                for line in _line_values(value):
                    self.env[comodel]._k20_collect_partner_refs(line, partner_ids, deep)

    @api.model
    @tools.ormcache('self._name')
    def _k20_relations(self):
        """Return {field name: comodel} of the relations that a client may fill."""
        return frozendict(
            (field.name, field.comodel_name)
            for field in self._fields.values()
            if field.type in ('many2one', 'many2many', 'one2many')
        )


def _line_values(commands):
    """Yield the values in the commands (create, update) for lines."""
    for command in commands:
        if isinstance(command, (list, tuple)) and len(command) == 3 and isinstance(command[2], dict):
            yield command[2]


def _ids_in(value):
    """Yield the record ids in what a client may send for a relation: an id, a record, ids, commands, a web value."""
    if isinstance(value, models.BaseModel):
        yield from value.ids
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value
    elif isinstance(value, str) and value.isdigit():
        yield int(value)
    elif isinstance(value, dict):
        yield from _ids_in(value.get('id'))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _ids_in(_command_target(item) if isinstance(item, (list, tuple)) else item)


def _command_target(command):
    """Return the id, or list of ids, that an x2many command names."""
    code, *rest = command or [None]
    if code in (Command.UPDATE, Command.DELETE, Command.UNLINK, Command.LINK) and rest:
        return rest[0]
    if code == Command.SET and len(rest) == 2:
        return rest[1]
    return None
