"""Memory of the served K20 and of plain Odoo with the same modules and workers: at rest, and after people worked."""

import time
from functools import partial

from launcher.bench import Row
from launcher.steps import step, together
from tests.bench.daily_work import measure
from tests.bench.inside.rows import PASSWORD

PEOPLE = 10
ROUNDS = 40  # per person: each opens lists and customers, searches, and writes something down
SECONDS_OF_REST = 5
BOUND, GOAL = 1.15, 1.05


def run(context):
    """Return the rows about memory, in megabytes of proportional set size."""
    if not context.wants('memory'):
        return []
    measure(context)  # fills both sites with people and customers
    sites = (context.k20, context.plain)
    for site in sites:
        site.login('bench0', PASSWORD)
    time.sleep(SECONDS_OF_REST)
    at_rest = _memory(sites)
    for site in sites:
        _let_work(site)
    return [
        Row(f"Memory {when}, {name}", *map(figure, sizes), BOUND, GOAL, unit='MB')
        for when, sizes in (("at rest", at_rest), ("after work", _memory(sites)))
        for name, figure in (("all processes", sum), ("largest process", max), ("per process", _mean))
    ]


def _memory(sites):
    """Return the megabytes of each process, site by site.

    All sites are up and have done the same: what they share counts in proportion, and the first would pay for it alone.
    """
    return [list(site.memory().values()) for site in sites]


def _mean(sizes):
    return sum(sizes) / len(sizes)


def _let_work(site):
    """Let ten people work; everybody logs in before, so that passwords cost nothing meanwhile."""
    with step(f"People at work in {site.database}"):
        sessions = [site.login(f'bench{number}', PASSWORD) for number in range(PEOPLE)]
        together(*(partial(_work, session) for session in sessions))


def _work(session):
    for number in range(ROUNDS):
        _one_round(session, number)


def _one_round(session, number):
    mine = [('user_id', '=', session.uid), ('is_company', '=', True)]
    fields = {'name': {}, 'phone': {}, 'email': {}, 'state_id': {'fields': {'display_name': {}}}}
    if number % 10 == 0:
        session.call('res.partner', 'get_views', [[False, 'list'], [False, 'kanban'], [False, 'form']])
    found = session.call('res.partner', 'web_search_read', mine, fields, limit=80, offset=number % 5)
    partner = found['records'][number % len(found['records'])]['id']
    session.call('res.partner', 'web_read', [partner], {**fields, 'child_ids': {'fields': {'display_name': {}}}})
    session.call('res.partner', 'name_search', "南京", limit=8)
    session.call('res.partner', 'web_read_group', mine, ['state_id'], ['__count'])
    session.call('res.partner', 'write', [partner], {'comment': f"备注 {number}"})
