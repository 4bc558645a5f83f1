"""Runs inside Odoo: starts processes that do a piece of work in a database, and stops, resumes or kills them.

    python workers.py OPTIONS OF ODOO, whose -d names any database with K20

Odoo is loaded once; each worker is forked from it and works in the database that its order names, a copy of the one
that was loaded. Orders come as lines of JSON, each is answered by one (`ORDERS`). Nothing of K20 is changed for it but
the size of the job's batches, so that few customers make many of them.
"""

import contextlib
import json
import os
import signal
import sys
import threading

import odoo.cli  # noqa: F401 (sets Odoo up: time zone, addons)
from odoo import SUPERUSER_ID, api, fields, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

BATCH = 5


def start(registry, database, work, statements=0, batches=0, **arguments):
    """Fork a worker that does `work`, and return its process id.

    :param statements: SIGKILL it before it has run so many SQL statements
    :param batches: stop it (SIGSTOP) after so many batches of the job
    """
    pid = os.fork()
    if pid:
        return pid
    status = 1
    with contextlib.suppress(BaseException):  # nothing may get out of the fork, back into the loop of orders
        registry.db_name = threading.current_thread().dbname = database
        registry._db = sql_db.db_connect(database)
        Registry.registries[database] = registry  # or Odoo would load its own
        counter = Counter(statements)
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if batches:
                _stop_after(batches, registry)
            counter.install(registry)
            WORKS[work](env, **arguments)
        counter.tell(arguments.get('report'))
        status = 0
    os._exit(status)


class Counter:
    """Counts the statements of a process, and kills it before a given one; weighs the cache at each commit."""

    def __init__(self, last):
        self.last = last
        self.count = 0
        self.customer = 0
        self.sizes = []  # the first customer of the batch, and how many values the cache holds after it

    def install(self, registry):
        execute, commit = sql_db.Cursor.execute, sql_db.Cursor.commit
        Partner = registry['res.partner']
        work_safely = Partner._k20_work_safely

        def noted(partners, ids, *args):
            self.customer = ids[0]
            return work_safely(partners, ids, *args)

        def counted(cursor, *args, **kwargs):
            self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(cursor, *args, **kwargs)

        def weighed(cursor):
            if cursor.transaction:
                self.sizes.append((self.customer, sum(map(len, cursor.transaction.field_data.values()))))
            return commit(cursor)

        sql_db.Cursor.execute, sql_db.Cursor.commit = counted, weighed
        Partner._k20_work_safely = noted

    def tell(self, report):
        """Write down what was counted and weighed."""
        if report:
            with open(report, 'w', encoding='utf-8') as file:
                json.dump({'statements': self.count, 'sizes': self.sizes}, file)


def _stop_after(batches, registry):
    Cron = registry['ir.cron']
    commit_progress = Cron._commit_progress
    commits = 0

    def counted(*args, **kwargs):
        nonlocal commits
        left = commit_progress(*args, **kwargs)
        commits += 1
        if commits == batches + 1:  # the first tells how much there is to do
            os.kill(os.getpid(), signal.SIGSTOP)
        return left

    Cron._commit_progress = counted


# -- what workers do -------------------------------------------------------------------------------------------------


def judge(env, report=None):
    """The daily job, whole."""
    env['res.partner']._cron_judge_losses()


def judge_in_bits(env, report=None):
    """The daily job as Odoo's scheduler runs it when there is time for one batch only, until nothing remains."""
    from odoo.addons.base.models import ir_cron

    ir_cron.MIN_TIME_PER_JOB = 0
    cron = env.ref('k20_base.ir_cron_loss')
    while True:
        cron.method_direct_trigger()
        env.cr.commit()
        latest = env['ir.cron.progress'].search([('cron_id', '=', cron.id)], order='id desc', limit=1)
        if not latest.remaining:
            return


