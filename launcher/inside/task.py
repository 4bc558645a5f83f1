"""Install into a database what Odoo's command line cannot: language and asset bundles along with the modules.

    python task.py template|site ARGUMENTS OF ODOO

`template` makes the database if it is missing and speaks Chinese afterwards; both leave the asset bundles in place, so
that the first page does not have to wait for them.
"""

import contextlib
import sys

import odoo.cli  # noqa: F401 (sets Odoo up: time zone, addons)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import db as database_service
from odoo.tools import config
from odoo.tools.translate import load_language

LANGUAGE = 'zh_CN'


def main():
    task, arguments = sys.argv[1], sys.argv[2:]
    config.parse_config(arguments, setup_logging=True)
    (name,) = config['db_name']
    if task == 'template':
        with contextlib.suppress(database_service.DatabaseExists):
            database_service._create_empty_database(name)
    registry = Registry.new(name, update_module=True, install_modules=config['init'], upgrade_modules=config['update'])
    with registry.cursor() as cr:
        if task == 'template':
            load_language(cr, LANGUAGE)
        env = api.Environment(cr, SUPERUSER_ID, {})
        env['ir.qweb']._pregenerate_assets_bundles()


if __name__ == '__main__':
    main()
