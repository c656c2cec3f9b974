from __future__ import annotations

import pytest

from cmdb.model.near_words import near_meanings, near_words, opposite
from cmdb.model.schema import Schema, fold
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter


@pytest.mark.parametrize(
    ("one", "other", "turned"),
    [
        ("Undeployable", "Deployable", True),
        ("Undeployable", "Deployed", True),
        ("Not in use", "In use", True),
        ("Out of stock", "In stock", True),
        ("Disabled", "Enabled", True),
        ("Powered off", "Powered on", True),
        ("Decommissioned", "Commissioned", True),
        ("außer Betrieb", "in Betrieb", True),
        ("Non-compliant", "Compliant", True),
        ("Deploied", "Deployed", False),
        ("Instok", "In stock", False),
        ("Inactve", "Inactive", False),
        ("Not deploid", "Not deployed", False),
        ("Installd", "Installed", False),
        ("Delivred", "Delivered", False),
    ],
)
def test_what_denies_what(one: str, other: str, turned: bool) -> None:
    assert (opposite(one, other), opposite(other, one)) == (turned, turned)


def test_near_words_leave_out_what_means_the_opposite() -> None:
    assert near_words("undeployable", ["deployable", "undeployed"]) == ["undeployed"]
    assert near_words("deploied", ["deployed", "destroyed"], 1) == ["deployed"]


def test_no_choice_is_proposed_for_its_opposite() -> None:
    """The words of every choice of the schema, denied in several ways: none leads back to the choice it denies."""
    attributes = {(a.name, a.choices): a for c in Schema.load().classes.values() for a in c.attributes.values()}
    turned = []
    for attribute in attributes.values():
        convert = Converter(attribute)
        known = {fold(w) for c in attribute.choices for w in (*c.synonyms, c.value, c.label)}
        for choice in attribute.choices:
            for word in {fold(choice.value), *map(fold, choice.synonyms[:6])}:
                before = ("un", "non", "in", "not ", "no longer ") if " " not in word else ("not ", "no longer ")
                for denied in (f"{one}{word}" for one in before if not word.startswith(("un", "in", "not", "non"))):
                    found = convert(denied) if denied not in known else None
                    proposed = isinstance(found, CellError) and "Did you mean" in str(found.message)
                    if proposed and found.suggested[0] == choice.label:
                        turned.append((denied, attribute.name, choice.label))
    assert turned == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("per seat", None), ("per sockets", "Socket"), ("sockte", "Socket"), ("pro sokcet", "Socket"),
        ("rendu", None), ("old", None), ("rental", None), ("pvu", None), ("instock", "In stock"),
        ("in stok", "In stock"), ("socker", "Socket"),
    ],
)  # fmt: skip
def test_only_a_slip_of_the_pen_is_proposed(word: str, meant: str | None) -> None:
    words = {"socket": "Socket", "per socket": "Socket", "vendu": "Sold", "sold": "Sold", "retail": "Retail",
             "rvu": "RVU", "in stock": "In stock"}  # fmt: skip
    assert near_meanings(word, words) == ([meant] if meant else [])


def test_no_word_of_a_choice_would_be_taken_for_another_choice() -> None:
    """Each known word as if it were unknown: what is proposed then is its own choice, or nothing."""
    turned = set()
    for attribute in {
        (a.name, a.choices): a for c in Schema.load().classes.values() for a in c.attributes.values()
    }.values():
        words = {fold(w): c.label for c in attribute.choices for w in (*c.synonyms, c.value, c.label)}
        for word, meaning in words.items():
            rest = {known: other for known, other in words.items() if known != word}
            turned.update((word, one) for one in near_meanings(word, rest)[:1] if one != meaning)
    assert turned <= {("perdido", "Ordered"), ("pedido", "Lost")}, "which are both known"
