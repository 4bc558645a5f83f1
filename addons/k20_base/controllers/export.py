import json

from odoo.http import request, route

from odoo.addons.web.controllers.export import CSVExport, ExcelExport, Export, ExportXlsxWriter, GroupExportXlsxWriter

from ..models.k20_export_log import exporting
from ..tools.spreadsheet_text import csv_text, write_cell


class SafeXlsxWriter(ExportXlsxWriter):
    """Odoo's writer lets xlsxwriter guess, which makes `=1+1` a formula and `http://…` a link. (R039)"""

    def write(self, row, column, cell_value, style=None):  # pylint: disable=method-required-super
        write_cell(self.worksheet, row, column, cell_value, style)


class SafeGroupXlsxWriter(SafeXlsxWriter, GroupExportXlsxWriter):
    """The same for grouped lists; whole-number totals stay numbers, where Odoo writes them as text."""

    def _write_group_header(self, row, column, label, group, group_depth=0):
        self.write(row, column, f"{'    ' * group_depth}{label} ({group.count})", self.header_bold_style)
        styles = {'monetary': self.header_bold_style_monetary, 'float': self.header_bold_style_float}
        for offset, field in enumerate(self.fields[1:], 1):  # the title stands in the first column
            total = group.aggregated_values.get(field['name'], '')
            if isinstance(total, bool) or not isinstance(total, (int, float)):
                total = '' if total is None else str(total)
            self.write(row, column + offset, total, styles.get(field['type'], self.header_bold_style))
        return row + 1, 0


class K20Export(Export):
    @route()
    def formats(self):
        request.env['k20.export.log']._check_may_export()
        return super().formats()


class K20CSVExport(CSVExport):
    def base(self, data):
        params = json.loads(data)
        with exporting('csv', params['domain'], params['ids']):
            return super().base(data)

    def from_data(self, fields, columns_headers, rows):
        headers = [csv_text(header) for header in columns_headers]
        return super().from_data(fields, headers, ([csv_text(value) for value in row] for row in rows))


class K20ExcelExport(ExcelExport):
    def base(self, data):
        params = json.loads(data)
        with exporting('xlsx', params['domain'], params['ids']):
            return super().base(data)

    def from_data(self, fields, columns_headers, rows):
        with SafeXlsxWriter(fields, columns_headers, len(rows)) as writer:
            for row, values in enumerate(rows, 1):
                for column, value in enumerate(values):
                    writer.write_cell(row, column, value)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        with SafeGroupXlsxWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value
