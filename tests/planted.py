"""Customers whose every detail is a word that stands nowhere else: whoever meets one has found a leak."""

import secrets

from tests.client import Refused

PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='


class Planted:
    """A customer whose every detail is a word that stands nowhere else, with what hangs on it."""

    def __init__(self, admin, mark, owner=None):
        mark += secrets.token_hex(3)
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
        reach = f'{words["contact"]}, {words["phone"]}, {words["mail"]}@contact.example, 微信 {words["file"]}'
        story = f'{words["story"]}: {reach}'
        self.make('k20.followup', {'partner_id': customer, 'content': story, 'next_plan': words['note']})
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

    def ask(self, owner, kind, **values):
        """Have `owner` ask for a move of the customer, for a reason that tells how to reach it."""
        words = self.words
        reason = f'{words["contact"]} {words["phone"]} {words["mail"]}@company.example'
        values = {'kind': kind, 'partner_ids': [[6, 0, [self.customer]]], 'reason': reason, **values}
        dialog = owner.call('k20.customer.move', 'create', [values])
        owner.call('k20.customer.move', 'action_apply', dialog)

    def decide(self, method, *args):
        """Have the administrator decide on what was asked for."""
        asked = [('partner_id', '=', self.customer), ('k20_approval_state', '=', 'submitted')]
        ids = self.admin.call('k20.customer.assignment', 'search', asked)
        self.admin.call('k20.customer.assignment', method, ids, *args)

    def make(self, model, values):
        (record_id,) = self.admin.call(model, 'create', [values])
        self.made.append((model, record_id))
        return record_id

    def clear(self):
        """Take it all away again, as far as it may be: other tests count customers. What has moved stays, archived."""
        for model, record_id in reversed(self.made):
            if model != 'product.product':
                try:
                    self.admin.call(model, 'unlink', [record_id])
                except Refused:
                    self.admin.call(model, 'write', [record_id], {'active': False})
