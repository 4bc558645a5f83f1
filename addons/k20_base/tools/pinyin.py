"""Pinyin of Chinese names, with as little of pypinyin in memory as they need.

pypinyin knows 47,000 phrases, which take 40 MB in every process. Nine in ten are read as their characters are one
by one; only the others (重庆 is chongqing, not zhongqing) are loaded here, and each reading is kept once.
"""

import functools
import os
import re
import sys
from pathlib import Path

for switch in ('PYPINYIN_NO_PHRASES', 'PYPINYIN_NO_DICT_COPY'):
    os.environ.setdefault(switch, 'true')  # pypinyin looks once, when it is imported

import pypinyin  # noqa: E402
from pypinyin.constants import PINYIN_DICT  # noqa: E402
from pypinyin.contrib.tone_convert import to_normal  # noqa: E402

# "重庆": [["chóng"], ["qìng"]]; read piece by piece, because the whole as Python objects would stay in memory.
PHRASE = re.compile(r'"([^"]+)":\s*\[((?:\s*\[[^\]]*\],?)+)\s*\]')
READING = re.compile(r'\[\s*"([^"]+)"')

_without_tone = functools.cache(to_normal)


def pinyin(text):
    """Return the initials and the full pinyin of `text`, to find names by either.

    >>> pinyin("苏州神州")
    'szsz suzhoushenzhou'
    >>> pinyin("重庆 K20 银行")
    'cq k20 yh chongqing k20 yinhang'
    >>> pinyin("长春市朝阳区")
    'ccscyq changchunshichaoyangqu'
    """
    initials = pypinyin.lazy_pinyin(text, pypinyin.Style.FIRST_LETTER)
    return f"{''.join(initials)} {''.join(pypinyin.lazy_pinyin(text))}".lower()


def _share_readings():
    """Let the 42,000 characters share their 8,600 texts of readings, of which pypinyin reads a copy for each."""
    for sign, said in PINYIN_DICT.items():
        PINYIN_DICT[sign] = sys.intern(said)


def _load_unusual_phrases():
    """Teach pypinyin the phrases whose reading does not follow from their characters, and longer ones around them.

    Those correct them: 朝阳 is read in two ways, 朝阳区 in one.
    """
    text = Path(pypinyin.__file__).with_name('phrases_dict.json').read_text('utf-8')
    unusual = {phrase: said for phrase, said in _phrases(text) if not _is_usual(phrase, said)}
    around = {phrase: said for phrase, said in _phrases(text) if any(part in unusual for part in _parts(phrase))}
    listed = functools.cache(lambda reading: [reading])  # pypinyin copies them before it changes them
    pypinyin.load_phrases_dict({phrase: [*map(listed, said)] for phrase, said in {**unusual, **around}.items()})
    _without_tone.cache_clear()


def _phrases(text):
    """Yield each phrase of pypinyin's file and its readings."""
    for match in PHRASE.finditer(text):
        yield match[1], READING.findall(match[2])


def _is_usual(phrase, said):
    """Tell whether a phrase is read as its characters are one by one, tones aside."""
    usual = [PINYIN_DICT.get(ord(sign), sign).partition(',')[0] for sign in phrase]
    return said == usual or [*map(_without_tone, said)] == [*map(_without_tone, usual)]


def _parts(phrase):
    """Yield the shorter phrases, of two signs and more, that are in `phrase`."""
    for size in range(2, len(phrase)):
        for start in range(len(phrase) - size + 1):
            yield phrase[start : start + size]


_share_readings()
_load_unusual_phrases()
