"""Rows of a workbook or CSV file as people send them, without ORM. (R179)

Odoo's own reader drops empty rows, so that its row numbers are not those of the sheet; knows no merged cells; guesses
the encoding by statistics; and gives up the whole file for one cell that shows an error.

Import this module where a file is read, not with the addon: its libraries would take 5 MB in every process.
"""

import csv
import datetime
import io
import zipfile
from collections import namedtuple

import openpyxl
import xlrd
from openpyxl.utils import get_column_letter

from .spreadsheet_text import plain_text

MAX_UNPACKED = 400 * 1024 * 1024  # bytes; a workbook is a zip file, and small ones can unpack to anything
MAX_EXACT = 10**15  # Excel keeps 15 digits of a number: longer ones have lost their end

# number: as the sheet counts, from 1; cells: texts; problems: {index of cell: Problem}
Row = namedtuple('Row', 'number cells problems')
# kind: formula (without a stored value), error, digits; place: like C5; text: what the cell shows
Problem = namedtuple('Problem', 'kind place text')


class UnreadableFile(Exception):
    """The file is no workbook and no text. `kind` is 'format', 'size' or 'encoding'."""

    def __init__(self, kind):
        super().__init__(kind)
        self.kind = kind


def read_rows(content):
    """Return the rows of the first sheet, empty ones left out, told apart by content and not by the file's name.

    :param content: bytes of an XLSX, XLS or CSV file
    :raise UnreadableFile: where it is none of them
    """
    if content.startswith(b'PK\x03\x04'):
        rows = _read_xlsx(content)
    elif content.startswith(b'\xd0\xcf\x11\xe0'):
        rows = _read_xls(content)
    else:
        rows = _read_csv(content)
    return [row for row in rows if any(row.cells) or row.problems]


def _read_xlsx(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableFile('size')
            sheets = [name for name in archive.namelist() if name.startswith('xl/worksheets/')]
            has_formulas = any(b'<f>' in xml or b'<f ' in xml for xml in map(archive.read, sheets))
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        formulas = _formula_cells(content) if has_formulas else {}
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl lets out whatever its parsers raise
        raise UnreadableFile('format') from error
    sheet = book.worksheets[0]
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts, problems = [], {}
        for index, cell in enumerate(cells):
            formula = formulas.get((number, index))
            _add_cell(texts, problems, number, index, cell.value, cell.data_type == 'e', formula)
        rows.append(Row(number, texts, problems))
    merged = [(span.min_row - 1, span.max_row, span.min_col - 1) for span in sheet.merged_cells.ranges]
    return _fill_merged(rows, merged)


def _formula_cells(content):
    """Return {(row number, index): formula}; a formula has a stored value only if a spreadsheet program saved it."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return {
        (cell.row, cell.column - 1): str(cell.value)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == 'f'
    }


def _read_xls(content):
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True)
    except Exception as error:  # xlrd lets out whatever its parsers raise
        raise UnreadableFile('format') from error
    sheet = book.sheet_by_index(0)
    rows = []
    for number in range(1, sheet.nrows + 1):
        texts, problems = [], {}
        for index, cell in enumerate(sheet.row(number - 1)):
            value, is_error = cell.value, cell.ctype == xlrd.XL_CELL_ERROR
            if cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(cell.value, book.datemode)
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(cell.value)
            elif is_error:
                value = xlrd.error_text_from_code.get(cell.value, '#')
            _add_cell(texts, problems, number, index, value, is_error)
        rows.append(Row(number, texts, problems))
    return _fill_merged(rows, [(top, bottom, left) for top, bottom, left, _right in sheet.merged_cells])


def _read_csv(content):
    text = decode(content)
    try:
        delimiter = csv.Sniffer().sniff(text.split('\n', 1)[0], delimiters=',;\t|').delimiter
    except csv.Error:
        delimiter = ','
    try:
        lines = list(csv.reader(io.StringIO(text, newline=''), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile('format') from error
    return [Row(number, [plain_text(text.strip()) for text in cells], {}) for number, cells in enumerate(lines, 1)]


def decode(content):
    """Return the text of a CSV file: UTF-8 or UTF-16 with or without mark, else GB18030 (which holds GBK).

    >>> [decode("名称".encode(name)) for name in ('utf-8', 'utf-8-sig', 'utf-16', 'gbk', 'gb18030')]
    ['名称', '名称', '名称', '名称', '名称']
    >>> [decode("名称,电话".encode(name)) for name in ('utf-16-le', 'utf-16-be')]
    ['名称,电话', '名称,电话']
    """
    for encoding in _possible_encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile('encoding')


def _possible_encodings(content):
    if content.startswith((b'\xff\xfe', b'\xfe\xff')):
        return ['utf-16']
    # Without a mark, UTF-16 shows by the zero byte behind (or before) each comma and line end.
    after, before = content[1::2].count(0), content[::2].count(0)
    if after or before:
        return ['utf-16-le' if after > before else 'utf-16-be']
    return ['utf-8-sig', 'gb18030']


def _add_cell(texts, problems, number, index, value, is_error, formula=None):
    kind = 'error' if is_error else 'formula' if formula and value is None else _is_inexact(value) and 'digits'
    text = str(formula if kind == 'formula' else value) if kind else _cell_text(value)
    if kind:
        problems[index] = Problem(kind, f'{get_column_letter(index + 1)}{number}', text)
    texts.append(text)


def _is_inexact(value):
    return isinstance(value, (int, float)) and abs(value) >= MAX_EXACT


def _cell_text(value):
    """Return what a person reads in the cell: whole numbers without a dot, dates as 2026-11-24."""
    if value is None:
        return ''
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.strftime('%Y-%m-%d' if value.time() == datetime.time() else '%Y-%m-%d %H:%M:%S')
    return plain_text(str(value).strip())


def _fill_merged(rows, spans):
    """Give each row of a vertically merged cell its value; what is merged sideways stands in the first column."""
    for top, bottom, left in spans:
        for row in rows[top + 1 : bottom]:
            if any(row.cells) or row.problems:  # an empty row stays one
                row.cells[left] = rows[top].cells[left]
    return rows
