"""What people wait for: opening lists and forms, importing, the duplicate check, decisions, selling, the loss job."""

import functools
import json
from pathlib import Path

from launcher.bench import NAMES, Row
from launcher.steps import Trouble, step

INSIDE = Path(__file__).parent / 'inside' / 'main.py'


def run(context):
    """Return the rows of all that is timed."""
    return measure(context)


@functools.cache
def measure(context):
    """Fill both sites with the same rows and ask both the same, once a run; return the rows.

    :param context: launcher.bench.Context
    """
    wanted = [name for name in NAMES if context.wants(name) and name != 'memory']
    odoo, plain, k20 = context.odoo, context.plain, context.k20
    results = odoo.home.state / 'bench.json'
    results.unlink(missing_ok=True)
    log = odoo.log('bench')
    with step(f"Filling both databases and asking both the same, at scale {context.scale:g}"):
        arguments = (plain.database, context.scale, ','.join(wanted), results, *odoo.options(k20.database), '--no-http')
        if odoo.run(INSIDE, arguments, log) or not results.exists():
            raise Trouble(f"The benchmarks did not come to their end: see {log}.")
    return [Row(**figures) for figures in json.loads(results.read_text('utf-8'))]
