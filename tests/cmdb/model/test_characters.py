"""Invisible characters are removed from texts; those that writing systems need stay."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.characters import as_json_escapes, escaped, marked, one_line, unseen, visible
from cmdb.model.errors import InvalidValue
from cmdb.model.observation import InstalledSoftware, Link, NamedReference, Observation, Source
from cmdb.model.revision import Revision
from cmdb.model.schema import Attribute
from cmdb.model.values import parse, removed

NAME = Attribute("name", "Name", "text")
NOTES = Attribute("notes", "Notes", "long_text")

LEGITIMATE = (
    "می‌خواهم",  # a non-joiner in Persian
    "क्‍ष",  # a joiner in Devanagari
    "👨‍👩‍👧", "❤️‍🔥", "👍🏽", "☺️", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "שלום\u200f (abc)", "مرحبا", "葛\U000e0100", "ภาษา\u200bไทย", "naïve café", "Ω≈ç√∫", "e\u0301",
    "\uf8ff",  # a company's own character
)  # fmt: skip

UNSEEN = (
    ("a\x00b", "ab"),
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b]0;title\x07name", "name"),
    ("\x1b]8;;file:///etc\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x9b2Jname", "name"),
    ("a\x1bb\x08\x7f", "ab"),
    ("invoice\u202egpj.exe", "invoicegpj.exe"),
    ("a\u2066b\u2069", "ab"),
    ("ad\u200bmin\ufeff", "admin"),
    ("ad\u200dmin", "admin"),
    ("a\u200fb", "ab"),
    ("soft\u00adhyphen\u2060", "softhyphen"),
    ("tag\U000e0041\U000e0042", "tag"),
    ("a\ufe0fb", "ab"),
    ("\u3164a\uffa0", "a"),
    ("half\ud800", "half\ufffd"),
    ("no\uffff", "no"),
)


@pytest.mark.parametrize("text", LEGITIMATE)
def test_what_scripts_need_stays(text: str) -> None:
    assert visible(text) == escaped(text) == marked(text) == text
    assert unseen(text) == ()
    assert parse(NAME, text) == text


@pytest.mark.parametrize(("text", "left"), UNSEEN)
def test_invisible_characters_are_removed(text: str, left: str) -> None:
    assert unseen(text)
    assert visible(text) == left
    assert parse(NAME, text) == parse(NOTES, text) == left
    assert "U+" in str(removed(text))


def test_lines_and_tabs_stay_in_long_texts() -> None:
    assert parse(NOTES, "one\n\ttwo\r\nthree") == "one\n\ttwo\r\nthree"
    assert parse(NOTES, "one\x0btwo\u2028three\rfour") == "one\ntwo\nthree\nfour"
    assert parse(NAME, "one\n\ttwo") == one_line("one\n\ttwo") == "one two"
    assert removed("one\n\ttwo") is None


def test_a_text_of_which_nothing_is_seen_is_blank() -> None:
    with pytest.raises(InvalidValue, match="blank"):
        parse(NAME, "\u202e\u200b")


def test_a_terminal_and_a_window_are_shown_something_else() -> None:
    assert escaped("a\x1b[1mb\u202ec\U000e0041\ud800") == "a\\x1b[1mb\\u202ec\\U000e0041\\ud800"
    assert marked("a\u202eb") == "a\ufffdb"


@given(st.text())
def test_clean_texts_stay_as_they_are(text: str) -> None:
    clean = visible(text)
    assert unseen(clean) == ()
    assert visible(clean) == clean
    assert escaped(clean) == clean
    assert unseen(escaped(text)) == unseen(marked(text)) == ()


@given(
    st.text(
        st.sampled_from("\x1b[]m;\\\x07\x9b\u200d\u200c\ufe0f\u202e\u200fאآक्a☺👨🏴\U000e0067\U000e007f\u1160\u1100\r\n")
    )
)
def test_clean_mixtures_stay_as_they_are(text: str) -> None:
    clean = visible(text)
    assert visible(clean) == clean
    assert not set(clean) & {"\x1b", "\u202e"}


@given(st.recursive(st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one), max_leaves=8))
def test_json_says_the_same_in_escapes(document: object) -> None:
    text = as_json_escapes(json.dumps(document, ensure_ascii=False))
    assert json.loads(text) == document
    assert unseen(text) == ()


def test_observations_are_clean_whoever_makes_them() -> None:
    dirty = "\x1b[1ma\u202eb\n"
    seen = Observation("server", {"name": dirty, "notes": dirty, "memory": 4})
    assert seen.values == {"name": "ab\n", "notes": "ab\n", "memory": 4}
    assert NamedReference("person", dirty).name == "ab"
    assert Link("depends_on", NamedReference("", "a"), group=dirty).group == "ab"
    software = InstalledSoftware(dirty, publisher=dirty, version=dirty)
    assert (software.product, software.publisher, software.version) == ("ab", "ab", "ab")
    assert Source("sheet", "a\u202eb.xlsx").key == "sheet:ab.xlsx"


def test_a_revision_contains_no_invisible_characters() -> None:
    made = Revision([], "an\u202ena", reason="\x1b[1mwhy")
    assert (made.author, made.reason) == ("anna", "why")
