import math
from contextlib import suppress

from odoo import Command, api, models, tools
from odoo.tools import frozendict


class Base(models.AbstractModel):
    """Reference guard: a restricted user names only customers, and their documents, that this user may read.

    Odoo never checks what a many2one is set to, and many models copy phone, email and address of the partner they are
    given. So whoever could name a hidden customer would read it (R157).
    """

    _inherit = 'base'

    # Hook: True on models whose records tell about customers; naming one takes the right to read it.
    _k20_guarded = False

    @api.model_create_multi
    def create(self, vals_list):
        self._k20_check_references(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._k20_check_references([vals])
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        # Also what the client sends as default_… in the context, which create() takes over.
        defaults = super().default_get(fields)
        self._k20_check_references([defaults], deep=True)
        return defaults

    def onchange(self, values, field_names, fields_spec):
        self._k20_check_references([values], deep=True)
        return super().onchange(values, field_names, fields_spec)

    def _k20_check_references(self, vals_list, deep=False):
        """AccessError where `vals_list` names a guarded record that the user may not read.

        :param deep: look into the commands for lines too; create() and write() leave that to those of the lines
        """
        if self.env.su or self.env.user._k20_reads_all_customers():
            return
        named = {}
        for vals in vals_list:
            self._k20_collect_references(vals, named, deep)
        for model, ids in named.items():
            self.env[model].browse(ids).check_access('read')

    def _k20_collect_references(self, vals, named, deep):
        """Add to `named` = {model: ids} the guarded records in `vals`, without those that stand there already."""
        relations = self._k20_relations()
        for name, value in vals.items():
            comodel = relations.get(name)
            if not comodel or not value:
                continue
            if self.env[comodel]._k20_guarded:
                ids = set(ids_in(value))
                if ids and any(self._ids):
                    ids -= set(self.sudo()[name]._ids)  # rewriting a value tells nothing new
                named.setdefault(comodel, set()).update(ids)
            if deep:
                for line in _line_values(value):
                    self.env[comodel]._k20_collect_references(line, named, deep)

    @api.model
    @tools.ormcache('self._name')
    def _k20_relations(self):
        """Return {field name: comodel} of the relations that a client may fill."""
        return frozendict(
            (field.name, field.comodel_name)
            for field in self._fields.values()
            if field.type in ('many2one', 'many2many', 'one2many')
        )


def _line_values(value):
    """Yield the values for other records inside `value`: those of commands (create, update), or of a new record."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, (list, tuple)):
        for command in value:
            if isinstance(command, (list, tuple)) and len(command) == 3 and isinstance(command[2], dict):
                yield command[2]


def ids_in(value):
    """Yield the record ids in what a client may send for a relation: an id, a record, ids, commands, a web value."""
    if isinstance(value, models.BaseModel):
        yield from value.ids
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value
    elif isinstance(value, (str, float)):
        yield from _numbers_in(value)
    elif isinstance(value, dict):
        yield from ids_in(value.get('id'))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from ids_in(_command_target(item) if isinstance(item, (list, tuple)) else item)


def _numbers_in(value):
    """Yield what PostgreSQL may store of a text or a fraction sent as an id: no blank, sign or base hides a record.

    >>> [{*_numbers_in(value)} for value in (' 012', '+1_2', '0xC', 12.0, 'virtual_12', float('nan'))]
    [{12}, {12}, {12}, {12}, set(), set()]
    """
    if isinstance(value, str):
        for base in (10, 0):  # 0: the base that the text names
            with suppress(ValueError):
                yield int(value, base)
    elif math.isfinite(value):
        yield from (math.floor(value), math.ceil(value))


def _command_target(command):
    """Return the id, or list of ids, that an x2many command names."""
    code, *rest = command or [None]
    if code in (Command.UPDATE, Command.DELETE, Command.UNLINK, Command.LINK) and rest:
        return rest[0]
    if code == Command.SET and len(rest) == 2:
        return rest[1]
    return None
