"""The daily job that takes customers: killed, run twice, out of time, overtaken; the outcome is always the same."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from tests.database import command, rows

WORKERS = Path(__file__).parent / 'inside' / 'workers.py'
MARK = 'ljt'  # in the names of the customers made here
OWNER, OTHER = 'sales1', 'sales2'
COUNTS = {
    'lost': 40, 'warned': 12, 'reviewed': 8, 'unworked': 8, 'asked_for': 3, 'locked': 3, 'early': 3, 'broken': 1,
}  # fmt: skip
KILLED_RUNS = int(os.environ.get('K20_RACE_ROUNDS', '2'))
KILLS = 3  # of each, before it may come to its end
SECONDS_TO_VANISH = 30

# {what: the rows that tell it}: everything that the job leaves behind, without ids and times, and without how often a
# customer's row was written. `one(…)` says which customer, `who(…)` which person.
OUTCOME = {
    'customers': """
        SELECT k20_code, who(user_id), k20_in_pool, k20_pool_since IS NULL, k20_pool_reason, k20_owned_since IS NULL,
            k20_loss_date, rule.name->>'en_US', k20_loss_warn_date, k20_loss_warned_for, k20_loss_refused_on,
            k20_locked_until, k20_protected_until, customer.active
        FROM res_partner customer LEFT JOIN k20_loss_rule rule ON rule.id = k20_loss_rule_id
        WHERE customer.k20_kind IS NOT NULL
    """,
    'moves': """
        SELECT one(partner_id), ROW_NUMBER() OVER (PARTITION BY partner_id ORDER BY move.id), kind, reason,
            k20_approval_state, who(from_user_id), who(to_user_id), who(k20_requester_id), rule.name->>'en_US',
            k20_approval_round, k20_decisions, date_done IS NULL, last_deal_date, last_followup_date
        FROM k20_customer_assignment move LEFT JOIN k20_loss_rule rule ON rule.id = rule_id
    """,
    'tasks': """
        SELECT one(partner_id), kind, step_name, state, who(task.user_id), task.round
        FROM k20_approval_task task JOIN k20_customer_assignment move ON move.id = res_id
        WHERE res_model = 'k20.customer.assignment'
    """,
    'activities': """
        SELECT res_model, one(COALESCE(partner_id, res_id)), who(activity.user_id), date_deadline, summary,
            activity.active, activity_type_id
        FROM mail_activity activity
        LEFT JOIN k20_customer_assignment move ON res_model = 'k20.customer.assignment' AND move.id = res_id
        WHERE res_model IN ('res.partner', 'k20.customer.assignment')
    """,
    'messages': """
        SELECT model, one(COALESCE(partner_id, res_id)), COUNT(*)
        FROM mail_message message
        LEFT JOIN k20_customer_assignment move ON model = 'k20.customer.assignment' AND move.id = res_id
        WHERE model IN ('res.partner', 'k20.customer.assignment') AND one(COALESCE(partner_id, res_id)) IS NOT NULL
        GROUP BY model, one(COALESCE(partner_id, res_id))
    """,
    # In which message a loss was told depends on the batch.
    'told': """
        SELECT login, (REGEXP_MATCHES(body, '[0-9]+[a-z_]+ljt', 'g'))[1]
        FROM mail_message message
        JOIN mail_notification told ON told.mail_message_id = message.id
        JOIN res_users person ON person.partner_id = res_partner_id
    """,
}
HELPERS = """
    CREATE FUNCTION one(integer) RETURNS varchar LANGUAGE SQL STABLE AS
    'SELECT k20_code FROM public.res_partner WHERE id = $1';
    CREATE FUNCTION who(integer) RETURNS varchar LANGUAGE SQL STABLE AS
    'SELECT login FROM public.res_users WHERE id = $1';
