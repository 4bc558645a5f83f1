"""An amount of money in Chinese capital numerals (大写金额), as contracts, receipts and cheques write it."""

from decimal import ROUND_HALF_UP, Decimal

import cn2an

# What stands after the point, one word a place.
PLACES = '角分厘'
LIMIT = Decimal(10) ** 16  # cn2an counts up to 千万亿


def capitals(amount, currency='', places=2):
    """Return an amount in capital numerals.

    The library writes whole numbers; the rest follows the rules for cheques (正确填写票据和结算凭证的基本规定):
    整 ends an amount without 分, an empty 角 before a 分 is read 零, an amount below 1 names no 元.

    :param amount: number, string or Decimal; rounded to `places`
    :param str currency: written before the amount, as those rules ask for: 人民币, 美元
    :param int places: digits after the point that the currency has, up to 3
    :return str: the amount in words
    :raise ValueError: for what is no number, and from 10,000,000,000,000,000 on

    >>> capitals(100), capitals('1002.30'), capitals(0.05), capitals(0)
    ('壹佰元整', '壹仟零贰元叁角整', '伍分', '零元整')
    >>> capitals(10), capitals('20305.07'), capitals('0.5'), capitals('1000000001')
    ('壹拾元整', '贰万零叁佰零伍元零柒分', '伍角整', '壹拾亿零壹元整')
    >>> capitals(-12.5), capitals('1409.50', '人民币'), capitals(888, '日元', places=0)
    ('负壹拾贰元伍角整', '人民币壹仟肆佰零玖元伍角整', '日元捌佰捌拾捌元整')
    >>> capitals('1.234', places=3), capitals('107000.53'), capitals('0.004')
    ('壹元贰角叁分肆厘', '壹拾万柒仟元伍角叁分', '零元整')
    >>> capitals('a lot')
    Traceback (most recent call last):
    ...
    ValueError: 'a lot' is no amount that can be written in capital numerals
    """
    value = _rounded(amount, places)
    whole, fraction = int(abs(value)), _fraction(abs(value), places)
    words = f'{_numerals(whole)}元' if whole or not fraction else ''
    ending = '' if len(fraction) > 1 else '整'
    return f'{currency}{"负" if value < 0 else ""}{words}{_read(fraction, bool(whole))}{ending}'


def _rounded(amount, places):
    """Return the amount as a Decimal of so many places; a float as the decimal that it is shown as."""
    try:
        value = Decimal(str(amount)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except ArithmeticError:
        value = None
    if value is None or not value.is_finite() or abs(value) >= LIMIT or not 0 <= places <= len(PLACES):
        raise ValueError(f'{amount!r} is no amount that can be written in capital numerals')
    return value


def _fraction(value, places):
    """Return the digits after the point without the zeros at their end."""
    return f'{value:.{places}f}'.partition('.')[2].rstrip('0')


def _read(fraction, after_whole):
    """Return digits after the point in words: each with its place, zeros between numerals once as 零.

    >>> _read('5', True), _read('07', True), _read('07', False), _read('', True)
    ('伍角', '零柒分', '柒分', '')
    """
    words = ''
    for place, digit in zip(PLACES, fraction, strict=False):
        if digit != '0':
            words += f'{_numerals(int(digit))}{place}'
        elif (words or after_whole) and not words.endswith('零'):
            words += '零'
    return words


def _numerals(number):
    """Return a whole number in capital numerals.

    Above 亿 the library forgets the 零 for four empty places in between (200003945), so it writes the two parts.

    >>> _numerals(10), _numerals(100000), _numerals(0), _numerals(1234567890123)
    ('壹拾', '壹拾万', '零', '壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁')
    >>> _numerals(200003945), _numerals(500000000), _numerals(110000000)
    ('贰亿零叁仟玖佰肆拾伍', '伍亿', '壹亿壹仟万')
    """
    high, low = divmod(number, 10**8)
    if not high:
        return cn2an.an2cn(low, 'up')
    zero = '零' if 0 < low < 10**7 else ''
    return f'{cn2an.an2cn(high, "up")}亿{zero}{cn2an.an2cn(low, "up") if low else ""}'
