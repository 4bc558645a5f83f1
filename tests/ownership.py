"""A company of its own for tests of who owns which customer, with many people, and what must hold at any moment."""

import itertools
import uuid

from tests.client import Json2, Refused, ServedCase
from tests.database import make_keys, record, rows

PEOPLE, ADMINISTRATORS = 50, 8
DECENT = {'UserError', 'ValidationError', 'AccessError'}  # all else is a failure of the server, whatever its text

# {what is wrong: the query that finds it}, for all customers of the database. It holds between any two transactions.
BROKEN = {
    "an owner and the pool, or neither": """
        SELECT id FROM res_partner WHERE k20_kind IS NOT NULL AND (user_id IS NULL) IS DISTINCT FROM k20_in_pool
    """,
    "two open requests for one customer": """
        SELECT partner_id FROM k20_customer_assignment WHERE k20_approval_state = 'submitted'
        GROUP BY partner_id HAVING COUNT(*) > 1
    """,
    "a history that ends with somebody else": """
        SELECT customer.id FROM res_partner customer CROSS JOIN LATERAL (
            SELECT to_user_id FROM k20_customer_assignment move
            WHERE move.partner_id = customer.id AND date_done IS NOT NULL AND kind != 'extend'
            ORDER BY date_done DESC, move.id DESC LIMIT 1
        ) latest
        WHERE k20_kind IS NOT NULL AND to_user_id IS DISTINCT FROM user_id
    """,
    "a customer that moved without a row, or twice in one": """
        SELECT id FROM (
            SELECT id, from_user_id, LAG(to_user_id) OVER moves AS before, ROW_NUMBER() OVER moves AS number
            FROM k20_customer_assignment WHERE date_done IS NOT NULL AND kind != 'extend'
            WINDOW moves AS (PARTITION BY partner_id ORDER BY date_done, id)
        ) move
        WHERE number > 1 AND from_user_id IS DISTINCT FROM before
    """,
    "a request for what cannot be moved so": """
        SELECT move.id FROM k20_customer_assignment move JOIN res_partner customer ON customer.id = partner_id
        WHERE k20_approval_state = 'submitted' AND NOT (
            customer.active AND k20_kind IS NOT NULL
            AND CASE move.kind
                WHEN 'claim' THEN k20_in_pool
                ELSE user_id IS NOT DISTINCT FROM from_user_id AND user_id IS NOT NULL
            END
        )
    """,
    "a decision waited for that nobody needs": """
        SELECT task.id FROM k20_approval_task task
        LEFT JOIN k20_customer_assignment move ON move.id = res_id AND k20_approval_state = 'submitted'
        WHERE res_model = 'k20.customer.assignment' AND state IN ('open', 'waiting') AND move.id IS NULL
    """,
    "a request that waits for nobody": """
        SELECT move.id FROM k20_customer_assignment move
        LEFT JOIN k20_approval_task task ON res_model = 'k20.customer.assignment' AND res_id = move.id
            AND state = 'open'
        WHERE k20_approval_state = 'submitted' AND task.id IS NULL
    """,
    "an approver asked for what is closed": """
        SELECT activity.id FROM mail_activity activity
        LEFT JOIN k20_customer_assignment move ON move.id = res_id AND k20_approval_state = 'submitted'
        WHERE res_model = 'k20.customer.assignment' AND active AND move.id IS NULL
    """,
    "one step decided twice": """
        SELECT res_id FROM k20_approval_task WHERE state IN ('approved', 'rejected') AND mode = 'any'
        GROUP BY res_model, res_id, round, sequence HAVING COUNT(*) > 1
    """,
    "granted and not carried out, or carried out and not granted": """
        SELECT id FROM k20_customer_assignment WHERE (k20_approval_state = 'approved') != (date_done IS NOT NULL)
    """,
    "a clock that runs in the pool, or stands still with an owner": """
        SELECT id FROM res_partner
        WHERE k20_kind IS NOT NULL AND (k20_owned_since IS NULL) != (user_id IS NULL) AND company_id = %(company)s
    """,
    "a lock on what is in the pool": """
        SELECT id FROM res_partner WHERE k20_kind IS NOT NULL AND user_id IS NULL AND k20_locked_until IS NOT NULL
    """,
}


class Person:
    """Somebody with a role and an API key."""

    def __init__(self, user_id, name, key):
        self.id = user_id
        self.name = name
        self.call = Json2(key).call


