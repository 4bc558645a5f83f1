"""Workbooks around the import of customers: the template to fill in, and the rows that were refused. (R179)

Import this module where a workbook is made, not with the addon: its library would take 2 MB in every process.
"""

import io

import xlsxwriter

from ..tools.spreadsheet_text import write_cell
from .customer_import_columns import CustomerColumns

MAX_ROWS = 10000  # rows of the template that offer lists to choose from


def error_workbook(header, rows, reason_header):
    """Return an XLSX of the refused rows: the columns as they came and the reason, to correct and import again.

    :param header: texts over the columns
    :param rows: list of (texts, reason)
    """
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {'in_memory': True})
    sheet = book.add_worksheet()
    bold, red = book.add_format({'bold': True}), book.add_format({'bold': True, 'font_color': '#C00000'})
    width = max([len(header), *(len(texts) for texts, _reason in rows)])
    for column, text in enumerate(header):
        write_cell(sheet, 0, column, text, bold)
    write_cell(sheet, 0, width, reason_header, red)
    for number, (texts, reason) in enumerate(rows, 1):
        for column, text in enumerate(texts):
            write_cell(sheet, number, column, text)
        write_cell(sheet, number, width, reason)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, width - 1, 18)
    sheet.set_column(width, width, 60)
    book.close()
    return output.getvalue()


class TemplateWorkbook:
    """The template of a kind of customers: a sheet to fill in, one that explains it, one of allowed values."""

    def __init__(self, env, kind):
        self.env = env
        self.kind = kind
        self.headers = CustomerColumns.headers(env)
        self.output = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.output, {'in_memory': True})
        self.bold = self.book.add_format({'bold': True, 'bg_color': '#E9ECEF', 'border': 1})
        self.needed = self.book.add_format({'bold': True, 'bg_color': '#FFE5E5', 'border': 1})
        self.text = self.book.add_format({'num_format': '@'})  # so that Excel keeps long numbers and leading zeros
        self.wrapped = self.book.add_format({'text_wrap': True, 'valign': 'top'})

    def content(self):
        """Return the bytes of the XLSX."""
        customers = self.book.add_worksheet(self.env._("Customers"))
        explanation = self.book.add_worksheet(self.env._("How to fill in"))
        values = self.book.add_worksheet(self.env._("Allowed values"))
        self._write_customers(customers, self._write_values(values), values.get_name())
        self._write_explanation(explanation)
        self.book.close()
        return self.output.getvalue()

    def _write_header(self, sheet, row=0):
        for column, (name, header) in enumerate(self.headers.items()):
            write_cell(sheet, row, column, header, self.needed if name == 'name' else self.bold)

    def _write_customers(self, sheet, lists, values_sheet):
        self._write_header(sheet)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(self.headers) - 1, 16, self.text)
        sheet.set_column(0, 0, 32, self.text)
        for column, name in enumerate(self.headers):
            sheet.write_comment(0, column, self._explanations()[name])
            if name in lists:
                index, length = lists[name]
                letter = xlsxwriter.utility.xl_col_to_name(index)
                source = f"='{values_sheet}'!${letter}$2:${letter}${length + 1}"
                sheet.data_validation(
                    1, column, MAX_ROWS, column, {'validate': 'list', 'source': source, 'error_type': 'warning'}
                )

    def _write_explanation(self, sheet):
        """Write an example row under the headers, and under each of its cells what the column is for."""
        self._write_header(sheet)
        sheet.set_column(0, len(self.headers) - 1, 24)
        example, explanations = self._example(), self._explanations()
        for column, name in enumerate(self.headers):
            write_cell(sheet, 1, column, example.get(name, ''), self.wrapped)
            write_cell(sheet, 2, column, explanations[name], self.wrapped)

    def _write_values(self, sheet):
        """Write the lists to choose from; return {column: (index of its list, number of entries)}."""
        country = self.env.company.country_id or self.env.ref('base.cn')
        states = self.env['res.country.state'].search([('country_id', '=', country.id)])
        lists = {
            'state_id': states.mapped('name'),
            'k20_type_id': self.env['k20.customer.type'].search([('kind', 'in', ('both', self.kind))]).mapped('name'),
            'k20_nature_id': self.env['k20.customer.nature'].search([]).mapped('name'),
            'k20_source_id': self.env['k20.customer.source'].search([]).mapped('name'),
            'city_id': self.env['res.city']
            .search([('state_id', 'in', states.ids)], order='state_id, id')
            .mapped('name'),
        }
        for index, (name, entries) in enumerate(lists.items()):
            write_cell(sheet, 0, index, self.headers[name], self.bold)
            for row, entry in enumerate(entries, 1):
                write_cell(sheet, row, index, entry)
        sheet.set_column(0, len(lists) - 1, 24)
        sheet.freeze_panes(1, 0)
        return {name: (index, len(entries)) for index, (name, entries) in enumerate(lists.items()) if entries}

    def _example(self):
        kind_type = self.env['k20.customer.type'].search([('kind', '=', self.kind)], limit=1)
        return {
            'name': self.env._("Example: Suzhou Star Technology Co., Ltd."),
            'k20_type_id': kind_type.name,
            'k20_nature_id': self.env['k20.customer.nature'].search([], limit=1).name,
            'k20_source_id': self.env['k20.customer.source'].search([], limit=1).name,
            'vat': '91320594MA1MCY7X1K',
            'phone': '0512-66001234',
            'email': 'info@k20.example',
            'website': 'https://k20.example',
            'state_id': '江苏省',
            'city_id': '苏州市吴中区',
            'street': self.env._("1 Star Road"),
            'comment': self.env._("Met at the spring fair"),
            'contact_name': self.env._("Zhang Wei"),
            'contact_function': self.env._("Head of purchasing"),
            'contact_phone': '13800000001',
            'contact_email': 'zhang.wei@k20.example',
        }

    def _explanations(self):
        return {
            'name': self.env._("Compulsory. The full name; no two customers may have the same."),
            'k20_code': self.env._("Leave it empty: the system gives the next free code."),
            'k20_type_id': self.env._("One of the list on the sheet of allowed values."),
            'k20_nature_id': self.env._("One of the list on the sheet of allowed values."),
            'k20_source_id': self.env._("One of the list on the sheet of allowed values."),
            'vat': self.env._(
                "Format the cell as text, or Excel rounds long numbers. No two customers may have the same."
            ),
            'phone': self.env._("The customer's own number. No two customers may have the same."),
            'email': self.env._("Optional."),
            'website': self.env._("Optional."),
            'state_id': self.env._("One of the list on the sheet of allowed values."),
            'city_id': self.env._(
                "City and district as on the sheet of allowed values; the district alone if only one has that name."
            ),
            'street': self.env._("Street and number."),
            'user_id': self.env._(
                "Login or name of the salesperson. Only the administrator fills it in: empty means the pool there, and "
                "the importing person for everybody else."
            ),
            'comment': self.env._("Optional."),
            'contact_name': self.env._("A person there; compulsory if another column of the contact is filled in."),
            'contact_function': self.env._("Optional."),
            'contact_phone': self.env._("Optional."),
            'contact_email': self.env._("Optional."),
        }
