"""Codes with a draft, and in the past: what the draft makes is found by its code; no past is looked into."""

from __future__ import annotations

from app.codes.resolve import resolve
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.store import Store
from tests.cmdb.estates import Hand
from tests.cmdb.store.drafts.test_draft_store import opened


def test_what_a_draft_makes_and_changes_is_found(store: Store, hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1", asset_tag="A1")
    plan: DraftStore = opened(store)
    drafted = Hand(plan)
    made = drafted.make("phone", "PH-1", imei="356938035643809", asset_tag="A2")
    with plan.read() as reader:
        found = [resolve(reader, code).record for code in ("A1", "A2", "356938035643809", "ph-1")]
        assert [one and one.uid for one in found] == [laptop, made, made, made]
        number = reader.number
    with store.read() as reader:
        assert resolve(reader, "A2").kind == "unknown"
        assert resolve(reader, "A1").record == reader.get(laptop)
    with store.read(number) as reader:
        assert resolve(reader, "A1").kind == "unknown"
