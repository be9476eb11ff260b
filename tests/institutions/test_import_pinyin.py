"""The fast pinyin of names says what the library says."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from institutions import names

SIGNS = [chr(code) for code in PINYIN_DICT if 0x4E00 <= code < 0x9FA5]
PHRASES = list(PHRASES_DICT)
PIECES = st.one_of(
    st.sampled_from(PHRASES), st.sampled_from(SIGNS), st.sampled_from(["A1", " ", "(北外)", "乐"])
)


def by_library(name):
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return (
        " ".join(lazy_pinyin(name)).lower()[: names.KEY_LENGTH],
        "".join(sign for sign in letters if sign.isalnum())[: names.INITIALS_LENGTH],
    )


@given(st.lists(PIECES, max_size=6).map("".join))
def test_any_name_reads_as_the_library_reads_it(name):
    assert (names.name_key(name), names.initials(name)) == by_library(name)


@pytest.mark.parametrize("seed", range(3))
def test_many_names_read_as_the_library_reads_them(seed):
    chance = random.Random(seed)
    for _ in range(300):
        name = "".join(chance.choice(PHRASES) + chance.choice(SIGNS) for _ in range(3))
        assert (names.name_key(name), names.initials(name)) == by_library(name), name


def test_a_sign_is_read_as_its_word_wants():
    assert names.name_key("长乐音乐") == "chang le yin yue"
    assert names.initials("重庆乐学ABC") == "cqlxabc"
