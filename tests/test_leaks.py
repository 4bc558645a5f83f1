"""Nothing of a customer that a salesperson may not see comes out, whatever is asked of whichever model. (R154, R157)"""

import base64
import json
import re
from concurrent.futures import ThreadPoolExecutor

from tests.client import Refused, ServedCase
from tests.planted import PIXEL, Planted

ROWS = 30  # of each model, the newest first
DETAILS = ('name', 'phone', 'email', 'street', 'vat')
NOWHERE = 'stands nowhere'
THREADS = 3  # a little more than there are web workers in a test
TEXTS = {'char', 'text', 'html', 'many2one', 'many2one_reference', 'reference'}


# What the pool shows of a customer: its name, and what was said of it with what tells how to reach anybody masked.
IN_THE_POOL = {'k20.pool.customer', 'k20.pool.followup'}
FURTHER = {'k20.pool.customer': ['followup_ids.content'], 'k20.pool.followup': ['pool_id.k20_pool_reason']}


class TestLeaks(ServedCase):
    """As sales1: a colleague's customer (sales3) and one in the pool; own ones show that the net catches."""

    @classmethod
    def setUpClass(cls):
        cls.admin, cls.seller = cls.login('admin'), cls.login('sales1')
        cls.colleague = cls.login('sales3')
        cls.mine = Planted(cls.admin, 'Qmine', cls.seller.uid)
        cls.hidden = [Planted(cls.admin, 'Zcolleague', cls.colleague.uid), Planted(cls.admin, 'Xpooled')]
        cls.hidden.append(Planted(cls.admin, 'Yreleased', cls.colleague.uid))
        cls.claimed = Planted(cls.admin, 'Vclaimed')
        for planted in (cls.mine, *cls.hidden, cls.claimed):
            cls.addClassCleanup(planted.clear)
        cls._make_moves()
        cls._make_secrets()
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
    def _make_moves(cls):
        """Requests and decisions on what is hidden: the colleague's, and a claim of the salesperson's own."""
        owned, pooled, released = cls.hidden
        owned.ask(cls.colleague, 'transfer', to_user_id=cls.login('sales4').uid)
        owned.decide('action_k20_reject', owned.words['note'])
        owned.ask(cls.colleague, 'extend', extend_days=5)
        released.ask(cls.colleague, 'release')
        released.decide('action_k20_approve')
        for customer in (pooled, cls.claimed):
            cls.seller.call('k20.pool.customer', 'action_claim', [customer.customer], "I know them")
        pooled.decide('action_k20_reject', "Not yours")

    @classmethod
    def _make_secrets(cls):
        """What must come nowhere; the pool shows names and masked stories, and one's own claims a name."""
        planted = [*cls.hidden, cls.claimed]
        words = {word for customer in planted for word in customer.words.values()}
        claimed = {cls.hidden[1].words['company'], cls.claimed.words['company']}
        shown = {customer.words[word] for customer in planted[1:] for word in ('company', 'story')}
        cls.secret = re.compile('|'.join(words - claimed), re.IGNORECASE)
        cls.secret_in_the_pool = re.compile('|'.join(words - shown), re.IGNORECASE)

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
            if cls.secret_of(model).search(str(refusal)):
                raise AssertionError(f'{model}.{method}: {refusal}') from None
            return None

    @classmethod
    def secret_of(cls, model):
        """Return what must not come out of `model`."""
        return cls.secret_in_the_pool if model in IN_THE_POOL else cls.secret

    def assertClean(self, what, answer, model=None):
        text = json.dumps(answer, ensure_ascii=False, default=str)
        found = self.secret_of(model).search(text)
        if found:
            self.fail(f'{what} tells {found.group()}: …{text[max(0, found.start() - 200) : found.end() + 100]}…')

    def partner_fields(self, types=('many2one',)):
        """Yield model, field of all relations to partners that the salesperson knows of."""
        for model, fields in self.fields.items():
            for name, field in fields.items():
                if field.get('relation') == 'res.partner' and field['type'] in types:
                    yield model, name

    def partner_paths(self):
        """Yield model, path to a partner: each relation to partners, and from K20's models also over another one."""
        x2many = ('many2one', 'one2many', 'many2many')
        direct = list(self.partner_fields(x2many))
        yield from direct
        for model, fields in self.fields.items():
            for name, field in fields.items():
                if model.startswith('k20.') and field['type'] in x2many:
                    yield from ((model, f'{name}.{last}') for comodel, last in direct if comodel == field['relation'])

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
                self.assertClean(model, rows, model)
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
            and (model in with_partners or model.startswith('k20.'))
        ]  # fmt: skip
        asked += [(model, f'{name}.{detail}') for model, name in self.partner_fields() for detail in ('phone', 'email')]

        def group(question):
            model, name = question
            context = {'show_address': 1, 'show_email': 1, 'show_vat': 1}
            return self.ask(
                model, 'formatted_read_group', [], [name], ['__count'], limit=200, order=f'{name} desc', context=context
            )

        for question, groups in zip(asked, self.many(group, asked), strict=True):
            with self.subTest(question=question):
                self.assertClean(f'Grouping {question}', groups, question[0])

    def test_no_search_by_name_or_through_a_relation_tells(self):
        """R154: neither the names found, nor how many there are (guessing a phone number digit by digit)."""
        words = self.hidden[0].words

        def search(model):
            return self.ask(model, 'name_search', words['contact'], limit=20)

        for model, found in zip(self.fields, self.many(search, self.fields), strict=True):
            with self.subTest(model=model):
                self.assertClean(model, found, model)
        guesses = list(self.partner_paths())

        def count(guess):
            model, path = guess
            leaves = [
                (f'{path}.{detail}', 'ilike', planted.words[word])
                for planted in (*self.hidden, self.claimed)
                for detail, word in (('email', 'mail'), ('phone', 'phone'), ('child_ids.email', 'mail'))
            ]
            return self.ask(model, 'search_count', ['|'] * (len(leaves) - 1) + leaves)

        for guess, number in zip(guesses, self.many(count, guesses), strict=True):
            with self.subTest(guess=guess):
                self.assertFalse(number)

    def test_no_export_tells(self):
        """R154: export walks from a visible row to the partner."""

        def export(question):
            model, name = question
            ids = self.ask(model, 'search', [], limit=ROWS, order='id desc')
            paths = [f'{name}/{detail}' for detail in DETAILS] if name != 'display_name' else []
            # Names are read in sudo: after them, the details might stand in the memory already.
            seen = [field for field, about in self.fields[model].items() if about['type'] in TEXTS]
            return ids and [
                self.ask(model, 'export_data', ids, paths or seen),
                self.ask(model, 'export_data', ids, [*seen, *paths]),
            ]

        asked = [*self.partner_fields(), *((model, 'display_name') for model in IN_THE_POOL)]
        for question, rows in zip(asked, self.many(export, asked), strict=True):
            with self.subTest(question=question):
                self.assertClean(question, rows, question[0])

    def test_no_nested_read_tells(self):
        """R154: what a list or form reads through a relation, with names in full."""

        def read(question):
            model, name = question
            context = {'show_address': 1, 'show_email': 1, 'show_vat': 1}
            nested = {detail: {} for detail in DETAILS}
            return [
                self.ask(model, 'web_search_read', [], {name: {'fields': fields}}, limit=ROWS, context=context)
                for fields in ({'display_name': {}}, {**nested, 'child_ids': {'fields': nested}})
            ]

        asked = list(self.partner_fields(('many2one', 'many2many', 'one2many')))
        for question, rows in zip(asked, self.many(read, asked), strict=True):
            with self.subTest(question=question):
                self.assertClean(question, rows)

    def test_the_pool_cannot_be_searched_by_what_it_does_not_show(self):
        """R059, R061: no field of it, and no name, finds a customer by phone, email, contact or messenger id."""
        for planted in (*self.hidden, self.claimed):
            for word in (planted.words[name] for name in ('phone', 'mail', 'contact', 'file', 'vat', 'street', 'note')):
                for model in IN_THE_POOL:
                    found = self.ask(model, 'name_search', word)
                    self.assertEqual(found, self.ask(model, 'name_search', NOWHERE), (model, word))
                    for path in [*self.fields[model], *FURTHER[model]]:
                        self.assertEqual(self.count(model, path, word), self.count(model, path, NOWHERE), (path, word))

    def count(self, model, path, text):
        """Return how many rows are found, or which exception refuses; its sentence may repeat what was asked."""
        try:
            return self.seller.call(model, 'search_count', [(path, 'ilike', text)])
        except Refused as refusal:
            return refusal.kind

    def test_the_pool_shows_what_it_should(self):
        """R061: the other side of the net: names and what was said, with how to reach anybody masked."""
        spec = {'name': {}, 'k20_pool_reason': {}, 'followup_ids': {'fields': {'content': {}}}}
        for planted in (*self.hidden[1:], self.claimed):
            (row,) = self.seller.call('k20.pool.customer', 'web_read', [planted.customer], spec)
            self.assertEqual(row['name'].lower(), planted.words['company'])
            self.assertIn(planted.words['story'], row['followup_ids'][0]['content'])
            self.assertIn('***', row['followup_ids'][0]['content'])
        (row,) = self.seller.call('k20.pool.customer', 'web_read', [self.hidden[2].customer], spec)
        self.assertIn('***', row['k20_pool_reason'])

    def test_no_template_tells(self):
        """R157: a mail on one's own claim is rendered with the rights of who writes it."""
        ids = self.ask('k20.customer.assignment', 'search', [('partner_id', '=', self.claimed.customer)])
        self.assertTrue(ids)
        reach = '{{ object.display_name }} {{ object.partner_id.phone }} {{ object.partner_id.child_ids.email }}'
        body = '<p><t t-out="object.display_name"/> <t t-out="object.partner_id.phone"/></p>'
        model = {'model': 'k20.customer.assignment', 'subject': reach, 'composition_mode': 'mass_mail'}
        composer = self.ask('mail.compose.message', 'create', [{**model, 'res_ids': str(ids), 'body': body}])
        if composer:
            self.assertClean("Composer", self.ask('mail.compose.message', 'read', composer))
            self.assertClean("Sending", self.ask('mail.compose.message', 'action_send_mail', composer))
        model_ids = self.admin.call('ir.model', 'search', [('model', '=', 'k20.customer.assignment')])
        template = {'name': "x", 'model_id': model_ids[0], 'subject': reach, 'body_html': body}
        template = self.ask('mail.template', 'create', [template])
        if template:
            self.addCleanup(self.admin.call, 'mail.template', 'unlink', template)
            reference = f'k20.customer.assignment,{ids[0]}'
            values = {'mail_template_id': template[0], 'resource_ref': reference}
            preview = self.ask('mail.template.preview', 'create', [values])
            self.assertClean("Preview", preview and self.ask('mail.template.preview', 'read', preview))
            values = {'model': 'k20.customer.assignment', 'res_ids': str(ids), 'template_id': template[0]}
            composer = self.ask('mail.compose.message', 'create', [values])
            self.assertClean("Template", composer and self.ask('mail.compose.message', 'read', composer))
        messages = self.ask('mail.message', 'search_read', [('model', '=', 'k20.customer.assignment')])
        self.assertClean("Messages", messages)

    def test_no_default_and_no_onchange_tells(self):
        """R157: a form that is given a hidden partner, in the context or as a value, on any model."""
        partner = self.hidden[1].contact
        asked = list(self.partner_fields(('many2one', 'many2many', 'one2many')))

        def fill(question):
            model, name = question
            value = partner if self.fields[model][name]['type'] == 'many2one' else [[6, 0, [partner]]]
            names = [field for field, about in self.fields[model].items() if about['type'] in TEXTS]
            context = {
                f'default_{name}': value,
                'active_model': 'res.partner',
                'active_id': partner,
                'active_ids': [partner],
            }
            spec = {field: {} for field in names}
            return [
                self.ask(model, 'default_get', names, context=context),
                self.ask(model, 'onchange', [], {}, [], spec, context=context),
                self.ask(model, 'onchange', [], {name: value}, [name], spec),
            ]

        for question, answers in zip(asked, self.many(fill, asked), strict=True):
            with self.subTest(question=question):
                self.assertClean(question, answers)

    def test_chatter_and_mentions_tell_nothing(self):
        """R154: the routes of the chatter, on the hidden record, its requests, and by what is searched for."""
        planted_ids = [planted.customer for planted in (*self.hidden, self.claimed)]
        asked = self.admin.call('k20.customer.assignment', 'search', [('partner_id', 'in', planted_ids)])
        threads = [('k20.customer.assignment', request) for request in asked]
        threads += [('k20.pool.customer', customer) for customer in planted_ids]
        threads += [('res.partner', customer) for customer in planted_ids]
        for model, record in threads:
            thread = {'thread_model': model, 'thread_id': record}
            request = {**thread, 'request_list': ['followers', 'attachments', 'suggestedRecipients', 'activities']}
            routes = [
                ('/mail/thread/messages', thread),
                ('/mail/data', {'fetch_params': [['mail.thread', request]]}),
                ('/mail/data', {'fetch_params': ['init_messaging', 'systray_get_activities', 'failures']}),
                ('/mail/thread/recipients', thread),
                ('/mail/inbox/messages', {}),
                ('/mail/history/messages', {}),
            ]
            self.assertRoutesClean(routes)
        for planted in (*self.hidden, self.claimed):
            group = ['/discuss/create_group', {'partners_to': [planted.contact]}]
            terms = (planted.words['company'], planted.words['phone'], planted.words['mail'])
            routes = [('/discuss/search', {'term': term}) for term in terms]
            self.assertRoutesClean([*routes, ('/mail/action', {'fetch_params': [group]})])
            for word in (planted.words['company'], planted.words['contact'], planted.words['mail']):
                for method, argument in (
                    ('get_mention_suggestions', 'search'),
                    ('search_for_channel_invite', 'search_term'),
                ):
                    self.assertClean(method, self.ask('res.partner', method, **{argument: word}))

    def assertRoutesClean(self, routes):
        for route, params in routes:
            with self.subTest(route=route, params=params):
                try:
                    answer = self.seller.post(route, params)
                except (Refused, OSError) as refusal:
                    answer = str(refusal)
                self.assertClean(route, answer)

    def test_files_and_images_do_not_come(self):
        """R154: by the routes that pages use."""
        for planted in (*self.hidden, self.claimed):
            for path in (
                f'/web/image/k20.pool.customer/{planted.customer}/image_1920',
                f'/web/image/k20.pool.customer/{planted.customer}/avatar_128',
                f'/mail/view?model=k20.pool.customer&res_id={planted.customer}',
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
