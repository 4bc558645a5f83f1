import doctest

from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PHRASES_DICT

from odoo.tests import BaseCase, tagged

from ..tools import names, pinyin
from .common import profile

WORDS = st.lists(st.sampled_from(list("苏州神州数码科技东方abcxyz789é")), min_size=1, max_size=12).map(''.join)
SIGNS = st.integers(0x20, 0xD7FF).map(chr)  # st.text() would first read all of Unicode, which takes half a minute here
TYPED = st.lists(SIGNS, max_size=20).map(''.join) | st.lists(
    st.sampled_from([*"神州 Zin.,()（）-&", "有限公司", "集团", "公司", "Inc", " Co", "Ltd."]), max_size=8
).map(''.join)
LANDLINES = st.tuples(st.sampled_from(['010', '021', '0512', '0755']), st.integers(60000000, 69999999))
CHINESE = ("有限公司", "有限责任公司", "股份有限公司", "集团", "集团有限公司", "（集团）股份有限公司")
ENGLISH = (" Co., Ltd.", " CO.,LTD", " Inc.", " LLC", " Group Limited")
STYLES = ("{0}-{1}", "({0}){1}", "{0} {1}", "+86 {0} {1}", "0086-{0}-{1}", "{0}－{1}", "总机：{0}-{1}")
EXTENSIONS = ("", "-801", "转8", " ext. 12", "#5")


@tagged('post_install', '-at_install', 'k20_thorough')
class TestNames(BaseCase):
    """What counts as the same name, tax number and phone number. (R162)"""

    def test_examples(self):
        """R162: the examples in the texts of tools/names.py hold."""
        result = doctest.testmod(names)
        self.assertGreater(result.attempted, 5)
        self.assertFalse(result.failed)

    def test_examples_of_pinyin(self):
        """R007: phrases are read as one says them, with few of pypinyin's 47,000 in memory."""
        result = doctest.testmod(pinyin)
        self.assertEqual((result.attempted, result.failed), (3, 0))
        self.assertLess(len(PHRASES_DICT), 10_000)

    @profile
    @given(TYPED)
    def test_a_key_is_its_own_key(self, typed):
        """R162: normalising twice changes nothing, whatever is typed; only a blank name has no key."""
        key = names.name_key(typed)
        self.assertEqual(names.name_key(key), key)
        self.assertEqual(bool(key), bool(typed.strip()) and bool(key))
        self.assertEqual(names.vat_key(names.vat_key(typed)), names.vat_key(typed))

    @profile
    @given(WORDS, st.sampled_from(CHINESE + ENGLISH))
    def test_suffixes_do_not_count(self, name, suffix):
        """R162: 神州 and 神州有限公司 are one customer."""
        self.assertEqual(names.name_key(name + suffix), names.name_key(name))

    @profile
    @given(WORDS, WORDS, st.sampled_from(["()", "（）", "[]", "【】", "  ", "·、", "-—", "“”"]))
    def test_brackets_spaces_and_punctuation_do_not_count(self, name, inner, signs):
        """R162: 神州（苏州） and 神州(苏州) and 神州苏州 are one customer."""
        self.assertEqual(names.name_key(f'{name}{signs[0]}{inner}{signs[1]}'), names.name_key(name + inner))

    @profile
    @given(WORDS)
    def test_width_and_case_do_not_count(self, name):
        """R162: full-width and capital letters are the same letters."""
        wide = ''.join(chr(ord(sign) + 0xFEE0) if '!' <= sign <= '~' else sign for sign in name.upper())
        self.assertEqual(names.name_key(wide), names.name_key(name))

    @profile
    @given(WORDS, WORDS)
    def test_different_names_stay_different(self, one, other):
        """R162: a branch is a customer of its own; a different word is a different name."""
        self.assertNotEqual(names.name_key(f'{one}甲{other}有限公司'), names.name_key(f'{one}乙{other}有限公司'))
        self.assertNotEqual(names.name_key(f'{one}分公司'), names.name_key(f'{one}公司'))

    def test_a_name_keeps_something(self):
        """R162: a name that is nothing but suffix is not the same as every other such name."""
        for name in ("集团", "有限公司", "Limited", "!!!", "（）"):
            self.assertTrue(names.name_key(name), name)
        self.assertNotEqual(names.name_key("Limited"), names.name_key("有限公司"))

    def test_an_overlong_name_fits_the_index(self):
        """R162: and two of them differ where their ends do."""
        long = "神" * 5000
        self.assertLessEqual(len(names.name_key(long)), names.LONGEST)
        self.assertNotEqual(names.name_key(long + "甲"), names.name_key(long + "乙"))

    @profile
    @given(LANDLINES, st.sampled_from(STYLES), st.sampled_from(EXTENSIONS))
    def test_a_number_is_the_same_however_it_is_written(self, landline, style, extension):
        """R162: country code, brackets, dashes, width, extension."""
        area, number = landline
        self.assertEqual(names.phone_key(style.format(area, number) + extension), f'+86{area[1:]}{number}')

    @profile
    @given(LANDLINES, st.integers(13000000000, 13999999999), st.sampled_from(["/", "、", "，", ";", " ", "或"]))
    def test_of_several_numbers_the_first_counts(self, landline, mobile, between):
        """R162: the others are known, too."""
        area, number = landline
        keys = names.phone_keys(f'{area}-{number}{between}{mobile}')
        self.assertEqual(keys, [f'+86{area[1:]}{number}', f'+86{mobile}'])
        self.assertEqual(names.phone_key(f'{mobile}{between}{area}-{number}'), f'+86{mobile}')

    @profile
    @given(TYPED)
    def test_anything_may_be_typed(self, typed):
        """R162: what is no number is no error."""
        self.assertEqual(names.phone_key(typed), (names.phone_keys(typed) or [None])[0])
