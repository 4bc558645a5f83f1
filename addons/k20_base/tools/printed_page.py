"""What Odoo hands to its printer, as one page that holds everything: header and footer on each sheet, page numbers.

Odoo renders each document as a page of HTML, and all headers and footers as two more. Here they become one table per
document, whose head a browser repeats on each sheet, and a footer that stays at the foot of each.
"""

import base64
import re
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from odoo.tools.pdf import ArrayObject, DictionaryObject, NameObject, NumberObject, create_string_object

# Room of the sheet that belongs to the browser: above the header, and below the footer for the page number (mm).
TOP, BOTTOM = 8, 12

# What a printed page has no use for, and what could load or lead elsewhere.
UNWANTED = '//script|//meta|//base|//link|//iframe|//frame|//object|//embed|//form|//noscript'

# Nothing is loaded: styles stand in the page, pictures and fonts as data.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"

FONTS = "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif"

STYLE = """
@page {
    size: %(width)smm %(height)smm;
    margin: %(top)smm %(right)smm %(bottom)smm %(left)smm;
    @bottom-left { content: %(company)s; %(small)s margin-left: %(inset)smm; }
    @bottom-right { content: %(numbers)s; %(small)s margin-right: %(inset)smm; }
}
html { height: auto !important; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { display: block; min-width: 0; background: none; font-family: %(fonts)s; font-size: 12px; }
body.container { max-width: none; padding-top: 0; padding-bottom: 0; margin: 0; }
table.k20_sheets { width: 100%%; border-collapse: collapse; }
table.k20_sheets > thead { display: table-header-group; }
table.k20_sheets > tfoot { display: table-footer-group; }
table.k20_sheets > * > tr > td { padding: 0; border: 0; vertical-align: top; }
table.k20_sheets > thead > tr > td { height: %(head)smm; }
table.k20_sheets > tfoot > tr > td { height: %(foot)smm; }
.header { padding-top: 0 !important; }
.footer, .footer > .o_footer_content { padding-bottom: 0 !important; }
.k20_foot { position: fixed; bottom: 0; left: %(inset)smm; right: %(inset)smm; }
.k20_foot_room { visibility: hidden; }
tr, .k20_whole { break-inside: avoid; }
thead { display: table-header-group; }
"""


@dataclass
class Sheet:
    """The paper, in mm; `margin_top` and `margin_bottom` are where the document begins and ends, as Odoo means them."""

    width: float = 210
    height: float = 297
    margin_top: float = 40
    margin_bottom: float = 20
    margin_left: float = 7
    margin_right: float = 7
    inset: float = 0  # how far a page whose margins are made by its styles keeps from the edge


@dataclass
class Page:
    """One document: its HTML as Odoo rendered it, what stands on each sheet, and in which words."""

    body: str
    header: object = None
    footer: object = None
    company: str = ''
    numbers: str = '%(page)s / %(pages)s'
    lang: str = 'zh-CN'
    sheet: Sheet = field(default_factory=Sheet)


def parts(html, name):
    """Return the headers or footers that Odoo has put together, one element a document.

    >>> html = '<div id="minimal_layout_report_headers"><div>a</div><div>b</div></div>'
    >>> [part.text for part in parts(html, 'headers')]
    ['a', 'b']
    """
    if not html:
        return []
    found = parse(html).xpath(f'//*[@id="minimal_layout_report_{name}"]')
    return list(found[0]) if found else []


def parse(html):
    return lxml.html.document_fromstring(html, parser=lxml.html.HTMLParser(encoding='utf-8'))


def css_string(text):
    r"""Return text as CSS writes it, whatever is in it.

    >>> css_string('A "B" \\ </style>')
    '"A \\22 B\\22  \\5c  \\3c /style\\3e "'
    """
    escaped = re.sub(r'["\\<>\x00-\x1f]', lambda match: f'\\{ord(match[0]):x} ', text or '')
    return f'"{escaped}"'


def css_numbers(words):
    """Return the words of a page number as CSS counts them.

    >>> css_numbers('第 %(page)s 页 / 共 %(pages)s 页')
    '"第 " counter(page) " 页 / 共 " counter(pages) " 页"'
    """
    counters = {'%(page)s': 'counter(page)', '%(pages)s': 'counter(pages)'}
    pieces = re.split(r'(%\(pages?\)s)', words)
    return ' '.join(counters.get(piece) or css_string(piece) for piece in pieces if piece)


def build(page, css=''):
    """Return a whole page of HTML that needs nothing besides.

    :param Page page: what to print
    :param str css: the styles of the document
    """
    root = parse(page.body)
    for node in root.xpath(UNWANTED):
        node.drop_tree()
    body = root.find('body')
    table = _in_sheets(body, page)
    for child in list(body):
        body.remove(child)
    body.text = None
    body.append(table)
    body.set('class', ' '.join(name for name in (body.get('class') or '').split() if name != 'overflow-hidden'))
    for name in [name for name in body.attrib if name.startswith('on')]:
        del body.attrib[name]
    style = (css + STYLE % _measures(page)).replace('</', '<\\/')
    return (
        f'<!DOCTYPE html><html lang="{page.lang}"><head><meta charset="utf-8"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/><style>{style}</style></head>'
        f'{etree.tostring(body, encoding="unicode", method="html")}</html>'
    )