"""


class Workers:
    """The process of inside/workers.py, and what it is told to do."""

    def __init__(self, options):
        self.log = tempfile.TemporaryFile('w+', encoding='utf-8')  # noqa: SIM115 (`end` closes it)
        self.process = subprocess.Popen(
            (sys.executable, str(WORKERS), *options, '--no-http'),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def order(self, name, **arguments):
        self.process.stdin.write(json.dumps([name, arguments]) + '\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError(f"The workers have ended:\n{self.said()}")
        return json.loads(answer)

    def start(self, database, work, **arguments):
        return self.order('start', database=database, work=work, **arguments)

    def run(self, database, work, **arguments):
        """Let a worker do `work` and return how it ended: 'stopped', 'killed', or its exit status."""
        return self.order('wait', pid=self.start(database, work, **arguments))

    def said(self):
        """Return the last lines of the log."""
        self.log.seek(0)
        return ''.join(self.log.readlines()[-60:])

    def end(self):
        self.process.stdin.close()
        self.process.wait(SECONDS_TO_VANISH)
        self.process.stdout.close()
        self.log.close()


class TestLossJob(unittest.TestCase):
    """R184, R185: DESIGN §5, "restartable at any point with the same outcome"."""

    served = True  # runs where the database with the demo business is; nobody is served this copy of it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        options = json.loads(os.environ['K20_SPARE_OPTIONS'])
        cls.spare = options[options.index('-d') + 1]
        cls.copies = []
        cls.addClassCleanup(cls.drop_copies)
        cls.workers = Workers(options)
        cls.addClassCleanup(cls.workers.end)
        cls.filled = cls.copy(cls.spare, 'filled')
        cls.must(0, cls.filled, 'fill', mark=MARK, owner=OWNER, other=OTHER, counts=COUNTS)
        rows(HELPERS, database=cls.filled)
        cls.due = cls.copy(cls.filled, 'due')
        with tempfile.NamedTemporaryFile('r', encoding='utf-8') as report:
            cls.must(0, cls.due, 'judge', report=report.name)
            cls.report = json.load(report)
        cls.before, cls.expected = cls.outcome(cls.filled), cls.outcome(cls.due)

    @classmethod
    def drop_copies(cls):
        for database in cls.copies:
            command(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    @classmethod
    def copy(cls, source, name):
        """Make a database that is as `source`."""
        database = f'{cls.spare}_{name}'
        cls.copies.append(database)
        cls.wait_until_left(source)
        command(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        command(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
        return database

    @classmethod
    def wait_until_left(cls, database):
        """Wait until the server has noticed that a killed process is gone, and let go of what it had locked."""
        deadline = time.monotonic() + SECONDS_TO_VANISH
        while rows("SELECT FROM pg_stat_activity WHERE datname = %s", database, database='postgres'):
            if time.monotonic() > deadline:
                raise AssertionError(f"Somebody is still in {database}.")
            time.sleep(0.02)

    @classmethod
    def must(cls, status, database, work, **arguments):
        """Run a worker that ends so and not otherwise."""
        found = cls.workers.run(database, work, **arguments)
        if found != status:
            raise AssertionError(f"{work} ended with {found} instead of {status}:\n{cls.workers.said()}")

    @staticmethod
    def outcome(database):
        return {what: sorted(map(repr, rows(query, database=database))) for what, query in OUTCOME.items()}

    def assert_outcome(self, database, expected=None):
        found, expected = self.outcome(database), expected or self.expected
        for what, lines in expected.items():
            self.assertEqual(found[what], lines, f"{what} of {database}")

    def owners(self, database, name):
        """Return {code: login of the owner or None} of the customers made as `name`."""
        query = "SELECT k20_code, who(user_id) FROM res_partner WHERE k20_code LIKE %s ORDER BY id"
        return dict(rows(query, f'{name}-%-{MARK}', database=database))

    def test_the_uninterrupted_run_does_what_is_due(self):
        """What the others are compared with is no empty day; one customer that fails keeps nobody else."""
        lost = {None}
        for name, expected in (
            ('lost', lost), ('unworked', lost), ('warned', {OWNER}), ('reviewed', {OWNER}), ('asked_for', {OWNER}),
            ('locked', {OWNER}), ('early', {OWNER}), ('broken', {OWNER}),
        ):  # fmt: skip
            with self.subTest(name):
                owners = self.owners(self.due, name)
                self.assertEqual((len(owners), set(owners.values())), (COUNTS[name], expected))
        new = {what: len(lines) - len(self.before[what]) for what, lines in self.expected.items()}
        self.assertEqual(new['moves'], COUNTS['lost'] + COUNTS['unworked'] + COUNTS['reviewed'])
        self.assertEqual(new['tasks'], COUNTS['reviewed'])
        told = [line for line in self.expected['told'] if OWNER in line and 'lost' in line]
        self.assertEqual(len(told), COUNTS['lost'])

    def test_killed_anywhere_and_run_again_it_comes_to_the_same(self):
        """R185: SIGKILL before a statement drawn at random, some times, then to its end."""
        draw = random.Random(20)
        for number in range(KILLED_RUNS):
            database = self.copy(self.filled, 'killed')
            killed = 0
            for _ in range(KILLS):
                statement = draw.randint(1, self.report['statements'] // 2)
                ended = self.workers.run(database, 'judge', statements=statement)
                killed += ended == 'killed'
                self.wait_until_left(database)
            self.assertGreater(killed, 0)
            self.must(0, database, 'judge')
            with self.subTest(number=number):
                self.assert_outcome(database)

    def test_killed_in_the_scheduler_it_goes_on(self):
        """R185: what a killed run had reached is not judged twice, and nothing is passed over."""
        database = self.copy(self.filled, 'killed')
        ended = self.workers.run(database, 'judge_in_bits', statements=self.report['statements'] // 2)
        self.assertEqual(ended, 'killed')
        self.wait_until_left(database)
        self.must(0, database, 'judge_in_bits')
        self.assert_outcome(database)

    def test_a_second_run_on_one_day_changes_nothing(self):
        """R185."""
        database = self.copy(self.due, 'again')
        self.must(0, database, 'judge')
        self.assert_outcome(database)

    def test_two_runs_at_once_do_nothing_twice(self):
        """R185: and together they do all of it."""
        database = self.copy(self.filled, 'twice')
        pids = [self.workers.start(database, 'judge') for _ in range(2)]
        self.assertEqual([self.workers.order('wait', pid=pid) for pid in pids], [0, 0], self.workers.said())
        self.assert_outcome(database)

    def test_what_lands_while_it_runs_counts(self):
        """R184: customers that the job has on its list and not yet judged: a follow-up, a deal, a transfer."""
        database = self.copy(self.filled, 'landing')
        pid = self.workers.start(database, 'judge', batches=7)  # some of the channels that are due have been taken
        self.assertEqual(self.workers.order('wait', pid=pid), 'stopped')
        owned = [code for code, owner in self.owners(database, 'lost').items() if owner]
        taken = COUNTS['lost'] - len(owned)
        self.assertTrue(0 < taken < COUNTS['lost'] - 15, taken)
        changed = {'deal': owned[-12:-9], 'transfer': owned[-8:-5], 'assign': owned[-3:]}
        changed['followup'] = (
            list(self.owners(database, 'reviewed'))[-3:] + list(self.owners(database, 'unworked'))[-3:]
        )
        for act, codes in changed.items():
            self.must(0, database, 'change', act=act, codes=codes, login=OWNER, other=OTHER)
        self.workers.order('resume', pid=pid)
        self.assertEqual(self.workers.order('wait', pid=pid), 0, self.workers.said())
        owners = {code: owner for name in COUNTS for code, owner in self.owners(database, name).items()}
        for act, codes in changed.items():
            owner = OTHER if act == 'assign' else OWNER
            self.assertEqual({owners[code] for code in codes}, {owner}, act)
        untouched = set(self.owners(database, 'lost')) - set().union(*changed.values())
        self.assertEqual({owners[code] for code in untouched}, {None})
        reviews = rows(
            "SELECT one(partner_id) FROM k20_customer_assignment"
            " WHERE kind = 'loss' AND k20_approval_state = 'submitted'",
            database=database,
        )
        self.assertFalse({code for (code,) in reviews} & set(changed['followup']))

    def test_memory_stays_flat(self):
        """R185: what one batch has read is forgotten before the next."""
        lost = rows(f"SELECT id FROM res_partner WHERE k20_code LIKE 'lost-%-{MARK}'", database=self.due)
        sizes = {}
        for customer, size in self.report['sizes']:
            if (customer,) in lost:
                sizes[customer] = max(size, sizes.get(customer, 0))
        _, *middle, _ = sizes.values()  # those at the ends hold other customers besides
        self.assertGreater(len(middle), 4)
        self.assertLess(max(middle), 2 * middle[0])  # Odoo looks at some earlier messages to the owner each time
