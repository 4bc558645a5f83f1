"""Nothing of a customer that a salesperson may not see comes out, whatever is asked of whichever model. (R154, R157)"""

import base64
import json
import re
from concurrent.futures import ThreadPoolExecutor

from tests.client import Refused, ServedCase

PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
ROWS = 30  # of each model, the newest first
THREADS = 3  # a little more than there are web workers in a test
TEXTS = {'char', 'text', 'html', 'many2one', 'many2one_reference', 'reference'}


class Planted:
    """A customer whose every detail is a word that stands nowhere else, with what hangs on it."""

    def __init__(self, admin, mark, owner=None):
        self.admin = admin
        self.made = []
        self.words = {
            name: f'{mark}{name}'.lower() for name in ('company', 'contact', 'street', 'mail', 'story', 'file', 'note')
        }
        digits = str(sum(ord(sign) * 7**place for place, sign in enumerate(mark)) % 10**7).zfill(7)
        self.words.update(phone=f'1391{digits}', vat=f'9132050{digits}MA1X', bank=f'62284{digits}')
        self.customer = self.make('res.partner', self._details('company', k20_kind='end', user_id=owner))
        self.contact = self.make('res.partner', self._details('contact', parent_id=self.customer))
        self.make('res.partner.bank', {'acc_number': self.words['bank'], 'partner_id': self.customer})
        self.event = self._make_event()
        self.attachment = self._make_documents(owner)

    def _details(self, name, **values):
        words = self.words
        details = {'name': words[name], 'street': words['street'], 'email': f'{words["mail"]}@{name}.example'}
        if name == 'company':
            details.update(phone=words['phone'], vat=words['vat'], image_1920=PIXEL)
        return {**details, **values}

    def _make_event(self):
        """A meeting that every employee sees, with people whom not everybody may see."""
        times = {'start': '2026-03-02 01:00:00', 'stop': '2026-03-02 02:00:00'}
        return self.make('calendar.event', {'name': "Meeting", **times, 'partner_ids': [[6, 0, [self.contact]]]})

    def _make_documents(self, owner):
        words, customer = self.words, self.customer
        self.make('k20.followup', {'partner_id': customer, 'content': words['story'], 'next_plan': words['story']})
        self.make(
            'crm.lead', {'name': words['note'], 'partner_id': self.contact, 'user_id': owner, 'type': 'opportunity'}
        )
        product = self.make('product.product', {'name': "Server"})
        line = [0, 0, {'product_id': product, 'name': words['note'], 'price_unit': 10}]
        self.make('sale.order', {'partner_id': customer, 'user_id': owner, 'order_line': [line]})
        line = [0, 0, {'name': words['note'], 'quantity': 1, 'price_unit': 10}]
        invoice = {'move_type': 'out_invoice', 'partner_id': customer, 'invoice_user_id': owner, 'ref': words['note']}
        self.make('account.move', {**invoice, 'invoice_line_ids': [line]})
        call = self.admin.call
        call('res.partner', 'message_subscribe', [customer], [self.contact])
        call('res.partner', 'message_post', [customer], body=words['note'], partner_ids=[self.contact])
        call(
            'res.partner',
            'activity_schedule',
            [customer],
            act_type_xmlid='mail.mail_activity_data_todo',
            summary=words['note'],
        )
        file = {'name': words['file'], 'raw': words['file'], 'res_model': 'res.partner', 'res_id': customer}
        return self.make('ir.attachment', file)

    def make(self, model, values):
        (record_id,) = self.admin.call(model, 'create', [values])
        self.made.append((model, record_id))
        return record_id

    def clear(self):
        """Take it all away again, as far as it may be: other tests count customers."""
        for model, record_id in reversed(self.made):
            if model != 'product.product':
                self.admin.call(model, 'unlink', [record_id])


