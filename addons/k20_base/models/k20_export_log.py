import contextvars
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError

# What the route knows of the export under way and `export_data` does not: (format, domain). No client reaches it.
_ROUTE = contextvars.ContextVar('k20_export_route', default=None)


@contextmanager
def exporting(file_format, domain=None, ids=None):
    """Tell the log inside the block in which format a route exports, and which records were asked for."""
    token = _ROUTE.set((file_format, [('id', 'in', ids)] if ids else domain))
    try:
        yield
    finally:
        _ROUTE.reset(token)


def writes(controller, rule, args):
    """Routing value `readonly` of routes that Odoo declares read-only: the log is written in them."""
    return False


class K20ExportLog(models.Model):
    """Who took what out of the house: one row per export; nobody, the administrator included, changes one. (R039)"""

    _name = 'k20.export.log'
    _description = "Export"
    _order = 'date desc, id desc'
    _rec_name = 'model_name'

    MAX_DOMAIN = 2000  # characters kept of a filter; ten thousand ticked rows make a long one

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one('res.users', "Person", required=True, readonly=True, ondelete='restrict', index=True)
    model = fields.Char("Technical Name", required=True, readonly=True)
    model_name = fields.Char("What", compute='_compute_model_name')
    domain = fields.Char("Filter", readonly=True)
    field_names = fields.Char("Fields", readonly=True)
    row_count = fields.Integer("Rows", readonly=True, aggregator='sum')
    format = fields.Selection(
        [
            ('xlsx', "XLSX"),
            ('csv', "CSV"),
            ('pivot', "Pivot table"),
            ('vcard', "Contact card"),
            ('json', "JSON page"),
            ('rpc', "Program"),
        ],
        required=True,
        readonly=True,
    )

    @api.depends_context('lang')
    @api.depends('model')
    def _compute_model_name(self):
        for entry in self:
            entry.model_name = self.env['ir.model']._get(entry.model).name or entry.model

    @api.model
    def _check_may_export(self):
        """AccessError without the export function; an administrator needs the tick as everybody else. (R155)"""
        if not (self.env.su or self.env.user.has_group('base.group_allow_export')):
            raise AccessError(self.env._("You may not export: ask the administrator for the function."))

    @api.model
    def _record(self, model, row_count, file_format=None, domain=None, fields=()):
        """Add the entry of an export that has succeeded.

        :param file_format: key of `format`; by default what the route under way says, else `rpc`
        """
        route_format, route_domain = _ROUTE.get() or ('rpc', None)
        domain = domain or route_domain
        # Nobody may write the log: sudo for this row only.
        self.sudo().create(
            {
                'user_id': self.env.uid,
                'model': model,
                'row_count': row_count,
                'format': file_format or route_format,
                'domain': str(domain)[: self.MAX_DOMAIN] if domain else False,
                'field_names': ', '.join(map(str, fields)),
            }
        )
