"""Baselines: names for moments."""

from __future__ import annotations

import pytest

from cmdb.model.errors import InvalidValue, NotFound, UserError
from cmdb.register import baselines, history
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.store.conftest import Hand


def named(hand: Hand) -> list[tuple[str, int, str]]:
    with hand.store.read() as reader:
        return [(one.name, one.number, one.note) for one in baselines.baselines(reader)]


def test_a_baseline_is_made_renamed_removed_and_all_of_it_undone(hand: Hand) -> None:
    hand.make("laptop", "LT-1")
    hand.make("laptop", "LT-2")
    made = hand.store.apply(baselines.add(" Before  the audit ", 1, "anja", "as agreed"))
    hand.store.apply(baselines.add("Year end", 2, "anja"))
    assert named(hand) == [("Year end", 2, ""), ("Before the audit", 1, "as agreed")]
    with hand.store.read() as reader:
        uid = baselines.baselines(reader)[1].uid
        renamed = hand.store.apply(baselines.change(reader, uid, "Audit 2026", "", "tom"))
    assert named(hand)[1] == ("Audit 2026", 1, "")
    with hand.store.read() as reader:
        assert str(reader.revision(renamed.number).reason) == "Baseline “Before the audit” is now called “Audit 2026”"
        removed = hand.store.apply(baselines.remove(reader, uid, "tom"))
    assert named(hand) == [("Year end", 2, "")]
    history.undo(hand.store, removed.number, "tom")
    history.undo(hand.store, renamed.number, "tom")
    assert named(hand)[1] == ("Before the audit", 1, "as agreed")
    history.undo(hand.store, made.number, "tom")
    assert named(hand) == [("Year end", 2, "")]
    with hand.store.read(made.number) as reader:
        assert [one.name for one in baselines.baselines(reader)] == ["Before the audit"]
    with hand.store.read() as reader, pytest.raises(NotFound):
        baselines.remove(reader, uid, "tom")
    assert check_integrity(hand.store) == []


def test_a_moment_can_be_named_by_its_baseline(hand: Hand) -> None:
    hand.make("laptop", "LT-1")
    hand.make("laptop", "LT-2")
    hand.store.apply(baselines.add("Year End 2026", 1, "anja"))
    with hand.store.read() as reader:
        assert reader.revision_at("year end  2026") == 1
        assert reader.revision_at("2") == 2, "numbers, dates and times come first"
        with pytest.raises(UserError, match="nor a baseline"):
            reader.revision_at("year")


@pytest.mark.parametrize(
    ("name", "number", "says"),
    [
        ("  ", 1, "needs a name"),
        ("x" * 81, 1, "at most 80"),
        ("2026-01-01", 1, "means a revision, a date or a time"),
        ("12", 1, "means a revision"),
        ("STRASSE", 1, "already"),
        ("New", 99, "does not exist"),
        ("New", -1, "does not exist"),
    ],
)
def test_names_that_cannot_be_are_refused(hand: Hand, name: str, number: int, says: str) -> None:
    hand.make("laptop", "LT-1")
    hand.store.apply(baselines.add("Straße", 1, "anja"))
    with pytest.raises(InvalidValue, match=says):
        hand.store.apply(baselines.add(name, number, "anja"))
    assert named(hand) == [("Straße", 1, "")]


def test_a_name_that_was_taken_meanwhile_does_not_come_back_by_undo(hand: Hand) -> None:
    hand.make("laptop", "LT-1")
    hand.store.apply(baselines.add("Audit", 1, "anja"))
    with hand.store.read() as reader:
        removed = hand.store.apply(baselines.remove(reader, baselines.baselines(reader)[0].uid, "anja"))
    hand.store.apply(baselines.add("audit", 1, "tom"))
    with pytest.raises(InvalidValue, match="already"):
        history.undo(hand.store, removed.number, "anja")
