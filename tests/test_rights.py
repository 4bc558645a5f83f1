"""Who may do what with whose records: tests/rights.py, walked over each way into the server. (R022, R154, R157)"""

import itertools
import json
import secrets
import xmlrpc.client

from tests.client import Json2, Refused, Rpc, ServedCase, make_key
from tests.rights import BY_OWNER, BY_ROLE, HARMLESS, LOGINS, WHOSE, rows

NAME = {'name': "Table"}
MARK = f'Qz{secrets.token_hex(3)}'  # in every customer's name, so that it is found in messages and nowhere else
ACCESS, OTHER = 4, 2  # XML-RPC's codes of an access error, and of a UserError or ValidationError
REFUSALS = {'AccessError', 'UserError', 'ValidationError', 'MissingError'}


class TestRights(ServedCase):
    """Each cell is tried: what is granted works, what is not is refused and names nothing."""

    @classmethod
    def setUpClass(cls):
        cls.admin = cls.login('admin')
        cls.company = cls.admin.call('res.users', 'read', [cls.admin.uid], ['company_id'])[0]['company_id'][0]
        cls.counter = itertools.count(1)
        cls.made = []
        cls.addClassCleanup(cls.clear)
        cls._make_nobody()
        cls._make_other_company()
        cls.ways = {login: cls._ways(login) for login in LOGINS}
        cls.customers = {whose: cls.plant('res.partner', whose) for whose in WHOSE}

    @classmethod
    def _make_nobody(cls):
        """Make the user without a role of K20, once for a database."""
        if cls.admin.call('res.users', 'search', [('login', '=', 'nobody')]):
            return
        user = {'name': "Nobody", 'login': 'nobody', 'password': 'nobody', 'lang': 'zh_CN', 'tz': 'Asia/Shanghai'}
        cls.admin.call('res.users', 'create', [user])  # a plain employee, as Odoo makes them

    @classmethod
    def _make_other_company(cls):
        cls.other_company = cls.make('res.company', {'name': f'Other Company {secrets.token_hex(3)}'})
        cls.admin.call('res.users', 'write', [cls.admin.uid], {'company_ids': [[4, cls.other_company]]})

    @classmethod
    def _ways(cls, login):
        """Return {name: call(model, method, ids, *args)} of the three ways into the server."""
        session, context = cls.login(login), {'allowed_company_ids': [cls.company], 'lang': 'en_US'}
        key = make_key(session)
        rpc, json2 = Rpc(login, key), Json2(key)  # a key instead of the password: checked in no time
        names = {'read': ['fields'], 'write': ['vals'], 'create': ['vals_list'], 'unlink': []}

        def by_json2(model, method, *args):
            values = dict(zip(names[method] if method == 'create' else ['ids', *names[method]], args, strict=True))
            return json2.call(model, method, context=context, **values)

        return {
            'web client': lambda model, method, *args: session.call(model, method, *args, context=context),
            'XML-RPC': lambda model, method, *args: rpc.call(model, method, *args, context=context),
            'JSON-2': by_json2,
        }

    @classmethod
    def make(cls, model, values, **kwargs):
        (record_id,) = cls.admin.call(model, 'create', [values], **kwargs)
        cls.made.append((model, record_id))
        return record_id

    @classmethod
    def clear(cls):
        """Take away what was made, as far as it may be: other tests count customers."""
        context = {'allowed_company_ids': [cls.company, cls.other_company]}
        for model, record_id in reversed(cls.made):
            if model == 'res.company':
                cls.admin.call(model, 'write', [record_id], {'active': False})
            elif cls.admin.call(model, 'search', [('id', '=', record_id)], context=context):
                cls.admin.call(model, 'unlink', [record_id], context=context)

    @classmethod
    def values(cls, model, whose):
        """Return the values of a new record of `model` that belongs to a customer of `whose`."""
        number = next(cls.counter)
        owner = WHOSE[whose] and cls.login(WHOSE[whose]).uid
        customer = cls.__dict__.get('customers', {}).get(whose)
        line = {'name': "Table", 'price_unit': 10}
        if model == 'k20.project.party':  # of a project of its own: our company stands once in each
            return {'lead_id': cls.plant('crm.lead', whose), 'role': 'own'}
        return {
            'res.partner': {'name': f'{MARK}{number}{whose}', 'k20_kind': 'end', 'user_id': owner},
            'res.partner.bank': {'acc_number': f'6228{number:09}', 'partner_id': customer},
            'k20.followup': {'partner_id': customer},
            'k20.customer.issue': {'name': "Table", 'partner_id': customer},
            'crm.lead': {'name': "Table", 'type': 'opportunity', 'partner_id': customer, 'user_id': owner},
            'sale.order': {'partner_id': customer, 'user_id': owner},
            'account.move': {
                'move_type': 'out_invoice',
                'partner_id': customer,
                'invoice_user_id': owner,
                'invoice_line_ids': [[0, 0, line]],
            },
        }[model]

    @classmethod
    def plant(cls, model, whose):
        """Make a record of `model` for a customer of `whose` as administrator; of the other company in that one."""
        company = cls.other_company if whose == 'company' else cls.company
        values = cls.values(model, whose)
        if model == 'res.partner':
            values['company_id'] = company
        elif whose == 'company':
            values.pop('user_id', None)  # who does not work there has no documents there
        return cls.make(model, values, context={'allowed_company_ids': [company]})

    def attempt(self, login, way, model, method, *args):
        """Return whether it was done; where refused, check that the answer names no customer."""
        try:
            self.ways[login][way](model, method, *args)
        except (Refused, xmlrpc.client.Fault) as refusal:
            kind = refusal.kind if isinstance(refusal, Refused) else refusal.faultCode
            self.assertIn(kind, REFUSALS | {ACCESS, OTHER}, str(refusal))
            self.assertNotIn(MARK, str(refusal))
            return False
        return True

    def try_cell(self, login, model, record_id, allowed, spare):
        """Try reading by each way, writing and deleting by one of them in turn.

        :param allowed: the letters of the cell
        :param spare: makes another such record, to be deleted where that is allowed
        """
        ways = list(self.ways[login])
        way = ways[next(self.counter) % len(ways)]
        for each in ways:
            self.assertEqual(
                self.attempt(login, each, model, 'read', [record_id], ['id', 'display_name']), 'r' in allowed, each
            )
        vals = HARMLESS.get(model, NAME)
        self.assertEqual(self.attempt(login, way, model, 'write', [record_id], vals), 'w' in allowed, f'write by {way}')
        doomed = spare() if 'd' in allowed else record_id
        self.assertEqual(self.attempt(login, way, model, 'unlink', [doomed]), 'd' in allowed, f'delete by {way}')

    def test_whose_records(self):
        """R022, R154: role by role, whose by whose, operation by operation."""
        for model, lines in itertools.groupby(rows(BY_OWNER), lambda row: row['model']):
            lines = list(lines)
            tried = [whose for whose in WHOSE if lines[0][whose] != '.']
            planted = {
                whose: self.customers[whose] if model == 'res.partner' else self.plant(model, whose) for whose in tried
            }
            for row in lines:
                login = row['login']
                for whose in tried:
                    with self.subTest(model=model, login=login, whose=whose):
                        spare = lambda whose=whose: self.plant(model, whose)  # noqa: B023, E731
                        self.try_cell(login, model, planted[whose], row[whose], spare)
                with self.subTest(model=model, login=login, new=row['new']):
                    self.try_to_create(login, model, row['new'])

    def try_to_create(self, login, model, allowed):
        """Create a record of one's own, where one has customers for it, by the web client."""
        whose = {'manager': 'team'}.get(login, 'own')
        values = self.values(model, whose)
        for name in ('user_id', 'invoice_user_id'):
            values.pop(name, None)
        if model == 'account.move' and login in ('buyer', 'manager'):
            values['move_type'] = 'in_invoice'  # what they buy, they may have billed
            values.pop('partner_id')
        try:
            made = self.login(login).call(model, 'create', [values], context={'allowed_company_ids': [self.company]})
        except Refused as refusal:
            self.assertIn(refusal.kind, REFUSALS, str(refusal))
            made = []
        self.made.extend((model, record_id) for record_id in made)
        self.assertEqual(bool(made), 'c' in allowed)

    def test_records_that_are_nobodys(self):
        """R022, R154, R155: base data, logs, groups and rules, purchases."""
        for row in rows(BY_ROLE):
            model = row.pop('model')
            for login, allowed in row.items():
                for operation, letter in (('read', 'r'), ('write', 'w'), ('create', 'c'), ('unlink', 'd')):
                    with self.subTest(model=model, login=login, operation=operation):
                        session = self.login(login)
                        self.assertEqual(session.call(model, 'has_access', [], operation), letter in allowed)
            for login in [login for login, allowed in row.items() if 'w' not in allowed]:
                found = self.admin.call(model, 'search', [], limit=1)
                if found:
                    with self.subTest(model=model, login=login):
                        for way in self.ways[login]:
                            self.assertFalse(self.attempt(login, way, model, 'write', found, HARMLESS.get(model, NAME)))

    def test_every_model_of_k20_is_in_the_table(self):
        """R022: a new model without a row here is a hole in the table."""
        models = self.admin.call(
            'ir.model', 'search_read', [('model', '=like', 'k20.%'), ('abstract', '=', False)], ['model']
        )
        named = {row['model'] for row in rows(BY_OWNER) + rows(BY_ROLE)}
        self.assertFalse({model['model'] for model in models} - named)

    def test_functions_are_single_rights(self):
        """R155: who has which function, of the roles as they are given."""
        table = {
            'base.group_allow_export': {'sales1', 'manager', 'finance', 'buyer', 'store', 'admin'},
            'k20_base.group_k20_import': {'sales1', 'admin'},  # the demo lets sales1 import
            'k20_base.group_k20_rules': {'admin'},
            'k20_base.group_k20_cost': {'manager', 'finance', 'buyer', 'admin'},
            'k20_sales.group_k20_confirm_collection': {'finance', 'admin'},
        }
        roles = {
            'k20_base.group_k20_salesperson': {'sales1', 'manager', 'admin'},
            'k20_base.group_k20_manager': {'manager', 'admin'},
            'k20_base.group_k20_finance': {'finance'},
            'k20_base.group_k20_buyer': {'buyer', 'manager', 'admin'},
            'k20_base.group_k20_storekeeper': {'store'},
            'k20_base.group_k20_admin': {'admin'},
            'k20_base.group_k20_all_customers': {'finance', 'admin'},
        }
        for group, holders in {**table, **roles}.items():
            for login in LOGINS:
                with self.subTest(group=group, login=login):
                    session = self.login(login)
                    self.assertEqual(session.call('res.users', 'has_group', [session.uid], group), login in holders)

    def test_daily_work_meets_no_access_error(self):
        """R154: each role opens the lists and the first form of every menu it has."""
        for login in LOGINS[:-1]:
            session = self.login(login)
            menus = session.call('ir.ui.menu', 'load_web_menus', [], False)
            actions = {
                (menu['actionModel'], menu['actionID'])
                for menu in menus.values()
                if menu.get('actionModel') == 'ir.actions.act_window' and self._of_k20(menu, menus)
            }
            self.assertTrue(actions, login)
            for _kind, action_id in sorted(actions):
                with self.subTest(login=login, action=action_id):
                    self._open(session, action_id)

    @staticmethod
    def _of_k20(menu, menus):
        root = menus.get(str(menu.get('appID')), {})
        return root.get('xmlid') == 'k20_base.menu_k20'

    def _open(self, session, action_id):
        """Do what the web client does to show an action: views, list, and the first record in the form."""
        action = session.post('/web/action/load', {'action_id': action_id})
        model = action['res_model']
        views = [view for view in action['views'] if view[1] != 'search'] + [[False, 'search']]
        got = session.call(model, 'get_views', views=views, options={'load_filters': True, 'toolbar': True})
        shown = set(got['views']) - {'search'}
        fields = set(got['models'][model]['fields'])
        specification = {name: {} for name in fields if name in ('display_name', 'id', 'name')} or {'id': {}}
        if shown & {'list', 'kanban'}:
            listed = session.call(
                model, 'web_search_read', [], {name: {} for name in self._in_view(got, model, shown)}, limit=80
            )
            if listed['records'] and 'form' in shown:
                first = listed['records'][0]['id']
                session.call(model, 'web_read', [first], {name: {} for name in self._in_view(got, model, {'form'})})
        elif 'form' in shown:
            session.call(model, 'onchange', [], {}, [], specification)

    @staticmethod
    def _in_view(got, model, kinds):
        """Return the fields of `model` that stand in the views of these kinds, as far as plain text tells."""
        archs = ' '.join(got['views'][kind]['arch'] for kind in kinds)
        return [name for name in got['models'][model]['fields'] if f'name="{name}"' in archs]

    def test_a_salespersons_day(self):
        """R154: a customer with contacts, a meeting with them, a message: no access error."""
        seller = self.login('sales1')
        values = {'name': f'{MARK} day', 'k20_kind': 'end', 'child_ids': [[0, 0, {'name': "Li"}]]}
        (customer,) = seller.call('res.partner', 'create', [values])
        self.made.append(('res.partner', customer))
        (contact,) = seller.call('res.partner', 'search', [('parent_id', '=', customer)])
        times = {'start': '2026-03-02 01:00:00', 'stop': '2026-03-02 02:00:00'}
        (event,) = seller.call('calendar.event', 'create', [{'name': "Visit", **times, 'partner_ids': [[4, contact]]}])
        self.made.append(('calendar.event', event))
        seller.call('res.partner', 'message_post', [customer], body="Called", partner_ids=[contact])
        data = {'thread_model': 'res.partner', 'thread_id': customer}
        self.assertIn("Called", json.dumps(seller.post('/mail/thread/messages', data)))
