import base64
import doctest
import json
from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.http import root
from odoo.tests import tagged

from ..models import base
from .common import K20HttpCase, RpcError

PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='


@tagged('post_install', '-at_install', 'k20_thorough')
class TestDoors(K20HttpCase):
    """The ways round the record rule on partners, each tried by a salesperson over HTTP. (R157)

    `SECRETS` are what must not come out of a customer of `sales3` and its contact; a bare name may where said so.
    """

    NAME, CONTACT = "苏州听涛阁", "顾惜朝"
    SECRETS = ('gu@hidden.example', '13911112222', 'Hidden Road 1', '91320500MA1HIDDEN1', CONTACT)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        details = {'phone': '13911112222', 'email': 'gu@hidden.example', 'street': 'Hidden Road 1'}
        cls.mine = cls.make_customer(owner=cls.sales1, name="昆山明月楼", phone='13700001111')
        cls.my_contact = cls.make_contact(cls.mine, name="方应看", email='fang@mine.example')
        cls.hidden = cls.make_customer(owner=cls.sales3, name=cls.NAME, vat='91320500MA1HIDDEN1', **details)
        cls.contact = cls.make_contact(cls.hidden, name=cls.CONTACT, **details)
        cls.hidden.image_1920 = PIXEL

    def setUp(self):
        super().setUp()
        self.login(self.sales1)
        self.session.debug = '1'  # Odoo's errors tell more then
        root.session_store.save(self.session)

    def assertClean(self, result, *also):
        text = json.dumps(result, ensure_ascii=False, default=str)
        for secret in (*self.SECRETS, *also):
            self.assertNotIn(secret, text)

    def refuse(self, model, method, *args, **kwargs):
        """Expect an AccessError that names nothing of the hidden customer."""
        self.assertClean(self.assertCallRefused(model, method, *args, **kwargs), self.NAME)

    # The partner itself

    def test_no_read_in_any_way(self):
        """R154: read, search, count, group, export, search by name; the message names nothing."""
        ids = (self.hidden + self.contact).ids
        for method, args, kwargs in (
            ('read', (ids, ['name']), {}),
            ('web_read', (ids,), {'specification': {'phone': {}}}),
            ('export_data', (ids, ['name', 'phone']), {}),
            ('write', (ids, {'comment': 'x'}), {}),
            ('copy', (ids,), {}),
            ('unlink', (ids,), {}),
            ('message_post', (ids[:1],), {'body': 'x'}),
            ('action_archive', (ids,), {}),
            ('onchange', (ids[:1], {'name': 'x'}, ['name'], {'phone': {}, 'child_ids': {}}), {}),
        ):
            self.refuse('res.partner', method, *args, **kwargs)
        self.assertClean(self.call('res.partner', 'name_search', self.NAME[:3]), self.NAME)
        for domain in ([('id', 'in', ids)], [('phone', '=', '13911112222')], [('parent_id.email', 'like', 'hidden')]):
            self.assertEqual(self.call('res.partner', 'search_count', domain), 0)
            self.assertFalse(self.call('res.partner', 'web_search_read', domain, {'name': {}})['records'])
            self.assertFalse(self.call('res.partner', 'formatted_read_group', domain, ['name'], ['__count']))

    # Names

    def test_a_name_brings_no_address_email_or_tax_number(self):
        """R157: where a visible record names a hidden partner, the client may not ask for more within the name."""
        message = self.mine.message_post(body="Hello", author_id=self.contact.id)
        values = {'author_id': {'fields': {'display_name': {}}}}
        for key in ('show_address', 'show_email', 'show_vat'):
            for extra in ({}, {'formatted_display_name': True}):
                context = {'context': {key: True, **extra}}
                read = self.call('mail.message', 'read', message.ids, ['author_id'], **context)
                web_read = self.call('mail.message', 'web_read', message.ids, specification=values, **context)
                self.assertTrue(read[0]['author_id'])
                self.assertNotIn('hidden.example', json.dumps([read, web_read]))
                self.assertNotIn('Hidden Road', json.dumps([read, web_read]))
                self.assertNotIn('HIDDEN1', json.dumps([read, web_read]))
        seen = self.call('res.partner', 'read', self.my_contact.ids, ['display_name'], context={'show_email': True})
        self.assertIn('fang@mine.example', seen[0]['display_name'])

    def test_the_same_tax_number_names_no_hidden_customer(self):
        """R157: nor the same registry number: Odoo looks for both among all partners and shows whose it is."""
        self.hidden.company_registry = 'R1'
        for name, found_by in (('vat', 'same_vat'), ('company_registry', 'same_company_registry')):
            spec = {f'{found_by}_partner_id': {'fields': {'display_name': {}}}}
            values = {'name': "x", name: self.hidden[name], 'parent_id': False, 'company_id': self.env.company.id}
            found = self.call('res.partner', 'onchange', [], values, [name], spec)['value']
            self.assertClean(found, self.NAME)

    # Naming it in another record

    def test_who_cannot_read_a_customer_cannot_name_it(self):
        """R157: Odoo copies details of whichever partner a record is given; so create, write and copy ask first."""
        event = (
            self.env['calendar.event']
            .with_user(self.sales1)
            .create({'name': "Visit", 'start': '2026-03-02 01:00:00', 'stop': '2026-03-02 02:00:00'})
        )
        self.sales1.group_ids += self.env.ref('k20_base.group_k20_import')
        for partner in (self.hidden.id, self.contact.id):
            meeting = {'name': "Visit", 'start': '2026-03-02 01:00:00', 'stop': '2026-03-02 02:00:00'}
            self.refuse('calendar.event', 'create', [{**meeting, 'partner_ids': [[6, 0, [partner]]]}])
            self.refuse('calendar.event', 'write', event.ids, {'partner_ids': [[4, partner]]})
            self.refuse('calendar.event', 'create', [meeting], context={'default_partner_ids': [partner]})
            self.refuse('calendar.attendee', 'create', [{'event_id': event.id, 'partner_id': partner}])
            self.refuse('res.partner.bank', 'create', [{'acc_number': '6222', 'partner_id': partner}])
            # PostgreSQL takes all of these for the number.
            for value in (partner, str(partner), f' +{partner}', f'00{partner}', hex(partner), float(partner)):
                self.refuse('crm.lead', 'create', [{'name': "x", 'partner_id': value}])
            self.refuse('k20.customer.move', 'create', [{'partner_ids': [[4, partner]], 'reason': "x"}])
            self.refuse('res.partner', 'create', [{'name': "x", 'parent_id': partner}])
            self.refuse('res.partner', 'create', [{'name': "x"}], context={'default_parent_id': partner})
            self.refuse('res.partner', 'write', self.my_contact.ids, {'parent_id': partner})
            self.refuse('res.partner', 'copy', self.my_contact.ids, {'parent_id': partner})
            for command in ([4, partner], [1, partner, {'phone': '1'}], [6, 0, [partner]], [2, partner], [3, partner]):
                self.refuse('res.partner', 'write', self.mine.ids, {'child_ids': [command]})
            self.refuse('res.partner', 'web_save', self.my_contact.ids, {'parent_id': partner}, {'name': {}})
            loaded = self.call('res.partner', 'load', ['name', 'parent_id/.id'], [["x", str(partner)]])
            self.assertFalse(loaded['ids'])
            self.assertClean(loaded, self.NAME)

    def test_examples_of_ids(self):
        """R157: the examples in the reference guard hold."""
        result = doctest.testmod(base)
        self.assertEqual((result.attempted, result.failed), (1, 0))

    def test_defaults_and_onchange_tell_nothing(self):
        """R157: nothing is saved, and Odoo would answer with the details all the same."""
        for partner in (self.hidden.id, self.contact.id):
            context = {'context': {'default_parent_id': partner, 'default_partner_id': partner}}
            self.refuse('res.partner', 'default_get', ['parent_id', 'street'], **context)
            self.refuse('res.partner.bank', 'default_get', ['partner_id'], **context)
            self.refuse('res.partner', 'onchange', [], {'parent_id': partner}, ['parent_id'], {'street': {}})
            self.refuse('res.partner', 'onchange', [], {}, [], {'parent_id': {}, 'street': {}}, **context)
            nested = {'child_ids': [[0, 0, {'parent_id': partner}]]}
            self.refuse('res.partner', 'onchange', [], nested, ['child_ids'], {'child_ids': {}})
            inner = {'parent_id': {'id': False, 'parent_id': partner}}
            self.refuse('res.partner', 'onchange', [], inner, ['parent_id'], {'parent_id': {}, 'vat': {}})
            named = {'partner_id': {'id': partner, 'display_name': "x"}}
            self.refuse('res.partner.bank', 'onchange', [], named, ['partner_id'], {'acc_holder_name': {}})
            values = {'partner_ids': [[4, partner]]}
            spec = {'attendee_ids': {'fields': {'phone': {}}}}
            self.refuse('calendar.event', 'onchange', [], values, ['partner_ids'], spec)

    # Chatter

    def test_a_hidden_partner_is_neither_subscribed_nor_written_to(self):
        """R157: followers and recipients come back with name and email."""
        mine = self.mine.ids
        message = self.mine.with_user(self.sales1).message_post(body="Mine", message_type='comment')
        for partner in (self.hidden.id, self.contact.id):
            self.refuse('res.partner', 'message_subscribe', mine, [partner])
            self.refuse('res.partner', 'message_post', mine, body="x", partner_ids=[partner])
            self.refuse('res.partner', 'message_notify', mine, body="x", partner_ids=[partner])
            composer = {'model': 'res.partner', 'res_ids': str(mine), 'partner_ids': [[6, 0, [partner]]]}
            self.refuse('mail.compose.message', 'create', [composer])
            wizard = {'res_model': 'res.partner', 'res_ids': str(mine), 'partner_ids': [[6, 0, [partner]]]}
            self.refuse('mail.followers.edit', 'create', [wizard])
            values = {'model': 'res.partner', 'res_id': mine[0], 'body': "x", 'partner_ids': [[4, partner]]}
            self.refuse('mail.message', 'create', [values])
            for route, params in (
                ('/mail/thread/subscribe', {'res_model': 'res.partner', 'res_id': mine[0], 'partner_ids': [partner]}),
            ):
                with self.assertRaises(RpcError, msg=route) as caught:
                    self.post(route, **params)
                self.assertClean(str(caught.exception), self.NAME)
            # The client's own route leaves out who may not be read.
            content = {'body': "x", 'partner_ids': [partner]}
            self.post('/mail/message/post', thread_model='res.partner', thread_id=mine[0], post_data=content)
            self.post('/mail/message/update_content', message_id=message.id, update_data=content)
        self.assertFalse(self.mine.message_ids.partner_ids & (self.hidden + self.contact))
        self.call('res.partner', 'message_post', mine, body="Own contact", partner_ids=self.my_contact.ids)
        self.call('res.partner', 'message_subscribe', mine, self.my_contact.ids)

    def test_another_companys_partner_is_neither_subscribed_nor_written_to(self):
        """R157: also by who sees all customers, in the companies switched on."""
        to = self.make_customer(company_id=self.other_company.id).ids
        customer = self.mine.with_user(self.finance)
        message = customer.message_post(body="Mine", message_type='comment')
        for act in (
            lambda: customer.message_subscribe(to),
            lambda: customer.message_post(body="x", partner_ids=to),
            lambda: customer.message_notify(body="x", partner_ids=to),
            lambda: customer._message_update_content(message, body="x", partner_ids=to),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_followers_and_the_chatters_data_show_nothing_of_a_hidden_partner(self):
        """R157: also where it came in while it was still visible."""
        self.mine.message_subscribe((self.contact + self.my_contact).ids)
        message = self.mine.message_post(body="Hello", author_id=self.contact.id, partner_ids=self.hidden.ids)
        followers = self.call('mail.followers', 'search_read', [('res_model', '=', 'res.partner')], ['name', 'email'])
        self.assertClean(followers, self.NAME)
        self.assertIn('fang@mine.example', json.dumps(followers))
        notifications = self.call('mail.notification', 'search_read', [('mail_message_id', '=', message.id)])
        self.assertClean(notifications, self.NAME)
        self.hidden.message_notify(partner_ids=self.sales3.partner_id.ids, subject=self.NAME, body="Assigned")
        self.assertClean(self.call('mail.notification', 'search_read', []), self.NAME)
        thread = {'thread_model': 'res.partner', 'thread_id': self.mine.id}
        data = [
            self.post('/mail/thread/messages', **thread),
            self.post('/mail/data', fetch_params=[['mail.thread', {**thread, 'request_list': ['followers']}]]),
            self.post('/mail/thread/recipients', **thread),
            self.call('res.partner', 'message_get_followers', self.mine.ids),
        ]
        text = json.dumps(data, ensure_ascii=False)
        self.assertIn("Hello", text)
        for secret in ('gu@hidden.example', '13911112222', 'Hidden Road'):
            self.assertNotIn(secret, text)
        fields = ['email_from', 'reply_to', 'body']
        rows = self.call('mail.message', 'search_read', [('id', 'in', message.ids)], fields)
        self.assertIn("Hello", str(rows))
        self.assertNotIn('hidden.example', str(rows))

    def test_no_program_hides_in_a_mail(self):
        """R157: a template is a program, and one that Odoo lets every employee write may read in sudo."""
        code = '<t t-out="object.env[\'res.partner\'].sudo().search([]).mapped(\'email\')"/>'
        template = {'name': "x", 'model_id': self.env['ir.model']._get_id('res.partner'), 'body_html': code}
        self.refuse('mail.template', 'create', [template])
        composer = {
            'model': 'res.partner',
            'res_ids': str(self.mine.ids),
            'body': code,
            'composition_mode': 'mass_mail',
        }
        ids = self.call('mail.compose.message', 'create', [composer])
        with suppress(RpcError):
            self.call('mail.compose.message', 'action_send_mail', ids)
        self.assertClean(self.mine.message_ids.mapped('body'))
        self.assertClean(self.env['mail.mail'].search([]).mapped('body_html'))

    def test_mentions_and_invitations_find_no_hidden_partner(self):
        """R157: by name, email or id; a chat or group cannot be opened with one either."""
        channel = self.env['discuss.channel'].with_user(self.sales1)._create_channel(name="Team", group_id=None)
        for text in (self.NAME[:3], self.CONTACT, 'hidden.example'):
            for method, kwargs in (
                ('get_mention_suggestions', {'search': text}),
                ('search_for_channel_invite', {'search_term': text, 'channel_id': channel.id}),
                ('get_mention_suggestions_from_channel', {'search': text, 'channel_id': channel.id}),
            ):
                self.assertClean(self.call('res.partner', method, **kwargs), self.NAME)
        self.refuse('discuss.channel', 'add_members', channel.ids, partner_ids=self.contact.ids)
        for name in ('/discuss/get_or_create_chat', '/discuss/create_group'):
            try:
                result = self.post('/mail/action', fetch_params=[[name, {'partners_to': self.contact.ids}]])
            except RpcError as error:
                result = str(error)
            self.assertClean(result, self.NAME)

    # Calendar, bank accounts, users, activities, files

    def test_attendees_are_seen_with_their_customer(self):
        """R157: Odoo shows every attendee's phone and email to every employee."""
        event = self.env['calendar.event'].create(
            {
                'name': "Meeting",
                'start': '2026-03-02 01:00:00',
                'stop': '2026-03-02 02:00:00',
                'user_id': self.sales1.id,
                'partner_ids': [Command.set((self.contact + self.my_contact + self.sales1.partner_id).ids)],
            }
        )
        attendees = self.call('calendar.attendee', 'search_read', [('event_id', '=', event.id)])
        self.assertClean(attendees)
        self.assertIn('fang@mine.example', json.dumps(attendees))
        spec = {
            'name': {},
            'description': {},
            'partner_ids': {'fields': {'display_name': {}}},
            'attendee_ids': {'fields': {'phone': {}}},
        }
        self.assertClean(self.call('calendar.event', 'web_read', event.ids, specification=spec))
        self.call('calendar.event', 'write', event.ids, {'name': "Moved"})

    def test_bank_accounts_are_seen_with_their_customer(self):
        """R157: Odoo shows all of them to every employee."""
        Bank = self.env['res.partner.bank']
        Bank.create({'acc_number': '622848001', 'partner_id': self.hidden.id})
        Bank.create({'acc_number': '622848002', 'partner_id': self.mine.id})
        numbers = [bank['acc_number'] for bank in self.call('res.partner.bank', 'search_read', [], ['acc_number'])]
        self.assertIn('622848002', numbers)
        self.assertNotIn('622848001', numbers)

    def test_a_customers_portal_user_is_seen_with_its_customer(self):
        """R157: its login is the contact's email."""
        self.env['res.users'].create(
            {
                'login': 'gu@hidden.example',
                'partner_id': self.contact.id,
                'group_ids': [Command.set([self.env.ref('base.group_portal').id])],
            }
        )
        self.assertClean(self.call('res.users', 'search_read', [], ['login', 'name']))

    def test_an_activity_goes_to_who_may_read_its_record(self):
        """R157: the assignee would see the customer's name in the list."""
        with self.assertRefused("choose somebody", ValidationError):
            self.mine.with_user(self.sales1).activity_schedule('mail.mail_activity_data_todo', user_id=self.sales3.id)
        activity = self.mine.activity_schedule('mail.mail_activity_data_todo', user_id=self.sales1.id)
        with self.assertRefused("choose somebody", ValidationError):
            activity.user_id = self.sales3
        activity.user_id = self.manager
        self.hidden.activity_schedule('mail.mail_activity_data_todo', user_id=self.sales3.id)
        self.assertClean(self.call('mail.activity', 'search_read', [], ['res_name', 'summary']), self.NAME)

    def test_files_and_images_are_seen_with_their_customer(self):
        """R157: attachments by search, by id and by the image routes."""
        attachment = self.env['ir.attachment'].create(
            {'name': "contract", 'raw': b'gu@hidden.example', 'res_model': 'res.partner', 'res_id': self.hidden.id}
        )
        self.assertFalse(
            self.call('ir.attachment', 'search', [('res_model', '=', 'res.partner'), ('id', '=', attachment.id)])
        )
        self.refuse('ir.attachment', 'read', attachment.ids, ['name', 'datas'])
        content = self.url_open(f'/web/content/{attachment.id}')
        self.assertNotIn('hidden.example', content.text)
        for name in ('image_1920', 'image_128', 'avatar_1920', 'avatar_128'):
            image = self.url_open(f'/web/image/res.partner/{self.hidden.id}/{name}')
            self.assertNotEqual(base64.b64encode(image.content).decode(), PIXEL, name)

    # What others do for the user

    def test_no_customer_comes_up_by_itself(self):
        """R157: an unknown sender or a quick contact is a partner without a kind, in nobody's pool."""
        partner = self.env['res.partner'].with_user(self.sales1).find_or_create('New One <new@one.example>')
        self.assertFalse(partner.k20_is_customer)
        partner_id, _name = self.env['res.partner'].with_user(self.sales1).name_create('Other <other@one.example>')
        self.assertFalse(self.env['res.partner'].browse(partner_id).k20_is_customer)
