"""Importing customers, duplicate check included, beside plain `res.partner.load` of the same columns."""

import statistics
import time

from tests.bench.inside import rows
from tests.bench.inside.opening import Side

CUSTOMERS = 10_000
PART = 500  # both sides take turns
COLUMNS = ['name', 'phone', 'email', 'street', 'state_id', 'is_company']


def run(plain_registry, k20_registry, scale):
    """Return the row of the import; nothing of it stays in the databases."""
    count = max(4 * PART, int(CUSTOMERS * scale))
    sides = [Side(plain_registry, 'admin'), Side(k20_registry, 'admin')]
    taken = [[], []]
    with plain_registry.cursor() as plain_cr, k20_registry.cursor() as k20_cr:
        for start in range(0, count, PART):
            lines = [_line(number) for number in range(start, start + PART)]
            for number, (side, cr) in enumerate(zip(sides, (plain_cr, k20_cr), strict=True)):
                taken[number].append(_import(side.env(cr, default_k20_kind='end' if number else None), lines))
        plain_cr.rollback()
        k20_cr.rollback()
    return [
        {
            'name': f"Import of {count} customers",
            'k20': statistics.median(taken[1]) * len(taken[1]),
            'reference': statistics.median(taken[0]) * len(taken[0]),
            'bound': 1.5,
            'goal': 1.2,
            'unit': 's',
        }
    ]


def _line(number):
    """Return one row of the file: a customer that is not there yet."""
    text = rows.name(number) + "进口"
    return [text, f'0755-25{number:06d}', f'import{number}@example.com', f"样例路 {number} 号", "江苏省", 'True']


def _import(env, lines):
    started = time.perf_counter()
    answer = env['res.partner'].with_context(import_file=True).load(COLUMNS, lines)
    env.flush_all()
    seconds = time.perf_counter() - started
    if not answer['ids']:
        raise ValueError(f"Nothing was imported: {answer['messages'][:3]}")
    env.invalidate_all()
    return seconds
