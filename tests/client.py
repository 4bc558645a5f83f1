"""How tests speak to a served K20: pages, XML-RPC, the web client's calls and JSON-2, and many at once."""

import http.cookiejar
import json
import os
import re
import socket
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

URL = os.environ.get('K20_URL', '')
DATABASE = os.environ.get('K20_DB', '')
SECONDS = 120
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class Refused(Exception):
    """What the server answered instead of a result: `kind` is the name of Odoo's exception, the text its message."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Session:
    """A person logged in to the web client."""

    def __init__(self, login, password=None, url=URL, database=DATABASE):
        self.url = url
        self.database = database
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies),
            urllib.request.ProxyHandler({}),
        )
        answer = self.post('/web/session/authenticate', {'db': database, 'login': login, 'password': password or login})
        self.uid = answer['uid']

    def get(self, path):
        """Return status, headers and body of a page."""
        with self.opener.open(self.url + path, timeout=SECONDS) as answer:
            return answer.status, answer.headers, answer.read()

    def post(self, path, params):
        """Call a JSON-RPC route; Refused tells which exception the server raised."""
        body = json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}).encode()
        request = urllib.request.Request(self.url + path, body, {'Content-Type': 'application/json'})
        with self.opener.open(request, timeout=SECONDS) as answer:
            result = json.load(answer)
        if 'error' in result:
            data = result['error'].get('data', {})
            raise Refused(data.get('name', '').rpartition('.')[2], data.get('message') or result['error']['message'])
        return result['result']

    def websocket(self):
        """Return the status line that the server answers to the handshake of a websocket."""
        host = urllib.parse.urlsplit(self.url)
        cookies = '; '.join(f'{cookie.name}={cookie.value}' for cookie in self.cookies)
        lines = (
            'GET /websocket?version=tests HTTP/1.1',
            f'Host: {host.netloc}',
            f'Origin: {self.url}',
            f'Cookie: {cookies}',
            'Connection: Upgrade',
            'Upgrade: websocket',
            'Sec-WebSocket-Version: 13',
            'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
        )
        with socket.create_connection((host.hostname, host.port), SECONDS) as connection:
            connection.sendall('\r\n'.join((*lines, '', '')).encode())
            return connection.recv(1024).partition(b'\r\n')[0].decode()

    def form(self, path, **fields):
        """Send a form, as a page would; return status, headers and body."""
        _, _, page = self.get('/odoo')
        token = re.search(rb'csrf_token: "([^"]+)"', page).group(1).decode()
        body = urllib.parse.urlencode({'csrf_token': token, **fields}).encode()
        with self.opener.open(self.url + path, body, timeout=SECONDS) as answer:
            return answer.status, answer.headers, answer.read()

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does (call_kw)."""
        params = {'model': model, 'method': method, 'args': args, 'kwargs': kwargs}
        return self.post(f'/web/dataset/call_kw/{model}/{method}', params)


class Rpc:
    """A program that is logged in over XML-RPC; faults come as xmlrpc.client.Fault."""

    def __init__(self, login, password=None, url=URL, database=DATABASE):
        self.database = database
        self.password = password or login
        self.common = xmlrpc.client.ServerProxy(f'{url}/xmlrpc/2/common', allow_none=True)
        self.url = f'{url}/xmlrpc/2/object'
        self.uid = self.common.authenticate(database, login, self.password, {})

    def call(self, model, method, *args, **kwargs):
        # A proxy holds one connection, which threads cannot share: each call makes its own.
        with xmlrpc.client.ServerProxy(self.url, allow_none=True) as proxy:
            return proxy.execute_kw(self.database, self.uid, self.password, model, method, args, kwargs)


class Json2:
    """A program with an API key on Odoo's JSON-2 interface."""

    def __init__(self, key, url=URL, database=DATABASE):
        self.url = url
        self.headers = {
            'Authorization': f'bearer {key}',
            'X-Odoo-Database': database,
            'Content-Type': 'application/json',
        }

    def call(self, model, method, **arguments):
        """Call a method with named arguments; `ids` names the records. Refused where the server says no."""
        request = urllib.request.Request(
            f'{self.url}/json/2/{model}/{method}', json.dumps(arguments).encode(), self.headers
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            details = json.loads(error.read())
            raise Refused(details['name'].rpartition('.')[2], details['message']) from None


def make_key(session, password=None, name='tests'):
    """Return a new API key of the person behind `session`, made as the web client makes it."""
    action = session.call('res.users', 'api_key_wizard', [session.uid])
    if action['res_model'] == 'res.users.identitycheck':
        check = action['res_id']
        context = {
            **action.get('context', {}),
            'password': password or session.call('res.users', 'read', [session.uid], ['login'])[0]['login'],
        }
        action = session.call('res.users.identitycheck', 'run_check', [check], context=context)
    wizard = session.call('res.users.apikeys.description', 'create', [{'name': name, 'duration': '1'}])
    made = session.call('res.users.apikeys.description', 'make_key', wizard)
    return made['context']['default_key']


def race(act, actors):
    """Let every actor do `act(actor)` at the same moment; return what each got, a value or a Fault."""
    start = threading.Barrier(len(actors))

    def run(actor):
        start.wait()
        try:
            return act(actor)
        except (xmlrpc.client.Fault, Refused) as refusal:
            return refusal

    with ThreadPoolExecutor(len(actors)) as pool:
        return list(pool.map(run, actors))


class ServedCase(unittest.TestCase):
    """A test against the served K20 with its demo business; `./k20 test` serves it and says where."""

    served = True
    sessions = {}

    @classmethod
    def login(cls, login):
        """Return the session of `login`, whose password is the login; one login serves all tests."""
        if login not in cls.sessions:
            cls.sessions[login] = Session(login)
        return cls.sessions[login]
