import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_import_columns import CustomerColumns

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20000
HEADER_WITHIN = 10  # rows in which the header is looked for, below a title


class K20CustomerImport(models.TransientModel):
    """Import customers from a file: try it, take all or nothing, or take the good rows. (R155, R179)

    In each mode rows read = good rows + refused rows, each refused one with its number and reason. The rules are those
    of the model: this page only reads the file and words what does not fit.
    """

    _name = 'k20.customer.import'
    _description = "Import of Customers"

    kind = fields.Selection(
        [('channel', "Channel customers"), ('end', "End customers")], "What", required=True, default='channel'
    )
    mode = fields.Selection(
        [
            ('dry_run', "Try only: nothing is written"),
            ('all', "All or nothing"),
            ('good', "Good rows only"),
        ],
        required=True,
        default='dry_run',
        help="Good rows only: what is refused comes back as a workbook with the reasons, to correct and import again.",
    )
    file = fields.Binary(attachment=False, help="XLSX, XLS or CSV (UTF-8, UTF-16, GBK).")
    file_name = fields.Char()
    # Result
    state = fields.Selection([('draft', "To do"), ('done', "Done")], default='draft', readonly=True)
    rows_read = fields.Integer(readonly=True)
    rows_good = fields.Integer("Good Rows", readonly=True)
    rows_refused = fields.Integer("Refused Rows", readonly=True)
    rows_created = fields.Integer("Customers Made", readonly=True)
    ignored = fields.Char("Columns Not Read", readonly=True)
    line_ids = fields.One2many('k20.customer.import.line', 'import_id', "Refused", readonly=True)
    error_file = fields.Binary("Refused Rows as Workbook", attachment=False, readonly=True)
    error_file_name = fields.Char(readonly=True)
    partner_ids = fields.Many2many('res.partner', string="Imported Customers", readonly=True)

    def _compute_display_name(self):
        """Head the page by what it does, not by the file's name."""
        self.display_name = self.env._("Import of Customers")

    @api.onchange('file', 'mode', 'kind')
    def _onchange_file(self):
        self.state = 'draft'

    def action_run(self):
        """Read the file and do what `mode` says. (R179)

        :return: True; the counts, the refused rows with their reasons and the workbook are on the record
        :raise AccessError: without the import function
        :raise UserError: for a file that cannot be read at all
        """
        self.env['res.partner']._k20_check_may_import()
        for page in self:
            page._run()
        return True

    def action_open_customers(self):
        """Return the action that shows the customers that were imported."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(f'k20_base.res_partner_action_{self.kind}')
        return dict(action, domain=[('id', 'in', self.partner_ids.ids)], context={'default_k20_kind': self.kind})

    def action_template(self):
        """Return the action that downloads the template of `kind`."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'url': f'/k20/import/template/{self.kind}', 'target': 'download'}

    def _run(self):
        header, rows, columns, reader = self._read_file()
        customers, refused = self._import(rows, columns, reader)
        refused = [(row, refused[row.number]) for row in rows if row.number in refused]
        names = {name: index for index, name in columns.items()}
        known = [header.cells[index] for index in columns]
        self.write(
            {
                'state': 'done',
                'rows_read': len(rows),
                'rows_good': len(rows) - len(refused),
                'rows_refused': len(refused),
                'rows_created': len(customers),
                'ignored': ', '.join(text for text in header.cells if text and text not in known) or False,
                'line_ids': [
                    fields.Command.clear(),
                    *(
                        fields.Command.create(
                            {'row_number': row.number, 'name': _cell(row, names['name']), 'reason': reason}
                        )
                        for row, reason in refused
                    ),
                ],
                'partner_ids': [fields.Command.set(customers.ids)],
                **self._prepare_error_file(header, refused),
            }
        )

    def _read_file(self):
        """Return the header row, the rows below it, {index: column} and the CustomerColumns that reads them."""
        content = base64.b64decode(self.file or b'')
        if not content:
            raise UserError(self.env._("There is no file: choose one."))
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than %s MB: split it.", MAX_BYTES >> 20))
        from ..tools.spreadsheet import UnreadableFile, read_rows

        try:
            rows = read_rows(content)
        except UnreadableFile as error:
            raise UserError(self._unreadable_sentence(error.kind)) from error
        reader = CustomerColumns(self.env, self.kind)
        for index, header in enumerate(rows[:HEADER_WITHIN]):
            columns = reader.find_columns(header.cells)
            if 'name' in columns.values():
                return header, self._checked_size(rows[index + 1 :]), columns, reader
        raise UserError(
            self.env._("No column is headed %s: use the template, or name the column so.", reader.labels['name'])
        )

    def _checked_size(self, rows):
        if len(rows) > MAX_ROWS:
            raise UserError(self.env._("The file has more than %s rows: split it.", MAX_ROWS))
        if not rows:
            raise UserError(self.env._("The file has no rows below its header: fill it in."))
        return rows

    def _unreadable_sentence(self, kind):
        return {
            'format': self.env._("The file is damaged or protected by a password: save it as XLSX and try again."),
            'size': self.env._("The workbook unpacks to far too much: save its first sheet alone and try again."),
            'encoding': self.env._("This is no XLSX, XLS or CSV file: save it as XLSX and try again."),
        }[kind]

    def _import(self, rows, columns, reader):
        """Return the customers made, and {row number: reason} of the refused rows."""
        good, refused = [], {}
        for row in rows:
            outcome = reader.read_row(row, columns)
            if isinstance(outcome, list):
                refused[row.number] = ' '.join(outcome)
            else:
                good.append(outcome)
        savepoint = self.env.cr.savepoint()
        dry_run = self._writes_nothing(refused)
        customers, refused_by_rules = self.env['res.partner']._k20_import(good, dry_run)
        refused.update(refused_by_rules)
        nothing = self._writes_nothing(refused)
        savepoint.close(rollback=nothing)
        return customers.browse() if nothing else customers, refused

    def _writes_nothing(self, refused):
        return self.mode == 'dry_run' or (self.mode == 'all' and bool(refused))

    def _prepare_error_file(self, header, refused):
        if not refused:
            return {'error_file': False, 'error_file_name': False}
        from .customer_workbook import error_workbook

        rows = [(row.cells, reason) for row, reason in refused]
        content = error_workbook(header.cells, rows, self.env._("Reason of Refusal"))
        stem = (self.file_name or '').rsplit('.', 1)[0] or self.env._("customers")
        return {
            'error_file': base64.b64encode(content),
            'error_file_name': self.env._("%s - refused rows.xlsx", stem),
        }


class K20CustomerImportLine(models.TransientModel):
    """One row of the file that was refused."""

    _name = 'k20.customer.import.line'
    _description = "Refused Row"
    _order = 'row_number'

    import_id = fields.Many2one('k20.customer.import', required=True, ondelete='cascade', index=True)
    row_number = fields.Integer("Row")
    name = fields.Char("Customer Name")
    reason = fields.Char("Reason of Refusal")


def _cell(row, index):
    return row.cells[index] if index < len(row.cells) else ''
