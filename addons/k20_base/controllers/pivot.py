import io
import json
import re

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnprocessableEntity

from odoo.http import content_disposition, request, route
from odoo.tools import osutil

from odoo.addons.web.controllers.pivot import TableExporter

from ..models.k20_export_log import writes
from ..tools.spreadsheet_text import write_cell

MAX_WIDTH = 16384  # columns of a sheet


class K20TableExporter(TableExporter):
    """The pivot's download: by function, logged, text never a formula. (R039)

    Odoo builds the workbook inside its route and lets xlsxwriter guess what a text means, so the route is built anew.
    """

    @route(readonly=writes)
    def export_xlsx(self, data, **kw):
        Log = request.env['k20.export.log']
        Log._check_may_export()
        table = json.load(data) if isinstance(data, FileStorage) else json.loads(data)
        if not table:
            raise UnprocessableEntity(request.env._("There is no data to export: choose a measure or another filter."))
        content = PivotWorkbook(table).content()
        measures = dict.fromkeys(header['title'] for header in table['measure_headers'])
        Log._record(table['model'], len(table['rows']), 'pivot', fields=list(measures))
        name = request.env._("Pivot %(title)s (%(model_name)s)", title=table['title'], model_name=table['model'])
        return request.make_response(
            content,
            headers=[
                ('Content-Type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
                ('Content-Disposition', content_disposition(osutil.clean_filename(name) + '.xlsx')),
            ],
        )


class PivotWorkbook:
    """A pivot table as the web client sends it, as a workbook that looks like Odoo's."""

    def __init__(self, table):
        import xlsxwriter  # when the first one is downloaded, as in Odoo: it would take 2 MB in every process

        self.table = table
        self.output = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.output, {'in_memory': True})
        name = re.sub(r"[\[\]:*?/\\]", ' ', str(table['title']))[:31].strip("' ")
        self.sheet = self.book.add_worksheet(name or None)
        self.header = self.book.add_format({'pattern': 1, 'bg_color': '#AAAAAA'})
        self.header_bold = self.book.add_format({'bold': True, 'pattern': 1, 'bg_color': '#AAAAAA'})
        self.bold = self.book.add_format({'bold': True})

    def content(self):
        row = self._write_column_groups()
        row = self._write_measures(row)
        self._write_rows(row)
        self.book.close()
        return self.output.getvalue()

    def _write(self, row, column, value, style=None):
        write_cell(self.sheet, row, column, value, style)

    def _write_column_groups(self):
        """Write the groups over the columns; a title that is several rows high keeps its columns below free."""
        free_from = {}  # first column of a title -> first row that is free again below it
        width_of = {}
        measures = min(self.table['measure_count'], MAX_WIDTH)
        for row, headers in enumerate(self.table['col_group_headers']):
            self._write(row, 0, '', self.header)
            column = self._skip_taken(row, 1, free_from, width_of)
            for header in headers:
                width = min(header['width'], MAX_WIDTH)
                for offset in range(width):
                    self._write(row, column + offset, header['title'] if not offset else '', self.header)
                if header['height'] > 1:
                    free_from[column], width_of[column] = row + header['height'], measures
                column = self._skip_taken(row, column + width, free_from, width_of)
        return len(self.table['col_group_headers'])

    def _skip_taken(self, row, column, free_from, width_of):
        while free_from.get(column, 0) > row:
            for offset in range(width_of[column]):
                self._write(row, column + offset, '', self.header)
            column += width_of[column]
        return column

    def _write_measures(self, row):
        headers = self.table['measure_headers']
        if not headers:
            return row
        self._write(row, 0, '', self.header)
        for column, header in enumerate(headers, 1):
            self._write(row, column, header['title'], self.header_bold if header['is_bold'] else self.header)
        self.sheet.set_column(0, len(headers), 16)
        return row + 1

    def _write_rows(self, first):
        for row, line in enumerate(self.table['rows'], first):
            self._write(row, 0, f"{'     ' * line['indent']}{line['title']}", self.header)
            for column, cell in enumerate(line['values'], 1):
                self._write(row, column, cell['value'], self.bold if cell.get('is_bold') else None)
