"""How long the duplicate check of one name takes among all customers: is it taken, and which ones are like it?"""

import statistics

from tests.bench.inside import rows
from tests.bench.inside.opening import Side

CHECKED = 40  # names
TRIES = 3  # the fastest counts: measured against a clock, what else the machine does counts against nobody
REFERENCE = 0.020  # seconds that somebody does not notice while typing


def run(registry):
    """Return the rows of the exact and of the near check, as salesperson bench1 asks them."""
    side = Side(registry, 'bench1')
    known = [rows.name(number * 13) for number in range(CHECKED)]

    def is_taken(name):
        def ask(env):
            customer = {'name': name, 'vat': False, 'phone': False, 'company_id': env.company.id}
            keys = env['res.partner']._k20_keys({**customer, 'k20_kind': 'end'})
            if not env['res.partner']._k20_find_duplicates([{**customer, **keys}])[0]:
                raise ValueError(f"{name} is there and was not found.")

        return ask

    def resembles(name):
        def ask(env):
            env['res.partner']._k20_find_similar(name, False, env.company)

        return ask

    return [
        _row("Duplicate check of one name", side, [is_taken(name) for name in known]),
        _row("Names like it", side, [resembles(name) for name in known]),
    ]


def _row(name, side, questions):
    seconds = [min(side.seconds(question) for _try in range(TRIES)) for question in questions]
    return {
        'name': name,
        'k20': statistics.median(seconds),
        'reference': REFERENCE,
        'bound': 1.0,
        'goal': 0.5,
        'unit': 's',
    }
