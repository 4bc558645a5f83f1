"""Text that a spreadsheet program must take for text, never for a formula or a link. (R039)"""

# What makes Excel, WPS or LibreOffice compute a cell of a CSV file; the last four are the full-width twins.
FORMULA_STARTS = ('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠')


def csv_text(value):
    """Return `value` such that no spreadsheet program computes it; numbers and dates stay what they are.

    >>> csv_text("=1+1"), csv_text("@SUM(A1)"), csv_text(" -1"), csv_text("Suzhou = Wuxi"), csv_text(-1)
    ("'=1+1", "'@SUM(A1)", "' -1", 'Suzhou = Wuxi', -1)
    """
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, str) and (value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS)):
        return f"'{value}"
    return value


def plain_text(value):
    """Return a cell's text without the apostrophe that `csv_text` put in front.

    >>> plain_text("'=1+1"), plain_text("'90s")
    ('=1+1', "'90s")
    """
    if value.startswith("'") and csv_text(value[1:]) == value:
        return value[1:]
    return value


def write_cell(worksheet, row, column, value, style=None):
    """Write `value` into an xlsxwriter worksheet: text as text, whatever it looks like; everything else as it is."""
    if isinstance(value, str) and value:
        worksheet.write_string(row, column, value, style)
    else:
        worksheet.write(row, column, value, style)
