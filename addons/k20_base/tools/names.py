"""What makes two customers the same: keys of names, tax numbers and phone numbers, free of how they were typed."""

import hashlib
import re
import unicodedata

import phonenumbers

# Longer first, so that 股份有限公司 does not leave 股份 behind. 分公司 is a customer of its own: only 公司 goes there.
CHINESE_SUFFIXES = (
    '股份有限公司', '有限责任公司', '责任有限公司', '有限公司', '股份公司', '集团公司', '公司', '集团', '集團',
    '股份', '特殊普通合伙', '普通合伙', '有限合伙',
)  # fmt: skip
ENGLISH_SUFFIXES = (
    'coltd', 'co', 'company', 'corporation', 'corp', 'incorporated', 'inc', 'limited', 'ltd', 'llc', 'llp', 'plc',
    'gmbh', 'group', 'pte', 'pty',
)  # fmt: skip
# English ones are words: Zinc does not end in Inc. Between a Chinese character and a Latin one a word begins, too.
SUFFIX = re.compile(
    rf'(?:\s*(?:{"|".join(CHINESE_SUFFIXES)}|(?<![^\W\u3400-\u9fff])(?:{"|".join(ENGLISH_SUFFIXES)})))+$'
)
INITIALS = re.compile(r'\b(\w)\.(?=\w\b)')  # L.L.C. -> LLC.
LONGEST = 200  # an index entry holds about 2,700 bytes; longer names keep their beginning and a digest

SEPARATORS = re.compile(r'[/,;、|\n]|\s{2,}|[或和及]')
EXTENSION = re.compile(r'\s*(?:转|轉|分机|ext\.?|x|#)\s*[:.]?\s*\d{1,6}\s*$', re.IGNORECASE)
ABROAD = re.compile(r'\D*\+')
DASHED_EXTENSION = re.compile(r'\s*-\s*\d{1,6}\s*$')


def name_key(name):
    """Return the key of a company's `name`, equal for equal companies; None for no name.

    Width, case, spaces, brackets, punctuation and company suffixes do not count.

    >>> name_key("苏州神州（工业）科技有限公司") == name_key("苏州神州(工业) 科技") == '苏州神州工业科技'
    True
    >>> name_key("ＡＢＣ Tech Co., Ltd.") == name_key("abc tech") == 'abctech'
    True
    >>> name_key("Shenzhen Zinc"), name_key("苏州神州集团股份有限公司"), name_key("神州Inc.")
    ('shenzhenzinc', '苏州神州', '神州')

    A name that is nothing but suffix or punctuation keeps what it has.

    >>> name_key("集团公司"), name_key("!!!"), name_key("  ")
    ('集团公司', '!!!', None)
    """
    key, last = _simplify(name or ''), None
    while key != last:  # taking a sign out may join what is one sign or a suffix then
        key, last = _simplify(key), key
    return _bounded(key) or None


def _simplify(name):
    name = unicodedata.normalize('NFKC', unicodedata.normalize('NFKC', name).casefold())
    spaced = ''.join(' ' if _is_noise(sign) else sign for sign in INITIALS.sub(r'\1', name))
    words = ' '.join(spaced.split())
    return _joined(SUFFIX.sub('', words)) or _joined(words) or _joined(name)


def _is_noise(sign):
    """Tell whether `sign` is punctuation, a space or a control character."""
    return unicodedata.category(sign)[0] in 'PZC'


def _joined(text):
    return ''.join(text.split())


def _bounded(key):
    if len(key) <= LONGEST:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f'{key[: LONGEST - len(digest)]}{digest}'


def vat_key(number):
    """Return the key of a tax `number`: letters and digits, upper case; None for what is no number.

    >>> vat_key(" 91320594 ma1mcy7x1k") == vat_key("９１３２０５９４ＭＡ１ＭＣＹ７Ｘ１Ｋ") == '91320594MA1MCY7X1K'
    True
    >>> vat_key("/"), vat_key("无"), vat_key("000000000000000000")
    (None, None, None)
    """
    number = unicodedata.normalize('NFKC', number or '').upper()
    key = ''.join(sign for sign in number if sign.isascii() and sign.isalnum())
    return _bounded(key) if len(key) >= 6 and len(set(key)) > 1 else None


def phone_key(text):
    """Return the key of the first number in `text`, which is the one that counts; None where there is none.

    >>> phone_key("0512-6600 1234 转 801 / 13800000001"), phone_key("138-0000-0001")
    ('+8651266001234', '+8613800000001')
    """
    return next(iter(phone_keys(text)), None)


def phone_keys(text):
    """Return the keys of all numbers in a phone field: international, as dialled from anywhere, without extension.

    >>> phone_keys("(0512) 66001234-801、0086 13800000001")
    ['+8651266001234', '+8613800000001']

    A number that the numbering plan does not know (a local one without its area code) is its digits; placeholders
    and hotlines of fewer than seven digits are no numbers.

    >>> phone_keys("6600 1234"), phone_keys("00000000"), phone_keys("95588"), phone_keys("无")
    (['66001234'], [], [], [])
    """
    keys = []
    for part in SEPARATORS.split(unicodedata.normalize('NFKC', text or '')):
        known = _known_number(part)
        numbers = [known] if known else [_known_number(word) for word in part.split()]
        keys += [number for number in numbers if number] or [_digits(part)]
    return list(dict.fromkeys(key for key in keys if key))


def _known_number(text):
    """Return the E.164 form of the number in `text` (China's unless it says otherwise), or None if it is not valid."""
    text = EXTENSION.sub('', text)
    for candidate in (text, DASHED_EXTENSION.sub('', text)):
        dialled = ('+' if ABROAD.match(candidate) else '') + _only_digits(candidate)
        try:
            number = phonenumbers.parse(dialled, 'CN')
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _digits(text):
    digits = _only_digits(text)
    return digits if 7 <= len(digits) <= 30 and len(set(digits)) > 1 else None


def _only_digits(text):
    return ''.join(sign for sign in text if sign.isascii() and sign.isdigit())
