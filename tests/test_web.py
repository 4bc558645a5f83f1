"""Every screen opens in a browser's calls, in both languages; without login nothing of K20 is given out. (R167)"""

import json
import urllib.error
import urllib.request

from tests.client import DATABASE, URL, Json2, Refused, ServedCase

ROLES = ('sales1', 'manager', 'finance', 'buyer', 'store', 'admin')


class TestWeb(ServedCase):
    def actions(self, session):
        """Return the actions behind the menus of K20 that the person behind `session` sees."""
        menus = json.loads(session.get('/web/webclient/load_menus')[2])
        root = next(
            menu for menu in menus.values() if isinstance(menu, dict) and menu.get('xmlid') == 'k20_base.menu_k20'
        )
        waiting, found = [root['id']], {}
        while waiting:
            menu = menus[str(waiting.pop())]
            waiting += menu['children']
            if menu.get('actionID'):
                found[menu['actionID']] = menu['name']
        return found

    def test_every_screen_of_every_role_opens(self):
        """R167: views load and first rows are read, in Chinese and in English."""
        for login in ROLES:
            session = self.login(login)
            self.assertTrue(self.actions(session), login)
            for lang in ('zh_CN', 'en_US'):
                for action_id, name in self.actions(session).items():
                    with self.subTest(login=login, lang=lang, screen=name):
                        self.open(session, action_id, {'lang': lang, 'tz': 'Asia/Shanghai'})

    def open(self, session, action_id, context):
        """Make the calls of the web client for an action: load it, its views, the first rows, one record."""
        action = session.post('/web/action/load', {'action_id': action_id, 'context': context})
        if action['type'] == 'ir.actions.server':
            action = session.post('/web/action/run', {'action_id': action_id, 'context': context})
        if action['type'] != 'ir.actions.act_window':
            return
        views = session.call(
            action['res_model'], 'get_views', action['views'], options={'toolbar': True}, context=context
        )
        if action['views'][0][1] not in ('list', 'kanban'):
            return
        fields = views['models'][action['res_model']]['fields']
        names = {name: {} for name in fields if f'name="{name}"' in views['views'][action['views'][0][1]]['arch']}
        session.call(action['res_model'], 'web_search_read', domain=[], specification=names, limit=5, context=context)

    def test_nothing_without_login(self):
        """R167: pages send to the login, calls are refused, pictures are placeholders."""
        admin = self.login('admin')
        customer = admin.call('res.partner', 'search', [('k20_kind', '!=', False)], limit=1)[0]
        for path in ('/odoo', '/odoo/k20-channels', f'/odoo/k20-channels/{customer}'):
            with urllib.request.urlopen(URL + path) as page:
                self.assertIn('/web/login', page.url, path)
        name = admin.call('res.partner', 'read', [customer], ['name'])[0]['name']
        body = json.dumps({
            'jsonrpc': '2.0', 'method': 'call',
            'params': {'model': 'res.partner', 'method': 'read', 'args': [[customer], ['name']], 'kwargs': {}},
        }).encode()  # fmt: skip
        request = urllib.request.Request(
            f'{URL}/web/dataset/call_kw', body, {'Content-Type': 'application/json', 'X-Odoo-Database': DATABASE}
        )
        with urllib.request.urlopen(request) as answer:
            text = answer.read().decode()
        self.assertIn('error', json.loads(text))
        self.assertNotIn(json.dumps(name)[1:-1], text)

    def test_a_wrong_key_opens_nothing(self):
        """R167: over the program's interface as well."""
        with self.assertRaises((Refused, urllib.error.HTTPError)):
            Json2('0' * 40).call('res.partner', 'search_count', domain=[])
