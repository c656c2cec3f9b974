"""A proposal in staging can be looked through, trimmed, applied and dropped."""

from __future__ import annotations

from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.selection import Selection
from cmdb.store.staging import forgotten, stage
from tests.cmdb.store.conftest import Hand


def test_a_staged_proposal_is_applied_as_it_stands(hand: Hand) -> None:
    old = hand.make("laptop", "LT-0")
    site = hand.new("site", "Rotterdam")
    one = hand.new("laptop", "LT-1", location=site.record.key[0])
    two = hand.new("laptop", "LT-2")
    change = Edit(Record("claim", (old, "sheet:x")), "order_number", None, ["PO", "2026-01-01T00:00:00Z"])
    revision = Revision([site, one, two, change], "tester", source="sheet:x")
    labels = {e.record.key[0]: ("laptop", e.after["name"]) for e in (one, two)}
    staged = stage(hand.store, revision, labels)
    assert staged.counts() == {"new": 3, "changed": 1}
    assert list(staged) == list(revision.edits)
    assert [r.label for r in staged.page("new", text="lt-2")] == ["LT-2"]
    staged.drop([r.position for r in staged.page("new", text="lt-2")])
    applied = hand.store.apply(Revision(staged, "tester", source="sheet:x"))
    assert len(applied.created) == 2
    assert hand.get(old).values["order_number"] == "PO"
    staged.discard()
    assert staged.page() == []


def test_what_refers_to_a_dropped_record_goes_with_it(hand: Hand) -> None:
    site = hand.new("site", "Rotterdam")
    one = hand.new("laptop", "LT-1", location=site.record.key[0])
    other = hand.new("laptop", "LT-2")
    staged = stage(hand.store, Revision([site, one, other], "tester"), {})
    staged.drop([0])
    hand.store.apply(Revision(staged, "tester"))
    with hand.store.read() as reader:
        assert [c.name for c in reader.page(Selection())] == ["LT-2"]


def test_forgotten_proposals_are_cleared_away(hand: Hand) -> None:
    edit = hand.new("site", "Rotterdam")
    staged = stage(hand.store, Revision([edit], "tester"), {edit.record.key[0]: ("site", "Rotterdam")})
    assert forgotten(hand.store, "2000-01-01T00:00:00Z") == 0
    assert forgotten(hand.store, "9999-01-01T00:00:00Z") == 1
    assert list(staged) == []