def _in_sheets(body, page):
    """Return the document as a table: header in its head, room for the footer in its foot."""
    head, main, foot = (etree.Element('td') for _ in range(3))
    if page.header is not None:
        head.append(page.header)
    main.text = body.text
    main.extend(list(body))
    if page.footer is not None:
        _drop_numbers(page.footer)
        for name in ('k20_foot', 'k20_foot_room'):
            box = etree.SubElement(foot, 'div', {'class': name})
            box.append(lxml.html.fromstring(etree.tostring(page.footer, encoding='unicode', method='html')))
    table = etree.Element('table', {'class': 'k20_sheets'})
    for tag, cell in (('thead', head), ('tfoot', foot), ('tbody', main)):
        etree.SubElement(etree.SubElement(table, tag), 'tr').append(cell)
    return table


def _drop_numbers(footer):
    """Take out Odoo's own page numbers, which its printer would fill in: the margin of the sheet has them."""
    token = 'contains(concat(" ", normalize-space(@class), " "), " {} ")'
    for node in footer.xpath(f'.//*[span[{token.format("page")}] and span[{token.format("topage")}]]'):
        if node.getparent() is not None:
            node.drop_tree()


def _measures(page):
    sheet = page.sheet
    top, bottom = min(TOP, sheet.margin_top), BOTTOM
    return {
        'width': sheet.width,
        'height': sheet.height,
        'top': top,
        'bottom': bottom,
        'left': sheet.margin_left,
        'right': sheet.margin_right,
        'inset': sheet.inset,
        'head': max(sheet.margin_top - top, 0) if page.header is None else 0,
        'foot': max(sheet.margin_bottom - bottom, 0) if page.footer is None else 4,
        'company': css_string(page.company),
        'numbers': css_numbers(page.numbers),
        'fonts': FONTS,
        'small': f'font: 8pt {FONTS}; color: #666; vertical-align: middle; white-space: nowrap;',
    }


def data_uri(content, kind):
    """Return content as an address that holds it.

    >>> data_uri(b'abc', 'image/png')
    'data:image/png;base64,YWJj'
    """
    return f'data:{kind};base64,{base64.b64encode(content).decode()}'


def with_data(css, data_of):
    """Replace the addresses in CSS by what stands there; what is not there becomes nothing.

    >>> with_data('a { background: url("/x.png") } b { background: url(/y) }', {'/x.png': 'data:x'}.get)
    'a { background: url("data:x") } b { background: none }'
    """

    def replaced(match):
        data = data_of(match[2].strip())
        return f'url("{data}")' if data else 'none'

    return re.sub(r'url\(\s*(["\']?)(.*?)\1\s*\)', replaced, css)


def with_fonts(css, names, data_of):
    """Put those fonts of CSS that are named into it, and leave out the others, which would be loaded.

    >>> face = "@font-face{font-family: 'Lato'; src: url('/l.eot'), url('/l.woff') format('woff');}"
    >>> with_fonts(face + 'p { color: red }', {'Lato'}, {'/l.woff': 'data:l'}.get)
    "@font-face { font-family: 'Lato'; src: url(data:l); }p { color: red }"
    >>> with_fonts(face + '@import url(http://x);', {'Arial'}, {}.get)
    ''
    """

    def face(match):
        family = re.search(r'font-family\s*:\s*[\'"]?([^\'";]+)', match[0])
        woff = re.search(r'url\(\s*["\']?(/[^"\')]+\.woff2?(?:\?[^"\')]*)?)["\']?\s*\)', match[0])
        data = data_of(woff[1]) if family and woff and family[1].strip() in names else None
        if not data:
            return ''
        kept = re.findall(r'font-(?:weight|style)\s*:[^;}]+', match[0])
        return (
            f"@font-face {{ font-family: '{family[1].strip()}'; {''.join(k + '; ' for k in kept)}src: url({data}); }}"
        )

    return re.sub(r'@font-face\s*\{[^}]*\}', face, re.sub(r'@import[^;]*;', '', css))


def mark_starts(writer, starts):
    """Mark in a PDF on which page each document begins, as wkhtmltopdf does and Odoo reads it: by named places.

    :param writer: a PdfFileWriter
    :param starts: numbers of pages, from 0
    """
    root = writer._root_object
    places, outline = DictionaryObject(), DictionaryObject()
    items = [(f'/document{number}', start, DictionaryObject()) for number, start in enumerate(starts)]
    references = [writer._add_object(item) for _name, _start, item in items]
    outline_reference = writer._add_object(outline)
    for number, (name, start, item) in enumerate(items):
        places[NameObject(name)] = ArrayObject([NumberObject(start), NameObject('/Fit')])
        item.update({
            NameObject('/Title'): create_string_object(str(number + 1)),
            NameObject('/Dest'): NameObject(name),
            NameObject('/Parent'): outline_reference,
        })  # fmt: skip
        if number:
            item[NameObject('/Prev')] = references[number - 1]
        if number + 1 < len(items):
            item[NameObject('/Next')] = references[number + 1]
    outline.update({
        NameObject('/First'): references[0],
        NameObject('/Last'): references[-1],
        NameObject('/Count'): NumberObject(len(items)),
    })  # fmt: skip
    root[NameObject('/Dests')] = writer._add_object(places)
    root[NameObject('/Outlines')] = outline_reference
