import base64
import mimetypes
from urllib.parse import parse_qsl, urlsplit

from reportlab.graphics.utils import RenderPMError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.tools import file_open
from odoo.tools.image import image_process
from odoo.tools.mimetypes import guess_mimetype

# What Odoo raises for an address that leads nowhere, or not this user; the last where no program draws barcodes.
REFUSALS = (
    UserError, HTTPException, RequestRedirect, OSError, LookupError, ValueError, TypeError, AttributeError,
    RenderPMError,
)  # fmt: skip


class IrBinary(models.AbstractModel):
    """The pictures and styles of a printed page, which may ask no server for them. (DESIGN §10 "Printing")"""

    _inherit = 'ir.binary'

    def _k20_content_at(self, url):
        """Return what the web client would get at an address of this server.

        :param str url: from the first slash on
        :return: (bytes, type), or None for what is not there, or not for this user
        """
        parts = urlsplit(url)
        # The portal prints as superuser: a picture that somebody linked to in a text is still theirs alone to see.
        system = self.env.uid == SUPERUSER_ID
        viewed = self.with_user(self.env.ref('base.public_user')) if system else self.sudo(False)
        try:
            found = self._k20_static(parts.path) or self._k20_bundle(parts.path)
            return found or viewed._k20_dynamic(parts.path, dict(parse_qsl(parts.query)))
        except REFUSALS:
            return None

    def _k20_static(self, path):
        """Return a file of an addon's static folder."""
        pieces = [piece for piece in path.split('/') if piece not in ('', '.')]
        if len(pieces) < 3 or pieces[1] != 'static' or '..' in pieces:
            return None
        with file_open('/'.join(pieces), 'rb') as file:
            return file.read(), mimetypes.guess_type(path)[0] or 'application/octet-stream'

    def _k20_bundle(self, path):
        """Return a bundle of styles, which is made on its first use, as by the controller that serves it."""
        if not path.startswith('/web/assets/') or not path.endswith('.css'):
            return None
        domain = [('url', '=', path), ('public', '=', True), ('create_uid', '=', SUPERUSER_ID)]
        attachment = self.env['ir.attachment'].sudo().search(domain, limit=1)
        if not attachment:
            name, rtl, _kind, autoprefix = self.env['ir.asset']._parse_bundle_name(path.rpartition('/')[2], False)
            bundle = self.env['ir.qweb']._get_asset_bundle(name, css=True, js=False, rtl=rtl, autoprefix=autoprefix)
            attachment = bundle.css().sudo()
        return attachment.raw, attachment.mimetype

    def _k20_dynamic(self, path, query):
        """Return a picture that Odoo makes or keeps, checked as its controllers check it."""
        rule, args = self.env['ir.http'].routing_map().bind('localhost').match(path, return_rule=True)
        args = {**query, **args}
        kind = rule.rule.split('/')[1:3]
        if kind == ['report', 'barcode']:
            code = self.env['ir.actions.report'].barcode(args.pop('barcode_type'), args.pop('value'), **args)
            return code, 'image/png'
        if kind not in (['web', 'image'], ['web', 'content']):
            raise NotFound
        field = args.get('field', 'raw')
        number = int(args['id']) if args.get('id') else None
        record = self._find_record(
            args.get('xmlid'), args.get('model', 'ir.attachment'), number, args.get('access_token'), field=field
        )
        return self._k20_picture(record, field, int(args.get('width') or 0), int(args.get('height') or 0))

    def _k20_picture(self, record, field, width, height):
        """Return the content of a binary field, as large as it is asked for."""
        value = record.with_context(bin_size=False)[field]
        if not value or record._fields[field].type != 'binary':
            raise NotFound
        content = value if field == 'raw' else base64.b64decode(value)
        if width or height:
            content = image_process(content, size=(width, height))
        return content, guess_mimetype(content)
