"""Runs inside Odoo: fills both databases with the same rows and asks both the same questions.

python main.py PLAIN_DATABASE SCALE QUESTIONS RESULTS OPTIONS OF ODOO, whose -d names the database with K20

QUESTIONS are names of the table below, with commas between; none: the databases are filled only.
"""

import json
import sys
import threading
from pathlib import Path

import odoo.cli  # noqa: F401 (sets Odoo up: time zone, addons)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.inside import deciding, duplicates, importing, judging, opening, rows, selling  # noqa: E402

QUESTIONS = {
    'opening': lambda plain, k20, _scale: opening.run(plain, k20),
    'importing': importing.run,
    'duplicates': lambda _plain, k20, _scale: duplicates.run(k20),
    'deciding': lambda plain, k20, _scale: deciding.run(plain, k20),
    'judging': lambda _plain, k20, _scale: judging.run(k20),  # after what opens customers: they change hands
    'selling': selling.run,  # after that: open orders hold customers back
}


def main():
    plain_name, scale, wanted, results, *options = sys.argv[1:]
    config.parse_config(options, setup_logging=True)
    threading.current_thread().dbname = plain_name
    registries = [Registry(name) for name in (plain_name, *config['db_name'])]
    for registry in registries:
        with registry.cursor() as cr:
            rows.fill(api.Environment(cr, SUPERUSER_ID, {}), float(scale))
    found = []
    for name in filter(None, wanted.split(',')):
        found += QUESTIONS[name](*registries, float(scale))
    Path(results).write_text(json.dumps(found), 'utf-8')


if __name__ == '__main__':
    main()
