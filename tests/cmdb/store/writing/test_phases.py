"""A record enters the phase ``gone`` only with the values that the schema requires, by any kind of change."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.errors import InvalidValue
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.register import edits, history
from tests.cmdb.store.conftest import Hand

GONE: dict[str, Any] = {"status": "Disposed", "disposed_on": "2026-02-01", "disposal": "Sold"}
ERASED = {"data_erasure_method": "Shredded", "data_erased_by": "Ship & Shred", "data_erasure_certificate": "C-1"}


def put(hand: Hand, uid: str, **values: Any) -> int:
    with hand.store.read() as reader:
        revision = edits.set_values(reader, [uid], values, "test")
    return hand.store.apply(revision).number


@pytest.mark.parametrize(
    ("cls", "given", "lacks"),
    [
        ("monitor", {}, "a date and a way (Disposed on and Disposal)"),
        ("monitor", {"disposed_on": "2026-02-01"}, "a date and a way (Disposal)"),
        ("laptop", {"disposed_on": "2026-02-01", "disposal": "Sold"}, "what was done to its data, or an exception"),
        ("laptop", {**GONE, **ERASED, "serial_number": None}, "Data erasure serial"),
        ("storage_system", GONE, "Data erasure exception"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(
    hand: Hand, cls: str, given: dict[str, Any], lacks: str
) -> None:
    uid = hand.make(cls, "X-1", status="Retired", serial_number="S1")
    with pytest.raises(InvalidValue) as refused:
        put(hand, uid, **{**given, "status": "Disposed"})
    assert str(refused.value).startswith("X-1: Disposed is set only with ")
    assert lacks in str(refused.value)
    assert hand.get(uid).values["status"] == "Retired"
    with pytest.raises(InvalidValue, match="is set only with"):
        hand.make(cls, "X-2", **{n: v for n, v in {**given, "status": "Disposed"}.items() if v is not None})


@pytest.mark.parametrize(
    ("cls", "given"),
    [
        ("laptop", {**GONE, **ERASED, "serial_number": "S1"}),
        ("laptop", {**GONE, **ERASED, "data_erasure_serial": "D1, D2"}),
        ("laptop", {**GONE, "data_erasure_exception": "Stolen"}),
        ("virtual_machine", GONE),
        ("monitor", GONE),
        ("person", {"status": "Left"}),
    ],
)
def test_what_is_complete_goes(hand: Hand, cls: str, given: dict[str, Any]) -> None:
    made = hand.make(cls, "X-1", **given)
    assert hand.get(made).values["status"] == given["status"]
    uid = hand.make(cls, "X-2")
    put(hand, uid, **{name: f"{value}2" if name == "serial_number" else value for name, value in given.items()})
    assert hand.get(uid).values["status"] == given["status"]


def test_a_claim_that_wins_is_a_transition_too(hand: Hand) -> None:
    uid = hand.make("monitor", "M-1", status="Retired")
    claim = Edit(Record("claim", (uid, "person")), "status", None, ["Disposed", "2099-01-01T00:00:00Z"])
    record = Edit(claim.record, "status", _said(hand, uid), claim.after)
    with pytest.raises(InvalidValue, match="a date and a way"):
        hand.store.apply(Revision([record], "test"))


def _said(hand: Hand, uid: str) -> list[Any] | None:
    with hand.store.read() as reader:
        pair = reader.said([uid])[uid].get("person", {}).get("status")
    return None if pair is None else list(pair)


def test_an_undo_is_not_bound_and_what_is_gone_may_be_edited(hand: Hand) -> None:
    uid = hand.make("monitor", "M-1", **GONE)
    number = put(hand, uid, status="In stock", disposal=None)
    put(hand, uid, notes="Found again")
    history.undo(hand.store, number, "test")
    assert hand.get(uid).values["status"] == "Disposed"
    put(hand, uid, disposed_on=None)
    assert "disposed_on" not in hand.get(uid).values


def test_the_estate_may_ask_for_less_or_for_more(hand: Hand) -> None:
    rules = {"requires": {"disposal": {"any": []}, "note": {"phase": "away", "any": [["notes"]], "label": "a note"}}}
    document = {"class": {"hardware": rules}}
    entry = Edit(Record("schema_entry", (new_id(),)), "", None, {"document": document})
    hand.store.apply(Revision([entry], "test"))
    hand.make("monitor", "M-1", status="Disposed")
    with pytest.raises(InvalidValue, match=r"a note \(Notes\)"):
        hand.make("monitor", "M-2", status="Lost")
    hand.make("monitor", "M-3", status="Lost", notes="Last seen in 2.14")
