"""The served K20 answers over every door that people and programs use."""

import urllib.request

from tests.client import URL, Json2, Refused, Rpc, ServedCase, Session, make_key, race


class TestServing(ServedCase):
    def test_the_login_page_is_chinese_and_whole(self):
        """R210: the first page comes with its scripts, styles and fonts."""
        with urllib.request.urlopen(f'{URL}/web/login') as page:
            self.assertEqual(page.status, 200)

    def test_all_doors_give_the_same_answer(self):
        """The web client, XML-RPC and JSON-2 read the same record."""
        admin = self.login('admin')
        arguments = [admin.uid], ['login']
        expected = [{'id': admin.uid, 'login': 'admin'}]
        self.assertEqual(admin.call('res.users', 'read', *arguments), expected)
        self.assertEqual(Rpc('admin').call('res.users', 'read', *arguments), expected)
        program = Json2(make_key(admin))
        self.assertEqual(program.call('res.users', 'read', ids=[admin.uid], fields=['login']), expected)

    def test_a_wrong_password_is_refused(self):
        with self.assertRaises(Refused) as refusal:
            Session('admin', 'wrong')
        self.assertEqual(refusal.exception.kind, 'AccessDenied')

    def test_a_race_returns_what_each_got(self):
        admin = self.login('admin')
        answers = race(lambda name: admin.call('res.partner', 'search_count', [('name', '=', name)]), ['a', 'b', 'c'])
        self.assertEqual(answers, [0, 0, 0])

    def test_websockets_come_in_on_the_web_port(self):
        """Messages arrive at once though several workers serve: no proxy and no second open port is needed."""
        for _ in range(8):  # whichever worker gets it
            self.assertRegex(self.login('admin').websocket(), r'^HTTP/1.1 101 ')

    def test_nobody_lists_the_databases(self):
        """The database manager is closed: odoo.conf says so."""
        with self.assertRaises(Refused):
            self.login('admin').post('/web/database/list', {})
