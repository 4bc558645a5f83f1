from odoo import models

from odoo.addons.mail.tools.discuss import Store

ADDRESSES = ('email_from', 'reply_to')


class MailMessage(models.Model):
    """A message on a visible record may come from somebody hidden: then its addresses stay away. (R157)"""

    _inherit = 'mail.message'

    def _fetch_query(self, query, fields):
        addresses = [field for field in fields if field.name in ADDRESSES]
        if self.env.su or not addresses or self.env.user._k20_reads_all_customers():
            return super()._fetch_query(query, fields)
        messages = super()._fetch_query(query, {*fields, self._fields['author_id']})
        hidden_authors = messages.sudo().author_id._k20_hidden()
        for message in messages.filtered(lambda message: message.sudo().author_id in hidden_authors):
            for field in addresses:
                field._update_cache(message, field.convert_to_cache(False, message))
        return messages

    def _to_store_defaults(self, target):
        def shown(message):
            return email_from.predicate(message) and not message.sudo().author_id._k20_hidden()

        fields = super()._to_store_defaults(target)
        email_from = next(
            field for field in fields if isinstance(field, Store.Attr) and field.field_name == 'email_from'
        )
        fields[fields.index(email_from)] = Store.Attr('email_from', predicate=shown)
        return fields
