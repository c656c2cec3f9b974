"""Rows that repeat their records: they are not weighed again, with the same result as if they were.

The register in memory has no fingerprints, the stored ones have: tests on all three compare both ways.
"""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.observation import NamedReference, Observation, Origin, Reading
from cmdb.model.revision import Edit, Revision, ci
from cmdb.reconciliation import pipeline
from cmdb.reconciliation.unchanged_rows import FINGERPRINT, fingerprint_of
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet
from tests.cmdb.reconciliation.stored_estate import Stored

MODEL = NamedReference("hardware_model", "T14")


def laptop(number: int, **values: Any) -> Observation:
    own = {"name": f"nb-{number}", "serial_number": f"PF{number}ABCDE", "model": MODEL, **values}
    return Observation("laptop", own, Origin("assets.xlsx", "Assets", number))


def week(*changed: Observation, day: int = 2) -> Reading:
    """Ten laptops, some of them changed."""
    rows = {n: laptop(n, memory=8192) for n in range(1, 11)} | {one.origin.row: one for one in changed}
    return sheet(*rows.values(), observed=f"2026-03-{day:02d}T10:00:00Z")


def weighed(estate: ReconciledEstate, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many observations each round of a proposal weighs."""
    counts: list[int] = []
    run = pipeline._Run.propose

    def counted(self: Any, all_or_nothing: bool) -> Any:
        counts.append(sum(len(r.observations) for r in self.readings))
        return run(self, all_or_nothing)

    monkeypatch.setattr(pipeline._Run, "propose", counted)
    estate.propose(reading)
    return counts


def test_the_second_time_nothing_is_weighed(estate: ReconciledEstate, monkeypatch: pytest.MonkeyPatch) -> None:
    estate.take(week())
    again = estate.propose(week(day=9))
    assert (again.unchanged, again.updated, again.created, list(again.revision.edits)) == (10, 0, 0, [])
    assert {c.name for c in again.changes} == {f"nb-{n}" for n in range(1, 11)}
    assert [len(c.origins) for c in again.changes] == [1] * 10
    assert weighed(estate, week(day=9), monkeypatch) == ([0] if isinstance(estate, Stored) else [10])


def test_only_what_is_new_is_weighed(estate: ReconciledEstate, monkeypatch: pytest.MonkeyPatch) -> None:
    estate.take(week())
    news = week(laptop(3, memory=16384), laptop(11), day=9)
    if isinstance(estate, Stored):
        assert weighed(estate, news, monkeypatch) == [2]
    taken = estate.take(news)
    assert (taken.created, taken.updated, taken.unchanged) == (1, 1, 9)
    assert estate.propose(week(laptop(3, memory=16384), laptop(11), day=16)).unchanged == 11


def test_a_row_that_goes_back_to_what_it_was_is_a_change(estate: ReconciledEstate) -> None:
    estate.take(week())
    estate.take(week(laptop(3, memory=16384), day=9))
    back = estate.take(week(day=16))
    assert (back.updated, back.unchanged) == (1, 9)
    assert estate.values[estate.uid("nb-3")]["memory"] == 8192


def test_what_another_source_says_is_weighed_again(estate: ReconciledEstate) -> None:
    estate.take(week())
    estate.take(scan(laptop(4, memory=32768), observed="2026-03-03T00:00:00Z"))
    assert estate.values[estate.uid("nb-4")]["memory"] == 32768
    again = estate.propose(week(day=9))
    assert [(d.attribute, d.said) for d in again.deviations] == [("memory", 8192)]


def test_a_reference_that_is_gone_is_made_again(estate: ReconciledEstate) -> None:
    estate.take(week())
    if not isinstance(estate, Stored):
        pytest.skip("what refers to a deleted record is cleared by the store")
    estate.apply(Revision([Edit(ci(estate.uid("T14")), "", {}, None)], "anna"))
    again = estate.take(week(day=9))
    assert (again.created, again.updated) == (1, 10)


def test_rows_that_disagree_are_weighed_together(estate: ReconciledEstate) -> None:
    estate.take(week())
    other = laptop(11, serial_number="PF3ABCDE", name="nb-33")
    both = estate.propose(week(other, day=9))
    alone = {n: estate.propose(sheet(laptop(n, memory=8192))).unchanged for n in (1, 3)}
    assert alone == {1: 1, 3: 1}
    assert len(both.review) == 1
    assert {origin.row for origin in both.review[0].origins} == {3, 11}


def test_equal_rows_are_one_record(estate: ReconciledEstate) -> None:
    estate.take(week())
    again = estate.propose(sheet(laptop(1, memory=8192), laptop(1, memory=8192)))
    assert (again.unchanged, again.created, again.review) == (1, 0, [])


def test_a_fingerprint_depends_on_values_and_not_on_the_place() -> None:
    assert fingerprint_of(laptop(1)) == fingerprint_of(Observation("laptop", dict(reversed(laptop(1).values.items()))))
    assert fingerprint_of(laptop(1)) != fingerprint_of(laptop(1, memory=1))
    assert fingerprint_of(Observation("laptop", {"name": "x"}, evidence={"mac": ["00:00:5e:00:53:01"]})) == ""


def test_an_incomplete_statement_gets_no_fingerprint(estate: ReconciledEstate) -> None:
    estate.take(week())
    uid = estate.uid("nb-5")
    if not isinstance(estate, Stored):
        pytest.skip("looks at statements as they are stored")
    with estate.store.read() as reader:
        reader_said = reader.said([uid])[uid]["sheet:assets.xlsx"]
    assert FINGERPRINT in reader_said
    estate.apply(Revision([Edit(ci(uid), "notes", None, "hands off")], "anna"))
    estate.take(week(laptop(5, memory=8192, notes="from the list"), day=9))
    with estate.store.read() as reader:
        assert FINGERPRINT not in reader.said([uid])[uid]["sheet:assets.xlsx"]
