from odoo import Command, api, models
from odoo.tools import plaintext2html


class MailThread(models.AbstractModel):
    """Whom one writes to, or has follow a record, are partners one may read: the chatter shows them. (R157)"""

    _inherit = 'mail.thread'

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        if self.env.context.get('k20_unfollowed'):  # an activity of K20's that makes nobody a follower
            return True
        self._k20_check_recipients(partner_ids)
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def message_post(self, *, partner_ids=None, **kwargs):
        self._k20_check_recipients(partner_ids)
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        self._k20_check_recipients(partner_ids)
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    def _message_update_content(self, message, /, *, partner_ids=None, **kwargs):
        self._k20_check_recipients(partner_ids)
        return super()._message_update_content(message, partner_ids=partner_ids, **kwargs)

    @api.model
    def _k20_tell(self, notices):
        """Put news into people's inboxes, many in a few statements; who prefers mail is mailed by Odoo's own job.

        Odoo's own way asks a dozen questions about mail servers, aliases and layouts for each of them first.

        :param notices: list of tuples (user, record that the user may read, subject, body as text)
        """
        in_app = [notice for notice in notices if notice[0].notification_type == 'inbox']
        self.env['mail.message'].sudo().create([self._k20_prepare_notice(*notice) for notice in in_app])
        for user, record, subject, body in notices:
            if user.notification_type != 'inbox':
                record.sudo().message_notify(
                    partner_ids=user.partner_id.ids, subject=subject, body=body, force_send=False
                )

    @api.model
    def _k20_prepare_notice(self, user, record, subject, body):
        author, sender = self._message_compute_author()
        reader = user.partner_id.id
        notification = {'res_partner_id': reader, 'notification_type': 'inbox', 'notification_status': 'sent'}
        return {
            'message_type': 'user_notification',
            'subtype_id': self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note'),  # no query for each
            'model': record._name,
            'res_id': record.id,
            'is_internal': True,
            'author_id': author,
            'email_from': sender,
            'reply_to': sender,
            'subject': subject,
            'body': plaintext2html(body),
            'partner_ids': [Command.link(reader)],
            'notification_ids': [Command.create({**notification, 'author_id': author})],
        }

    def _k20_check_recipients(self, partner_ids):
        """AccessError where one of `partner_ids` is hidden from the acting user."""
        if partner_ids and not self.env.su:
            self.env['res.partner'].browse(partner_ids).check_access('read')
