"""Audits by lists: places and commands among the codes, thousands in one revision, and codes that nobody knew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.audits.scanning import CodeRead
from app.codes.code_lists import as_reads, pasted_codes
from app.codes.resolve import resolve
from app.codes.short_codes import short_code
from app.codes.unknown_codes import make, tie
from app.reviews.inbox import gather
from cmdb.model.audits import MOVE, AuditOutcome
from cmdb.register import history
from tests.app.audits.building import Building, build
from tests.cmdb.estates import DIALECTS, Places


@pytest.fixture(params=DIALECTS)
def building(request: pytest.FixtureRequest, places: Places) -> Iterator[Building]:
    with places.borrowed(request.param) as store:
        yield build(store)


def test_places_and_commands_among_the_codes_are_for_what_follows(building: Building) -> None:
    audit = building.started()
    with building.store.read() as reader:
        office = short_code(reader.schema, "room", building.office)
    answers = building.scan(
        audit, "A1", "XCBROKEN", "A2", "XCGOOD", CodeRead("A3", condition="gebraucht"), office, "xchere", "A4",
        "XCUNDO",
        CodeRead("A5", condition="shiny"),
    )  # fmt: skip
    scans = {one.scan.code: one.scan for one in answers if one.scan is not None}
    assert {code: one.condition for code, one in scans.items()} == {
        "A1": "", "A2": "Damaged", "A3": "Worn", "A4": "Good", "A5": "shiny",
    }  # fmt: skip
    assert [scans[code].place for code in ("A3", "A5")] == [building.room, building.office]
    assert (scans["A5"].choice, scans["A4"].withdrawn, scans["A5"].withdrawn) == (MOVE, True, False)


def test_an_unknown_code_is_asked_about_and_its_scans_are_those_of_whose_it_is(building: Building) -> None:
    audit = building.started()
    building.scan(audit, "OLD-1", "old-1", "NEW-1", "GONE", "XCUNDO")
    with building.store.read() as reader:
        questions = {one.name: one for one in gather(reader).questions}
        assert questions.keys() == {"OLD-1", "NEW-1"}
        assert "Store" in str(questions["OLD-1"].origins[0])
        tied = tie(reader, ["OLD-1"], building.items[0], "Bea")
        made = make(reader, "NEW-1", "monitor", "Bea")
    applied = building.store.apply(tied)
    building.store.apply(made)
    sheet = building.sheet(audit)
    assert [sheet.counts[one] for one in (AuditOutcome.FOUND, AuditOutcome.OUTSIDE, AuditOutcome.UNKNOWN)] == [1, 1, 0]
    with building.store.read() as reader:
        new = resolve(reader, "NEW-1").record
        assert new is not None
        assert new.text("location") == building.room
    history.undo(building.store, applied.number, "Bea")
    assert building.sheet(audit).counts[AuditOutcome.UNKNOWN] == 1


def test_a_list_is_one_revision(building: Building) -> None:
    audit = building.started()
    text = "Room;Code\n" + "".join(f"Store;A{1 + n % 20}\n" for n in range(300)) + "Store;X9\n"
    answers = building.scan(audit, *as_reads(pasted_codes(text).codes), place=building.office)
    assert len(answers) == 302
    assert building.sheet(audit).counts[AuditOutcome.FOUND] == 20