class TestLeaks(ServedCase):
    """As sales1: a colleague's customer (sales3) and one in the pool; own ones show that the net catches."""

    @classmethod
    def setUpClass(cls):
        cls.admin, cls.seller = cls.login('admin'), cls.login('sales1')
        cls.mine = Planted(cls.admin, 'Qmine', cls.seller.uid)
        cls.hidden = [Planted(cls.admin, 'Zcolleague', cls.login('sales3').uid), Planted(cls.admin, 'Xpooled')]
        for planted in (cls.mine, *cls.hidden):
            cls.addClassCleanup(planted.clear)
        words = [word for planted in cls.hidden for word in planted.words.values()]
        cls.secret = re.compile('|'.join(words), re.IGNORECASE)
        cls.own = re.compile('|'.join(cls.mine.words.values()), re.IGNORECASE)
        cls.fields = cls._readable_models()

    @classmethod
    def _readable_models(cls):
        """Return {model: its fields as the salesperson gets to know them} of all models that answer."""
        models = cls.admin.call('ir.model', 'search_read', [], ['model'])
        names = sorted(model['model'] for model in models)
        wanted = ['type', 'relation', 'store', 'groupable']
        answers = cls.many(lambda name: cls.ask(name, 'fields_get', [], wanted), names)
        return {name: fields for name, fields in zip(names, answers, strict=True) if fields}

    @classmethod
    def many(cls, act, arguments):
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(act, arguments))

    @classmethod
    def ask(cls, model, method, *args, **kwargs):
        """Return what the salesperson gets for an answer; a refusal is None and is looked at all the same."""
        try:
            return cls.seller.call(model, method, *args, **kwargs)
        except Refused as refusal:
            if cls.secret.search(str(refusal)):
                raise AssertionError(f'{model}.{method}: {refusal}') from None
            return None

    def assertClean(self, what, answer):
        text = json.dumps(answer, ensure_ascii=False, default=str)
        found = self.secret.search(text)
        if found:
            self.fail(f'{what} tells {found.group()}: …{text[max(0, found.start() - 200) : found.end() + 100]}…')

    def partner_fields(self):
        """Yield model, field of all relations to partners that the salesperson knows of."""
        for model, fields in self.fields.items():
            for name, field in fields.items():
                if field.get('relation') == 'res.partner' and field['type'] == 'many2one':
                    yield model, name

    def read_all(self, model):
        """Read the newest rows of `model`, all that is text; one by one where one cannot be read with the others."""
        names = [name for name, field in self.fields[model].items() if field['type'] in TEXTS]
        context = {'show_address': 1, 'show_email': 1, 'show_vat': 1, 'active_test': False}
        kwargs = {'limit': ROWS, 'order': 'id desc', 'context': context}
        ids = self.ask(model, 'search', [], **kwargs)
        if not ids:
            return ids
        rows = self.ask(model, 'read', ids, names, context=context)
        return rows or [self.ask(model, 'read', ids, [name], context=context) for name in names]

    def test_no_field_of_any_model_tells(self):
        """R154, R157: every readable model, whatever is text, with names asked for in full; one's own come."""
        caught = 0
        for model, rows in zip(self.fields, self.many(self.read_all, self.fields), strict=True):
            with self.subTest(model=model):
                self.assertClean(model, rows)
            caught += bool(self.own.search(json.dumps(rows, ensure_ascii=False, default=str)))
        self.assertGreater(len(self.fields), 200)
        self.assertGreater(caught, 8, "The net has a hole: own customers were hardly found.")

    def test_no_group_tells(self):
        """R154: grouping shows the values of rows that are not listed."""
        with_partners = {model for model, _name in self.partner_fields()}
        asked = [
            (model, name)
            for model, fields in self.fields.items()
            for name, field in fields.items()
            if field['type'] in TEXTS and field.get('store') and field.get('groupable', True)
            and field.get('relation') in (None, 'res.partner', 'crm.lead', 'sale.order')
            and model in with_partners
        ]  # fmt: skip

        def group(question):
            model, name = question
            context = {'show_address': 1, 'show_email': 1, 'show_vat': 1}
            return self.ask(
                model, 'formatted_read_group', [], [name], ['__count'], limit=200, order=f'{name} desc', context=context
            )

        for question, groups in zip(asked, self.many(group, asked), strict=True):
            with self.subTest(question=question):
                self.assertClean(f'Grouping {question}', groups)

    def test_no_search_by_name_or_through_a_relation_tells(self):
        """R154: neither the names found, nor how many there are (guessing a phone number digit by digit)."""
        words = self.hidden[0].words

        def search(model):
            return self.ask(model, 'name_search', words['contact'], limit=20)

        for model, found in zip(self.fields, self.many(search, self.fields), strict=True):
            with self.subTest(model=model):
                self.assertClean(model, found)
        guesses = [(model, f'{name}.email', words['mail']) for model, name in self.partner_fields()]

        def count(guess):
            model, path, word = guess
            return self.ask(model, 'search_count', [(path, 'ilike', word)])

        for guess, number in zip(guesses, self.many(count, guesses), strict=True):
            with self.subTest(guess=guess):
                self.assertFalse(number)

    def test_no_export_tells(self):
        """R154: export walks from a visible row to the partner."""

        def export(question):
            model, name = question
            ids = self.ask(model, 'search', [], limit=ROWS, order='id desc')
            paths = [f'{name}/{detail}' for detail in ('name', 'phone', 'email', 'street', 'vat')]
            return ids and self.ask(model, 'export_data', ids, paths)

        asked = list(self.partner_fields())
        for question, rows in zip(asked, self.many(export, asked), strict=True):
            with self.subTest(question=question):
                self.assertClean(question, rows)

    def test_no_default_and_no_onchange_tells(self):
        """R157: a form that is given a hidden partner, in the context or as a value, on any model."""
        partner = self.hidden[1].contact
        asked = list(self.partner_fields())

        def fill(question):
            model, name = question
            names = [field for field, about in self.fields[model].items() if about['type'] in TEXTS]
            context = {
                f'default_{name}': partner,
                'active_model': 'res.partner',
                'active_id': partner,
                'active_ids': [partner],
            }
            spec = {field: {} for field in names}
            return [
                self.ask(model, 'default_get', names, context=context),
                self.ask(model, 'onchange', [], {}, [], spec, context=context),
                self.ask(model, 'onchange', [], {name: partner}, [name], spec),
            ]

        for question, answers in zip(asked, self.many(fill, asked), strict=True):
            with self.subTest(question=question):
                self.assertClean(question, answers)

    def test_chatter_and_mentions_tell_nothing(self):
        """R154: the routes of the chatter, on the hidden record and by what is searched for."""
        for planted in self.hidden:
            thread = {'thread_model': 'res.partner', 'thread_id': planted.customer}
            request = {**thread, 'request_list': ['followers', 'attachments', 'suggestedRecipients', 'activities']}
            routes = [
                ('/mail/thread/messages', thread),
                ('/mail/data', {'fetch_params': [['mail.thread', request]]}),
                ('/mail/data', {'fetch_params': ['init_messaging', 'systray_get_activities', 'failures']}),
                ('/mail/thread/recipients', thread),
                ('/mail/inbox/messages', {}),
                ('/mail/history/messages', {}),
                ('/discuss/search', {'term': planted.words['company']}),
                ('/mail/action', {'fetch_params': [['/discuss/create_group', {'partners_to': [planted.contact]}]]}),
            ]
            for route, params in routes:
                with self.subTest(route=route):
                    try:
                        answer = self.seller.post(route, params)
                    except (Refused, OSError) as refusal:
                        answer = str(refusal)
                    self.assertClean(route, answer)
            for word in (planted.words['company'], planted.words['contact'], planted.words['mail']):
                for method, argument in (
                    ('get_mention_suggestions', 'search'),
                    ('search_for_channel_invite', 'search_term'),
                ):
                    self.assertClean(method, self.ask('res.partner', method, **{argument: word}))

    def test_files_and_images_do_not_come(self):
        """R154: by the routes that pages use."""
        for planted in self.hidden:
            for path in (
                f'/web/image/res.partner/{planted.customer}/image_1920',
                f'/web/image/res.partner/{planted.customer}/avatar_128',
                f'/web/image?model=res.partner&id={planted.customer}&field=image_1920',
                f'/web/content/{planted.attachment}',
                f'/web/content/res.partner/{planted.customer}/image_1920',
                f'/mail/view?model=res.partner&res_id={planted.customer}',
            ):
                with self.subTest(path=path):
                    try:
                        _status, _headers, body = self.seller.get(path)
                    except OSError:
                        continue
                    self.assertNotEqual(body, base64.b64decode(PIXEL))
                    self.assertClean(path, body.decode('utf-8', 'replace'))

    def test_a_meeting_shows_none_of_its_hidden_guests(self):
        """R154: every employee sees the meeting, and of the guests those whose customers one sees."""
        spec = {
            'name': {},
            'partner_ids': {'fields': {'display_name': {}}},
            'attendee_ids': {'fields': {'display_name': {}, 'email': {}, 'phone': {}}},
        }
        for planted in self.hidden:
            (event,) = self.seller.call('calendar.event', 'web_read', [planted.event], spec)
            self.assertEqual(event['name'], "Meeting")
            self.assertClean('calendar.event', event)
        (event,) = self.seller.call('calendar.event', 'web_read', [self.mine.event], spec)
        self.assertIn(self.mine.words['contact'], json.dumps(event))
