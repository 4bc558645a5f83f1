"""The Chinese text of a PDF, so that it can be searched and copied.

Chinese fonts draw a character and the radical that looks like it with one glyph (方 and the radical ⽅), and Chromium
names the radical in the PDF's table of glyphs: the page looks right, but nobody finds the word. The tables are mended.
"""

import io
import re
import unicodedata

from odoo.tools.pdf import DecodedStreamObject, NameObject, PdfFileReader, PdfFileWriter

# Radicals that Unicode names no character for, or (⼾) another than a Chinese font draws, and the character of each.
SUPPLEMENT = (
    '⺁厂⺄乙⺈刀⺊卜⺌小⺎兀⺓幺⺖忄⺘扌⺙攵⺜日⺝月⺟母⺠民⺡氵⺣灬⺦丬⺧牛⺨犭⺫罒⺬示⺭礻⺮竹⺰纟⺶羊⺹耂⺼肉⻁虎⻂衤⻃覀⻄西⻅见⻆角'
    '⻇角⻈讠⻉贝⻋车⻍辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟⼾户'
)
CHARACTERS = dict(zip(SUPPLEMENT[::2], SUPPLEMENT[1::2], strict=True))
RANGE = re.compile(r'<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>')
PAIR = re.compile(r'(<[0-9A-Fa-f]+>\s*)<([0-9A-Fa-f]+)>')
BLOCK = re.compile(r'(begin(bfchar|bfrange))(.*?)(end\2)', re.DOTALL)


def character(sign):
    """Return the character that a radical stands for, any other sign as it is.

    >>> ''.join(map(character, '东⽅第1⻚⼀行客⼾'))
    '东方第1页一行客户'
    """
    return CHARACTERS.get(sign) or (unicodedata.normalize('NFKC', sign) if '\u2e80' <= sign <= '\u2fd5' else sign)


def mended_table(table):
    """Return a PDF's table from glyphs to text with characters in place of radicals.

    >>> mended_table('2 beginbfchar <0001> <2F45> <0002> <0041> endbfchar')
    '2 beginbfchar <0001> <65B9> <0002> <0041> endbfchar'
    >>> mended_table('1 beginbfrange <0001> <0002> <2F44> endbfrange')
    '1 beginbfrange <0001> <0002> [<65A4> <65B9>] endbfrange'
    >>> mended_table('1 beginbfrange <0001> <0002> <0041> endbfrange')
    '1 beginbfrange <0001> <0002> <0041> endbfrange'
    """
    return BLOCK.sub(lambda match: match[1] + _MENDERS[match[2]](match[3]) + match[4], table)


def _mended_pairs(text):
    return PAIR.sub(lambda match: f'{match[1]}<{_code(int(match[2], 16))}>' if len(match[2]) == 4 else match[0], text)


def _mended_ranges(text):
    def mended(match):
        first, last, start = (int(code, 16) for code in match.groups())
        codes = [_code(start + step) for step in range(last - first + 1)]
        if codes[0] == match[3].upper() and len({int(code, 16) - step for step, code in enumerate(codes)}) == 1:
            return match[0]
        return f'<{match[1]}> <{match[2]}> [{" ".join(f"<{code}>" for code in codes)}]'

    return RANGE.sub(mended, text)


def _code(number):
    return f'{ord(character(chr(number))):04X}' if not 0xD800 <= number < 0xE000 else f'{number:04X}'


_MENDERS = {'bfchar': _mended_pairs, 'bfrange': _mended_ranges}


def mended(pdf):
    """Return a PDF whose Chinese text is found as it reads.

    :param bytes pdf: as Chromium wrote it
    """
    reader, writer = PdfFileReader(io.BytesIO(pdf)), PdfFileWriter()
    writer.cloneReaderDocumentRoot(reader)
    seen = set()
    for page in reader.pages:
        resources = page['/Resources']
        for font in resources['/Font'].values() if '/Font' in resources else ():
            _mend_font(font.get_object(), writer, seen)
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def _mend_font(font, writer, seen):
    if '/ToUnicode' not in font or id(font) in seen:
        return
    seen.add(id(font))
    table = font['/ToUnicode'].get_object().get_data().decode('latin-1')
    stream = DecodedStreamObject()
    stream.set_data(mended_table(table).encode('latin-1'))
    font[NameObject('/ToUnicode')] = writer._add_object(stream.flate_encode())
