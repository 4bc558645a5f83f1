"""Runs inside Odoo: takes K20's addons out of a database, the highest first, and says what is left of each.

    python uninstall.py OPTIONS OF ODOO, whose -d names the database

Prints a line of JSON for each addon: its name, its state afterwards, and what it left behind in the database.
"""

import contextlib
import json
import sys

import odoo.cli  # noqa: F401 (sets Odoo up: time zone, addons)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

HIGHEST_FIRST = ('k20_stock', 'k20_channel', 'k20_sales', 'k20_base')


def uninstall(name):
    """Take the addon out, as the Apps screen does."""
    with Registry(config['db_name'][0]).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env.ref(f'base.module_{name}').button_immediate_uninstall()


def look(name):
    """Return what the database shows of the addon afterwards, and that what stays still works."""
    with Registry(config['db_name'][0]).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        cr.execute("SELECT count(*) FROM ir_model_data WHERE module = %s", [name])
        records = cr.fetchone()[0]
        partner = env['res.partner'].create({'name': "Somebody"})
        partner.name = "Somebody else"
        env.flush_all()
        for model in env.registry.values():
            if model._auto and not model._abstract:
                env[model._name].search([], limit=1).read()
        return {'addon': name, 'state': env.ref(f'base.module_{name}').state, 'records': records, 'k20': _of_k20(cr)}


def _of_k20(cr):
    """Return the tables and columns that K20 made."""
    cr.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'k20%%'")
    tables = [row[0] for row in cr.fetchall()]
    cr.execute("SELECT table_name || '.' || column_name FROM information_schema.columns WHERE column_name LIKE 'k20%%'")
    return tables + [row[0] for row in cr.fetchall()]


def main():
    config.parse_config(sys.argv[1:], setup_logging=True)
    with contextlib.redirect_stdout(sys.stderr):
        found = []
        for name in HIGHEST_FIRST:
            uninstall(name)
            found.append(look(name))
    for line in found:
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == '__main__':
    main()
