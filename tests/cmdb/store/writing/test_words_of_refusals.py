"""What is refused is said in words: no kind, field or id of the program reaches a person."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.errors import Conflict, NotFound
from cmdb.model.record_kinds import field_of, one_of
from cmdb.model.revision import KINDS, Edit, Record, new_id
from cmdb.store.rows.codec import KIND_TABLES
from cmdb.store.rows.record_names import described
from tests.cmdb.estates import Hand

_HIDDEN = {"alone", "origin", "observed", "digest", "at", "what", "field", "before", "after", "before_ref", "after_ref"}
"""Fields that no person writes: a refusal names the record alone."""
_WHOLE = {"owner", "record", "type", "size", "sha256", "author", "base", "state", "extra", "subject"}
"""Fields that are written with their record, never by themselves."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_word(kind: str) -> None:
    word = str(one_of(kind))
    assert word[:1].isupper()
    assert "_" not in word


def test_every_field_has_a_word_or_is_never_named() -> None:
    fields = {name for kind in KIND_TABLES.values() for name in kind.fields}
    assert {name for name in fields if field_of(name) is None} <= _HIDDEN | _WHOLE


@pytest.mark.parametrize("kind", KIND_TABLES)
def test_a_record_is_named_without_its_key(hand: Hand, kind: str) -> None:
    uid = hand.make("laptop", "LT-1")
    key = tuple(f"internal_{part}" for part in KINDS[kind][1:])
    with hand.store.read() as reader:
        said = str(described(reader._connection, Record(kind, (uid, *key)), {"owner": new_id()}))
    assert said == f"{one_of(kind)} “LT-1”"


@pytest.mark.parametrize(
    ("kind", "fields", "field", "said"),
    [
        ("comment", {"text": "a", "by": "Bea"}, "text", "Comment “LT-1” was changed meanwhile: Text."),
        ("saved_view", {"name": "Mine", "where": "a"}, "where", "Saved view “Mine” was changed meanwhile: Filter."),
        ("setting", {"value": "a"}, "value", "Setting of the estate was changed meanwhile."),
    ],
)
def test_a_conflict_is_said_in_words(hand: Hand, kind: str, fields: dict[str, Any], field: str, said: str) -> None:
    owner = hand.make("laptop", "LT-1")
    fields = {**fields, **({"owner": owner} if kind == "comment" else {})}
    record = Record(kind, (new_id(),))
    hand.apply(Edit(record, "", None, fields))
    with pytest.raises(Conflict) as met:
        hand.apply(Edit(record, field, "other", "b"))
    assert str(met.value) == said
    with pytest.raises(Conflict, match="exists already"):
        hand.apply(Edit(record, "", None, {**fields, field: "b"}))
    hand.apply(Edit(record, "", fields, None))
    with pytest.raises(NotFound, match=f"^{one_of(kind)} is gone meanwhile"):
        hand.apply(Edit(record, field, "a", "b"))
