import doctest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.k20_base.tests.common import profile

from ..tools import capitals as tool
from ..tools.capitals import capitals

DIGITS = '零壹贰叁肆伍陆柒捌玖'
UNITS = {'拾': 10, '佰': 100, '仟': 1000}
# Amounts with many zeros, where the rules of 零 are, from a cent to 万亿.
AMOUNTS = st.text('0000123456789', min_size=1, max_size=17).map(lambda digits: Decimal(digits) / 100)


def whole(words):
    """Read a whole number back, in a way that shares nothing with the library."""
    for unit, size in (('亿', 10**8), ('万', 10**4)):
        if unit in words:
            high, _unit, low = words.rpartition(unit) if unit == '亿' else words.partition(unit)
            return whole(high) * size + whole(low)
    total = digit = 0
    for sign in words:
        if sign in UNITS:
            total, digit = total + digit * UNITS[sign], 0
        else:
            digit = DIGITS.index(sign)
    return total + digit


def amount(words):
    """Read an amount back."""
    sign = -1 if words.startswith('负') else 1
    yuan, found, rest = words.removeprefix('负').removesuffix('整').rpartition('元')
    cents = sum(
        DIGITS.index(rest[rest.index(unit) - 1]) * size for unit, size in (('角', 10), ('分', 1)) if unit in rest
    )
    return sign * ((whole(yuan) if found else 0) + Decimal(cents) / 100)


@tagged('post_install', '-at_install')
class TestCapitals(BaseCase):
    """Amounts in Chinese capital numerals. (R038)"""

    def test_examples(self):
        """R038: the examples in the text of tools/capitals.py hold."""
        result = doctest.testmod(tool)
        self.assertGreater(result.attempted, 5)
        self.assertFalse(result.failed)

    def test_rules(self):
        """R038: the examples of the rules for cheques, and what the library gets wrong by itself."""
        for number, words in {
            '1409.50': "壹仟肆佰零玖元伍角整", '6007.14': "陆仟零柒元壹角肆分", '16409.02': "壹万陆仟肆佰零玖元零贰分",
            '325.04': "叁佰贰拾伍元零肆分", '100000.5': "壹拾万元伍角整", '200003945': "贰亿零叁仟玖佰肆拾伍元整",
            '-0.05': "负伍分", '-0.001': "零元整", '9999999999999999.99': (
                "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"
            ),
        }.items():  # fmt: skip
            self.assertEqual(capitals(number), words)

    def test_no_amount(self):
        """R038: what is no number, or beyond counting, is refused."""
        for bad in ('', 'x', None, float('nan'), float('inf'), 10**16, '9999999999999999.999'):
            with self.assertRaisesRegex(ValueError, "capital numerals"):
                capitals(bad)

    @profile
    @given(AMOUNTS, st.booleans())
    def test_read_back(self, value, negative):
        """R038: read back, the words are the amount; no two 零 in a row, none before a unit, 整 exactly without 分."""
        value = -value if negative and value else value
        words = capitals(value)
        self.assertEqual(amount(words), value)
        self.assertNotIn('零零', words)
        for unit in ('零拾', '零佰', '零仟', '零万', '零亿', '零角', '零分'):
            self.assertNotIn(unit, words)
        self.assertEqual(words.endswith('整'), value * 10 == int(value * 10))
        self.assertEqual('零元' in words, not value)
