from odoo import models


class MailThread(models.AbstractModel):
    """Whom one writes to, or has follow a record, are partners one may read: the chatter shows them. (R157)"""

    _inherit = 'mail.thread'

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
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

    def _k20_check_recipients(self, partner_ids):
        """AccessError where one of `partner_ids` is hidden from the acting user."""
        if partner_ids and not self.env.su:
            self.env['res.partner'].browse(partner_ids).check_access('read')
