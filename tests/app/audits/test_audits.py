"""Audits from start to end: what was scanned, what it came to, and what accepting it writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.audits.acceptance import accept, plan_acceptance
from app.audits.proposals import proposals
from app.audits.running import close_place, drop, excuse, finish, number_expected, reopen_place, resume
from app.audits.scanning import CodeRead, change_scan, record_scans, withdraw_scan
from app.audits.sheets import audits
from app.codes.short_codes import short_code
from cmdb.model.audits import APART, OF_EXPECTED, SEEN, AuditOutcome, AuditScope, ScanMark
from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.selection import Selection
from cmdb.register import edits, history
from cmdb.register.merging import merge
from cmdb.store.upkeep.integrity import check_integrity
from tests.app.audits.building import STORED, Building, build, changed
from tests.cmdb.estates import DIALECTS, Hand, Places


@pytest.fixture(params=DIALECTS)
def building(request: pytest.FixtureRequest, places: Places) -> Iterator[Building]:
    with places.borrowed(request.param) as store:
        yield build(store)


@pytest.fixture
def file_building(places: Places) -> Iterator[Building]:
    with places.borrowed("sqlite") as store:
        yield build(store)


def outcomes(building: Building, audit: str) -> dict[str, int]:
    counts = building.sheet(audit).counts
    return {str(one): counts[one] for one in (*OF_EXPECTED, *APART) if counts[one]}


def test_a_room_is_audited(building: Building) -> None:
    audit = building.started()
    answers = building.scan(audit, *(f"A{n}" for n in range(1, 18)), "a3 ", "A90", "A91", "NO-SUCH-TAG")
    assert [str(one.outcome) for one in answers[17:]] == ["found", "outside", "retired", "unknown"]
    assert [one.code for one in answers[17].earlier] == ["A3"]
    sheet = building.sheet(audit)
    assert outcomes(building, audit) == {"found": 17, "missing": 3, "outside": 1, "retired": 1, "unknown": 1}
    assert (sheet.counts.expected, sheet.counts.scans, len(sheet.scans)) == (STORED, 21, 21)
    building.do(finish, audit, "Bea")
    before = {uid: building.get(uid) for uid in (*building.items, building.neighbour, building.retired)}
    building.do(accept, audit, "Malik")
    after = building.get(building.items[0])
    assert (after["last_seen_place"], after["last_seen_by"]) == (building.room, "Bea")
    assert after["seen_in_person"]
    assert {**after, "last_seen_place": None, "last_seen_by": None, "seen_in_person": None} == {
        **before[building.items[0]], "last_seen_place": None, "last_seen_by": None, "seen_in_person": None
    }  # fmt: skip
    assert building.get(building.items[19]) == before[building.items[19]]
    moved, retired = building.get(building.neighbour), building.get(building.retired)
    assert (moved["location"], moved["assigned_to"], moved["status"]) == (building.room, building.person, "Deployed")
    assert (retired["location"], retired["status"]) == (building.depot, "Retired")
    with building.store.read() as reader:
        (task,) = reader.page(Selection("task"))
        assert task.name == "AUD-1: missing, Store"
        assert task.text("what_to_do").splitlines()[0] == "LT-18 · A18 · Latitude 7440 · Store"
        assert reader.get(audit).text("state") == "Accepted"
    assert outcomes(building, audit) == {"found": 17, "missing": 3, "outside": 1, "retired": 1, "unknown": 1}
    history.undo(building.store, building.number(), "Bea")
    assert {uid: building.get(uid) for uid in before} == before
    assert building.get(audit)["state"] == "Finished"
    assert check_integrity(building.store) == []


def test_two_who_accept_at_once_accept_it_once(file_building: Building) -> None:
    building = file_building
    audit = building.started()
    building.scan(audit, "A1")
    building.do(finish, audit, "Bea")
    with building.store.read() as reader:
        one, other = accept(reader, audit, "Bea"), accept(reader, audit, "Malik")
    building.store.apply(one)
    with pytest.raises(Conflict):
        building.store.apply(other)
    with pytest.raises(InvalidValue, match="AUD-1 is “Accepted”; Bea accepted it"):
        building.do(accept, audit, "Malik")
    for late in (finish, resume, drop):
        with pytest.raises(InvalidValue, match="Accepted"):
            building.do(late, audit, "Malik")


def test_scans_after_the_end_are_refused_and_none_slips_in(file_building: Building) -> None:
    building = file_building
    audit = building.started()
    with building.store.read() as reader:
        late = record_scans(reader, audit, [CodeRead("A1")], "Bea", place=building.room).revision
    building.do(finish, audit, "Malik")
    with pytest.raises(Conflict):
        building.store.apply(late)
    with pytest.raises(InvalidValue, match="AUD-1 is “Finished”: nothing is scanned any more"):
        building.scan(audit, "A1")
    building.do(resume, audit, "Bea")
    building.scan(audit, "A1")
    assert outcomes(building, audit)["found"] == 1


def test_the_last_place_stands_and_a_choice_is_kept(file_building: Building) -> None:
    building = file_building
    audit = building.started(AuditScope(building.site))
    assert building.sheet(audit).counts.expected == STORED + 1
    (one,) = building.scan(audit, "A90")
    assert one.outcome is AuditOutcome.ELSEWHERE
    assert one.scan is not None
    assert one.expected is not None
    assert one.expected.place == building.office
    building.scan(audit, "A90", place=building.office)
    assert outcomes(building, audit)["found"] == 1
    (again, other) = building.scan(audit, "A90", "A1")
    assert again.scan is not None
    assert other.outcome is AuditOutcome.FOUND
    building.do(change_scan, audit, again.scan.id, "Bea", choice=SEEN, condition="Damaged", note="corner cracked")
    assert building.sheet(audit).counts.marks[ScanMark.DAMAGED] == 1
    building.do(finish, audit, "Bea")
    with building.store.read() as reader:
        plan = plan_acceptance(reader, audit)
        assert ([r.record for r in plan.only_seen], plan.moved, plan.seen) == ([building.neighbour], (), 2)
        moving = plan_acceptance(reader, audit, {building.neighbour: "move"})
        assert [r.record for r in moving.moved] == [building.neighbour]
    building.do(accept, audit, "Bea", tasks=False)
    seen = building.get(building.neighbour)
    assert (seen["location"], seen["last_seen_place"]) == (building.office, building.room)
    assert seen["condition"] == "Damaged"
    with building.store.read() as reader:
        assert reader.count(Selection("task")) == 0


def test_what_was_moved_since_it_was_seen_stays_there(file_building: Building) -> None:
    building = file_building
    audit = building.started()
    building.scan(audit, "A90")
    building.do(finish, audit, "Bea")
    changed(building, building.neighbour, location=building.site)
    building.do(accept, audit, "Bea")
    seen = building.get(building.neighbour)
    assert (seen["location"], seen["last_seen_place"]) == (building.site, building.room)


def test_a_room_label_places_what_comes_after_it(file_building: Building) -> None:
    building = file_building
    audit = building.started(AuditScope(building.site))
    with building.store.read() as reader:
        code = short_code(reader.schema, "room", building.office)
        reads = [CodeRead("A1"), CodeRead(code), CodeRead("A90"), CodeRead("Stefan Behrens"), CodeRead("A2")]
        scanned = record_scans(reader, audit, reads, "Bea", place=building.room)
    assert [one.scan is not None for one in scanned.answers] == [True, False, True, False, True]
    assert [one.outcome for one in scanned.answers if one.scan] == ["found", "found", "elsewhere"]
    assert scanned.place == building.office
    building.store.apply(scanned.revision)
    assert building.sheet(audit).rooms[building.office]["found"] == 1


def test_a_blind_audit_hides_what_it_knows(file_building: Building) -> None:
    building = file_building
    audit = building.started(blind=True)
    (one, other) = building.scan(audit, "A1", "A90")
    for answer in (one, other):
        assert (answer.outcome, answer.expected, answer.record, answer.several, answer.earlier) == (
            None, None, None, (), ()
        )  # fmt: skip
        assert answer.scan is not None
        assert (answer.scan.record, answer.scan.read_as, answer.scan.turned_up) == ("", "", "unknown")
    sheet = building.sheet(audit)
    assert (sheet.results, sheet.counts.expected, dict(sheet.rooms)) == ((), 0, {})
    assert [(scan.code, scan.record) for scan in sheet.scans] == [("A90", ""), ("A1", "")]
    with building.store.read() as reader:
        assert audits(reader)[0].counts is None
        assert str(reader.revisions(2)[-1].reason) == "Audit of Store started"
    building.do(finish, audit, "Bea")
    assert outcomes(building, audit) == {"found": 1, "missing": 19, "outside": 1}


def test_excuses_withdrawn_scans_and_closed_places(file_building: Building) -> None:
    building = file_building
    audit = building.started()
    building.do(excuse, audit, building.items[:2], "at home", "Bea")
    assert building.sheet(audit).results[0].expected is not None
    assert outcomes(building, audit) == {"missing": 18, "excused": 2}
    (one,) = building.scan(audit, "A1")
    assert outcomes(building, audit) == {"found": 1, "missing": 18, "excused": 1}
    assert one.scan is not None
    building.do(withdraw_scan, audit, one.scan.id, "Bea")
    assert outcomes(building, audit) == {"missing": 18, "excused": 2}
    assert [scan.withdrawn for scan in building.sheet(audit).scans] == [True]
    building.do(excuse, audit, building.items[:1], "", "Bea")
    assert outcomes(building, audit) == {"missing": 19, "excused": 1}
    with pytest.raises(NotFound, match="AUD-1 does not expect LT-90"):
        building.do(excuse, audit, [building.neighbour], "on loan", "Bea")
    building.do(close_place, audit, building.room, "Bea")
    assert building.sheet(audit).closed[building.room].by == "Bea"
    building.do(reopen_place, audit, building.room, "Bea")
    assert not building.sheet(audit).closed


def test_what_is_lost_or_missing_again_is_proposed(file_building: Building) -> None:
    building = file_building
    for _ in range(2):
        audit = building.started()
        building.scan(audit, *(f"A{n}" for n in range(1, 19)), "A92", "A91")
        building.do(excuse, audit, building.items[18:19], "on loan", "Bea")
        building.do(finish, audit, "Bea")
        building.do(accept, audit, "Bea")
    with building.store.read() as reader:
        found = {(one.result.record, one.verb, one.times) for one in proposals(reader, audit)}
    assert found == {
        (building.lost, "report_found", 1), (building.retired, "take_back", 1), (building.items[19], "report_lost", 2),
    }  # fmt: skip
    assert building.get(building.lost)["status"] == "Lost"


def test_an_unknown_code_is_tied_to_an_item(file_building: Building) -> None:
    building = file_building
    audit = building.started()
    (one,) = building.scan(audit, "8718868004170")
    assert one.scan is not None
    building.do(finish, audit, "Bea")
    building.do(change_scan, audit, one.scan.id, "Bea", record=building.items[0])
    assert outcomes(building, audit) == {"found": 1, "missing": 19}


def test_bad_input_is_answered_and_nothing_is_lost(file_building: Building) -> None:
    building = file_building
    changed(building, building.items[0], name="🦊" * 200)
    audit = building.started(name="Store " + "ي" * 200)
    year = 366 * 24 * 3_600_000
    long = "Z" * 2_500
    with building.store.read() as reader:
        started = record_scans(reader, audit, [CodeRead("A1")], "Bea").answers[0].scan
        assert started is not None
        reads = [CodeRead("A1", at=started.at - year), CodeRead("A2", at=started.at + year), CodeRead(long),
                 CodeRead("🦊\u202e\x00"), CodeRead("A3", note="n" * 5_000)]  # fmt: skip
        scanned = record_scans(reader, audit, reads, "Bea", place=building.room)
    remarks = [str(one.remark or "") for one in scanned.answers]
    assert [text[:24] for text in remarks] == ["The clock of the scanner", "The clock of the scanner",
                                               "The code is longer than ", "", ""]  # fmt: skip
    building.store.apply(scanned.revision)
    kept = {scan.code: scan for scan in building.sheet(audit).scans}
    assert kept["A1"].clock == started.at - year
    assert abs(kept["A1"].at - started.at) < 3_600_000
    assert "Z" * 2_000 in kept
    assert "🦊" in next(code for code in kept if code.startswith("🦊"))
    assert outcomes(building, audit) == {"found": 3, "missing": 17, "unknown": 2}


def test_scopes(file_building: Building) -> None:
    building = file_building
    with building.store.read() as reader:
        for scope, number in (
            (AuditScope(), STORED + 2), (AuditScope(building.room), STORED), (AuditScope(owner=building.person), 1),
            (AuditScope(building.site, "laptop", "", "asset_tag = A7 or asset_tag = A90"), 2),
            (AuditScope(cls="monitor"), 0),
        ):  # fmt: skip
            assert number_expected(reader, scope) == number, scope
        with pytest.raises(InvalidValue, match="looks for hardware"):
            number_expected(reader, AuditScope(cls="person"))
    with pytest.raises(InvalidValue, match="Nothing is expected there"):
        building.started(AuditScope(cls="monitor"))


def test_what_is_deleted_keeps_its_name_and_what_is_merged_counts_as_what_it_became(file_building: Building) -> None:
    building = file_building
    audit = building.started()
    building.scan(audit, "A1", "A2", "A90")
    double = Hand(building.store).make("room", "Store (old name)", location=building.site)
    with building.store.read() as reader:
        building.store.apply(edits.delete(reader, [building.items[0]], "Bea"))
        building.store.apply(merge(reader, [building.items[1]], building.items[2], "Bea"))
    with building.store.read() as reader:
        building.store.apply(merge(reader, [building.room], double, "Bea"))
    building.scan(audit, "A4", place=double)
    sheet = building.sheet(audit)
    assert sheet.counts.expected == STORED
    gone = next(one for one in sheet.results if one.record == building.items[0])
    assert (gone.outcome, sheet.name(gone.record), gone.room) == (AuditOutcome.FOUND, "LT-1", double)
    assert [one.outcome for one in sheet.results if one.record == building.items[2]] == ["found", "found"]
    assert sheet.counts[AuditOutcome.FOUND] == 4
    building.do(finish, audit, "Bea")
    building.do(accept, audit, "Bea")
    assert building.get(building.items[2])["last_seen_place"] == double
    for number in range(building.number(), building.number() - 6, -1):
        history.undo(building.store, number, "Bea")
    assert building.get(building.items[1])["location"] == building.room
    with building.store.read() as reader:
        building.store.apply(edits.delete(reader, [audit], "Bea"))
    with building.store.read() as reader:
        assert not reader.records("result")
    history.undo(building.store, building.number(), "Bea")
    assert building.sheet(audit).counts.expected == STORED
    assert check_integrity(building.store) == []


def test_three_thousand_codes_are_one_revision_and_their_order_stands(file_building: Building) -> None:
    building = file_building
    audit = building.started(AuditScope(building.site))
    before = building.number()
    with building.store.read() as reader:
        label = short_code(reader.schema, "room", building.office)
    codes = [label, *(f"A{n % STORED + 1}" for n in range(2_996)), "A90", "NO-SUCH-TAG", "A1"]
    building.scan(audit, *codes)
    assert building.number() == before + 1
    sheet = building.sheet(audit)
    assert [scan.code for scan in reversed(sheet.scans)] == codes[1:]
    assert outcomes(building, audit) == {"found": 1, "elsewhere": STORED, "unknown": 1}
    assert sheet.counts.scans == 2_999
