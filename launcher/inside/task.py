"""Install into a database what Odoo's command line cannot: language and asset bundles along with the modules.

    python task.py template|site ARGUMENTS OF ODOO

A missing database is made. A template speaks Chinese afterwards. Both leave the asset bundles in place, so that the
first page does not have to wait for them. K20_ADMIN_PASSWORD replaces the password that every new Odoo has.
"""

import contextlib
import os
import sys

import lifeline

import odoo.cli  # noqa: F401 (sets Odoo up: time zone, addons)
from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessDenied
from odoo.modules.registry import Registry
from odoo.service import db as database_service
from odoo.tools import config
from odoo.tools.translate import load_language

LANGUAGE = 'zh_CN'


def main():
    lifeline.tie()
    task, arguments = sys.argv[1], sys.argv[2:]
    config.parse_config(arguments, setup_logging=True)
    (name,) = config['db_name']
    with contextlib.suppress(database_service.DatabaseExists):
        database_service._create_empty_database(name)
    registry = Registry.new(name, update_module=True, install_modules=config['init'], upgrade_modules=config['update'])
    with registry.cursor() as cr:
        if task == 'template':
            load_language(cr, LANGUAGE)
        env = api.Environment(cr, SUPERUSER_ID, {})
        env['ir.qweb']._pregenerate_assets_bundles()
        _set_password(env)


def _set_password(env):
    """Give the administrator the wanted password, unless somebody has chosen another already."""
    wanted = os.environ.get('K20_ADMIN_PASSWORD')
    admin = env.ref('base.user_admin')
    with contextlib.suppress(AccessDenied):
        if wanted and admin.with_user(admin)._check_credentials({'type': 'password', 'password': 'admin'}, {}):
            admin.password = wanted


if __name__ == '__main__':
    main()
