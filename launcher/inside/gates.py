"""The gates that need a database with K20 installed: complete translations, guarded models, tested groups.

They run in Odoo's process before its tests and are recorded as tests of their own.
"""

import re
from pathlib import Path

import polib
import record

from odoo import SUPERUSER_ID, api
from odoo.modules.module import get_module_path
from odoo.modules.registry import Registry
from odoo.tools.translate import TranslationModuleReader

LANGUAGE = 'zh_CN'


def run(database, addons):
    """Hold each of `addons` against each gate."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for addon in addons:
            for gate in (untranslated, unguarded, untested_groups):
                _judge(f'gates.{gate.__name__}.{addon}', gate(env, addon))


def _judge(test, faults):
    record.write('start', test)
    if faults:
        record.write('fail', test, '\n'.join(faults))
    record.write('stop', test)


def untranslated(env, addon):
    """Return the terms that Odoo exports from `addon` and that its zh_CN.po leaves without a translation."""
    path = Path(get_module_path(addon)) / 'i18n' / f'{LANGUAGE}.po'
    entries = polib.pofile(str(path)) if path.exists() else []
    known = {entry.msgid for entry in entries if entry.msgstr and not entry.obsolete and 'fuzzy' not in entry.flags}
    terms = {(source, f'{kind} {name}') for _, kind, name, _, source, _, _ in TranslationModuleReader(env.cr, [addon])}
    return [f'Not in {path.name}: "{source}" ({where})' for source, where in sorted(terms) if source not in known]


def unguarded(env, addon):
    """Return the models of `addon` without access rows, or with a row that names no group and so is for everybody."""
    faults = []
    for name, model in sorted(env.registry.items()):
        if model._original_module == addon and not model._abstract:
            rows = env['ir.model.access'].search([('model_id.model', '=', name)])
            if not rows:
                faults.append(f'{name} has no row in ir.model.access.csv.')
            faults += [f'{name}: the row {row.name} names no group.' for row in rows if not row.group_id]
    return faults


def untested_groups(env, addon):
    """Return the groups of `addon` that no test names."""
    root = Path(get_module_path(addon)).parent.parent
    tests = [*root.glob('addons/*/tests/*.py'), *root.glob('tests/*.py')]
    text = '\n'.join(path.read_text('utf-8') for path in tests)
    groups = env['ir.model.data'].search([('module', '=', addon), ('model', '=', 'res.groups')]).mapped('name')
    return [
        f'No test names the group {addon}.{name}.' for name in sorted(groups) if not re.search(rf'\b{name}\b', text)
    ]