class OwnershipCase(ServedCase):
    """Tests of ownership: no limit holds but those that a test sets, and no rule of loss but `rule`.

    `people` sell, `administrators` decide; customers belong to the company of the test and carry `mark` in the name.
    """

    @classmethod
    def open_company(cls):
        """Make the company and its people, who stay; for setUpModule, as they take some seconds."""
        cls.root = cls.login('admin')
        cls.mark = uuid.uuid4().hex[:8]
        cls.numbers = itertools.count(1)
        cls.found = set()
        cls.company = cls.root.call('res.company', 'create', [{'name': f'Races {cls.mark}'}])[0]
        cls.people = cls.make_people('salesperson', PEOPLE)
        cls.administrators = cls.make_people('admin', ADMINISTRATORS)
        cls.admin = cls.administrators[0]

    @classmethod
    def make_people(cls, role, count):
        groups = [record('base.group_user'), record(f'k20_base.group_k20_{role}')]
        names = [f'{role.title()}{number}-{cls.mark}' for number in range(count)]
        values = [
            {
                'name': name,
                'login': name.lower(),
                'company_id': cls.company,
                'company_ids': [[6, 0, [cls.company]]],
                'group_ids': [[6, 0, groups]],
                'lang': 'en_US',
                'tz': 'Asia/Shanghai',
            }
            for name in names
        ]
        ids = cls.root.call('res.users', 'create', values, context={'no_reset_password': True})
        keys = make_keys(ids)
        return [Person(user_id, name, keys[user_id]) for user_id, name in zip(ids, names, strict=True)]

    @classmethod
    def set_limits(cls, **values):
        cls.root.call('res.company', 'write', [cls.company], {f'k20_{name}': value for name, value in values.items()})

    def make_customers(self, count, owner=None, kind='channel'):
        """Make customers of `owner`'s, or of the pool."""
        values = []
        for _ in range(count):
            name = f'{next(self.numbers)}X{self.mark}'
            values.append({'name': name, 'k20_kind': kind, 'user_id': owner.id if owner else False})
        return self.admin.call('res.partner', 'create', vals_list=values)

    def make_customer(self, owner=None, kind='channel'):
        [customer] = self.make_customers(1, owner, kind)
        return customer

    def claim(self, person, customer):
        return person.call('k20.pool.customer', 'action_claim', ids=[customer])

    def assign(self, customer, person=None, by=None):
        by = by or self.admin
        return by.call('res.partner', 'write', ids=[customer], vals={'user_id': person.id if person else False})

    def ask(self, person, kind, customer, **values):
        """Ask for a move of a customer that `person` looks after."""
        values.update(kind=kind, partner_ids=[[6, 0, [customer]]], reason="Because")
        dialog = person.call('k20.customer.move', 'create', vals_list=[values])
        return person.call('k20.customer.move', 'action_apply', ids=dialog)

    def requests(self, customer, state='submitted'):
        """Return the requests for `customer`, the newest first."""
        return [
            request
            for (request,) in rows(
                "SELECT id FROM k20_customer_assignment WHERE partner_id = %s AND k20_approval_state = %s"
                " AND kind NOT IN ('assign', 'import') ORDER BY id DESC",
                customer,
                state,
            )
        ]

    def decide(self, administrator, request, yes=True):
        if yes:
            return administrator.call('k20.customer.assignment', 'action_k20_approve', ids=[request])
        return administrator.call('k20.customer.assignment', 'action_k20_reject', ids=[request], reason="No")

    def owner(self, customer):
        """Return the id of who looks after `customer`: None in the pool."""
        [(owner,)] = rows("SELECT user_id FROM res_partner WHERE id = %s", customer)
        return owner

    def assert_consistent(self):
        """Nothing that the database tells of owners, requests and decisions contradicts itself."""
        found = {
            (wrong, *row)
            for wrong, query in BROKEN.items()
            for row in rows(query.replace('%(company)s', str(self.company)))
        }
        new = found - self.found
        self.found |= new  # told once, not by every test that follows
        self.assertFalse(new)

    def assert_decent(self, answers):
        """Each answer is a result or a refusal that K20 or Odoo worded; none is a failure of the server."""
        for answer in answers:
            if isinstance(answer, Exception):
                self.assertIsInstance(answer, Refused)
                self.assertIn(answer.kind, DECENT, answer)
                self.assertNotRegex(str(answer), r'(?i)traceback|psycopg|serializ|duplicate key|violates|relation "')
