import json
from contextlib import contextmanager

from hypothesis import HealthCheck, settings

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, TransactionCase
from odoo.tools import mute_logger

QUIET = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_notrack': True, 'no_reset_password': True}

LOGINS = {
    'k20_admin': ['admin'],
    'k20_manager': ['manager'],
    'k20_sales1': ['salesperson'],
    'k20_sales2': ['salesperson'],
    'k20_sales3': ['salesperson'],
    'k20_finance': ['finance'],
    'k20_buyer': ['buyer'],
    'k20_store': ['storekeeper'],
    'k20_outsider': [],
}  # of the people, with their roles
OTHER_COMPANY = 'Other Company'

# How properties are drawn: the same cases each time, no clock, nothing kept; inside Odoo the first draw takes seconds.
profile = settings(derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


class K20Case(TransactionCase):
    """One user a role, and makers with sound defaults; a test shows the values that matter to it and no others.

    `manager` leads the team of `sales1` and `sales2`; `sales3` belongs to another team, `outsider` has no role. In the
    company `other_company` nobody works unless a test lets them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = dict(cls.env.context, **QUIET, lang='en_US')
        with cls.registry.cursor() as cr:  # no query of cls.cr came before: it will see what this one leaves
            cls.env = cls.env(cr=cr, context=quiet)
            if not cls._find_people():
                cls._make_people()
        cls.env = cls.env(cr=cls.cr)
        people = {user.login: user for user in cls._find_people()}
        cls.admin, cls.manager, cls.sales1, cls.sales2, cls.sales3, *others = (people[login] for login in LOGINS)
        cls.finance, cls.buyer, cls.storekeeper, cls.outsider = others
        cls.team, cls.other_team = (seller.crm_team_member_ids.crm_team_id for seller in (cls.sales1, cls.sales3))
        cls.other_company = cls.env['res.company'].search([('name', '=', OTHER_COMPANY)])

    @classmethod
    def _find_people(cls):
        return cls.env['res.users'].search([('login', 'in', list(LOGINS))])

    @classmethod
    def _make_people(cls):
        """Make the people, their teams and `other_company` once a database: a second or two of each class otherwise."""
        users = cls.env['res.users'].create([cls._user_values(login, *roles) for login, roles in LOGINS.items()])
        admin, manager, sales1, sales2, sales3, *_others = users
        cls.make_team(manager, sales1 + sales2)
        cls.make_team(admin, sales3)
        other_company = cls.env['res.company'].create({'name': OTHER_COMPANY})
        cls.env.user.company_ids -= other_company  # who makes a company works there, says Odoo

    @classmethod
    def make_user(cls, login, *roles, **values):
        """Make an internal user with `roles` (salesperson, manager, finance, buyer, storekeeper, admin)."""
        return cls.env['res.users'].create(cls._user_values(login, *roles, **values))

    @classmethod
    def _user_values(cls, login, *roles, **values):
        groups = ['base.group_user', *(f'k20_base.group_k20_{role}' for role in roles)]
        return {
            'login': login,
            'name': f'{login} ({", ".join(roles)})',
            'email': f'{login}@example.com',
            'password': login,
            'lang': 'en_US',
            'tz': 'Asia/Shanghai',
            'group_ids': [Command.set([cls.env.ref(group).id for group in groups])],
            **values,
        }

    @classmethod
    def make_team(cls, leader, members, **values):
        values = {'name': f'Team of {leader.name}', 'user_id': leader.id, **values}
        return cls.env['crm.team'].create({**values, 'member_ids': [Command.set(members.ids)]})

    @classmethod
    def make_customer(cls, kind='end', owner=None, **values):
        """Make a customer of `kind`, looked after by `owner` or in the pool."""
        cls._customer_count = getattr(cls, '_customer_count', 0) + 1
        values = {'name': f'Test Customer Number {cls._customer_count} {kind}', **values}
        return cls.env['res.partner'].create({'k20_kind': kind, 'user_id': owner.id if owner else False, **values})

    @classmethod
    def make_contact(cls, customer, **values):
        return cls.env['res.partner'].create({'name': "Contact", 'parent_id': customer.id, **values})

    @classmethod
    def make_followup(cls, customer, user=None, **values):
        """Record a follow-up as `user`, by default as the customer's owner."""
        user = user or customer.user_id
        return cls.env['k20.followup'].with_user(user).create({'partner_id': customer.id, **values})

    @contextmanager
    def assertRefused(self, message, error=UserError):
        """Expect a refusal whose sentence matches `message`; nothing that the block did stays."""
        with self.assertRaises(error) as caught:  # Odoo's assertRaises opens a savepoint, assertRaisesRegex does not
            yield caught
        self.assertRegex(str(caught.exception), message)


class RpcError(Exception):
    """What a client gets to see of an error: `name` is the exception's, `message` its sentence, the text all of it."""

    def __init__(self, error):
        super().__init__(json.dumps(error, ensure_ascii=False))
        self.name = error['data']['name'].rpartition('.')[2]
        self.message = error['data']['message']


class K20HttpCase(HttpCase, K20Case):
    """Rights are tested as a client meets them: over HTTP, as the person who is logged in."""

    def login(self, user):
        """Log in `user`, as K20Case has made it."""
        self.authenticate(user.login, user.login)

    def post(self, route, **params):
        """Call a JSON route; RpcError where it answers with an error."""
        body = {'jsonrpc': '2.0', 'method': 'call', 'params': params}
        with mute_logger('odoo.http'):
            answer = self.url_open(route, json=body, timeout=30).json()
        if 'error' in answer:
            raise RpcError(answer['error'])
        return answer.get('result')

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model as the web client does."""
        return self.post(f'/web/dataset/call_kw/{model}/{method}', model=model, method=method, args=args, kwargs=kwargs)

    def assertCallRefused(self, model, method, *args, **kwargs):
        """Expect an AccessError; return the whole answer as text."""
        with self.assertRaises(RpcError, msg=f'{model}.{method} {args} {kwargs}') as caught:
            self.call(model, method, *args, **kwargs)
        self.assertEqual(caught.exception.name, 'AccessError', f'{model}.{method} {args}: {caught.exception}')
        return str(caught.exception)