def fill(env, mark, owner, other, counts):
    """Make customers, so many of each of these: lost, warned, reviewed, unworked, asked_for, locked, early, broken."""
    user, colleague = (env['res.users'].search([('login', '=', login)]) for login in (owner, other))
    quiet = env(context={'tracking_disable': True, 'mail_create_nolog': True})
    env.company.k20_claim_followup_days = 5
    # Of the customers who are there already the job takes none.
    others = env['res.partner'].search([('k20_kind', '!=', False), ('user_id', '!=', False)])
    others.k20_locked_until = fields.Date.add(fields.Date.today(), days=365)
    values = [
        {
            'name': f'{number}{name}{mark}',
            'k20_code': f'{name}-{number:03}-{mark}',
            'k20_kind': 'end' if name == 'reviewed' else 'channel',
            'user_id': user.id,
        }
        for name, count in counts.items()
        for number in range(count)
    ]
    customers = quiet['res.partner'].create(values)
    made = customers.grouped(lambda customer: customer.k20_code.partition('-')[0])
    days = {'warned': 27, 'early': 3, 'unworked': 10, 'reviewed': 99}
    now = fields.Datetime.now()
    for name, some in made.items():
        some.k20_owned_since = fields.Datetime.subtract(now, days=days.get(name, 40))
    _claim(quiet, made['unworked'])
    made['locked'].k20_locked_until = fields.Date.add(fields.Date.today(), days=9)
    rule = {'name': "Channels", 'k20_kind': 'channel', 'condition': 'no_conversion', 'days': 30, 'warn_days': 5}
    env['k20.loss.rule'].create(rule)
    for customer in made['asked_for']:
        env['k20.customer.assignment'].with_user(user)._k20_request(
            'transfer', customer.ids, "Because", to_user_id=colleague.id
        )
    env.flush_all()
    # What K20 does not expect: the database refuses whatever is written to these.
    env.cr.execute("""
        CREATE FUNCTION k20_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$;
        CREATE TRIGGER k20_refuse BEFORE UPDATE ON res_partner FOR EACH ROW
        WHEN (OLD.k20_code LIKE 'broken-%') EXECUTE FUNCTION k20_refuse();
    """)


def _claim(env, customers):
    """Let these customers have been claimed by their owner when they came to be owned."""
    for customer in customers:
        row = customer.k20_assignment_ids
        env.cr.execute(
            "UPDATE k20_customer_assignment SET kind = 'claim', date_done = %s, create_date = %s WHERE id = %s",
            (customer.k20_owned_since, customer.k20_owned_since, row.id),
        )
    env.invalidate_all()


def change(env, act, codes, login, other):
    """Let `login` do something about these customers, in the transaction of a moment."""
    user, colleague = (env['res.users'].search([('login', '=', name)]) for name in (login, other))
    customers = env['res.partner'].search([('k20_code', 'in', codes)])
    if act == 'followup':
        env['k20.followup'].with_user(user).create([{'partner_id': customer.id} for customer in customers])
    elif act == 'deal':
        today = fields.Date.today()
        customers.write({'k20_first_deal_date': today, 'k20_last_deal_date': today, 'k20_deal_count': 1})
    elif act == 'transfer':
        env['k20.customer.assignment'].with_user(user)._k20_request(
            'transfer', customers.ids, "Because", to_user_id=colleague.id
        )
    elif act == 'assign':
        customers.with_user(env.ref('base.user_admin')).user_id = colleague


WORKS = {'judge': judge, 'judge_in_bits': judge_in_bits, 'fill': fill, 'change': change}


# -- orders ----------------------------------------------------------------------------------------------------------


def wait(registry, pid):
    """Wait until a worker stops or ends: 'stopped', 'killed', or its exit status."""
    _, status = os.waitpid(pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return 'stopped'
    return 'killed' if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def resume(registry, pid):
    os.kill(pid, signal.SIGCONT)


ORDERS = {'start': start, 'wait': wait, 'resume': resume}


def main():
    config.parse_config(sys.argv[1:], setup_logging=True)
    registry = Registry(config['db_name'][0])
    from odoo.addons.k20_base.models import res_partner_loss

    res_partner_loss.BATCH = BATCH
    sql_db.close_all()  # no connection is shared with the workers, nor keeps the database from being copied
    for line in sys.stdin:
        order, arguments = json.loads(line)
        answer = ORDERS[order](registry, **arguments)
        sys.stdout.write(json.dumps(answer) + '\n')
        sys.stdout.flush()


if __name__ == '__main__':
    main()
