"""Laws of audits: everything that was expected ends as one thing, and neither order nor repetition changes what."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.audits import APART, OF_EXPECTED, AuditOutcome, AuditScan, Excuse, ExpectedItem, ScanMark
from cmdb.register.audits import by_room, counts, results
from tests.laws import examples

PLACES = ("store", "desk", "floor")
RECORDS = tuple(f"item {n}" for n in range(6))
EXPECTED = st.lists(
    st.builds(
        ExpectedItem,
        record=st.sampled_from(RECORDS),
        name=st.just("LT"),
        cls=st.just("laptop"),
        place=st.sampled_from(PLACES[:2]),
        excuse=st.sampled_from((None, Excuse("at home", "Bea", 1))),
    ).map(lambda one: replace(one, within=(one.place, "floor"))),
    max_size=6,
    unique_by=lambda one: one.record,
)
_SCAN = st.builds(
    AuditScan,
    id=st.just(""),
    at=st.integers(0, 3),
    code=st.sampled_from(("A1", "a1 ", "🦊", "")),
    place=st.sampled_from(("", *PLACES)),
    record=st.sampled_from(("", *RECORDS)),
    turned_up=st.sampled_from(APART[:3]),
    marks=st.frozensets(st.sampled_from(ScanMark)),
    withdrawn=st.booleans(),
)
SCANS = st.lists(_SCAN, max_size=12).map(lambda them: [replace(one, id=f"{n:02}") for n, one in enumerate(them)])


@examples(40)
@given(EXPECTED, SCANS)
def test_the_four_add_up_to_what_was_expected(expected: list[ExpectedItem], scans: list[AuditScan]) -> None:
    found = results(expected, scans)
    number = counts(found)
    assert number.expected == len(expected) == sum(number[one] for one in OF_EXPECTED)
    assert [one.expected for one in found[: len(expected)]] == expected
    assert all(one.outcome in OF_EXPECTED for one in found[: len(expected)])
    assert all(one.outcome in APART for one in found[len(expected) :])
    assert number.scans <= sum(not one.withdrawn for one in scans)


@examples(40)
@given(EXPECTED, SCANS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(expected: list[ExpectedItem], scans: list[AuditScan], by: object) -> None:
    mixed = list(scans)
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert results(expected, mixed) == results(expected, scans)


@examples(40)
@given(EXPECTED, SCANS)
def test_a_second_scan_changes_no_count(expected: list[ExpectedItem], scans: list[AuditScan]) -> None:
    again = [replace(one, id=f"{one.id} again") for one in scans if one.record or one.code.strip()]
    once, twice = (counts(results(expected, its)) for its in (scans, [*scans, *again]))
    assert (once.of, once.marks) == (twice.of, twice.marks)


@examples(40)
@given(EXPECTED, SCANS)
def test_every_scan_that_counts_stands_in_one_result(expected: list[ExpectedItem], scans: list[AuditScan]) -> None:
    kept = [scan for one in results(expected, scans) for scan in one.scans]
    assert len({scan.id for scan in kept}) == len(kept)
    assert {scan.id for scan in kept} >= {scan.id for scan in scans if not scan.withdrawn}


@examples(40)
@given(EXPECTED, SCANS)
def test_rooms_share_out_all_results(expected: list[ExpectedItem], scans: list[AuditScan]) -> None:
    found = results(expected, scans)
    rooms = {place: counts(its) for place, its in by_room(found).items()}
    for outcome in AuditOutcome:
        assert sum(its[outcome] for its in rooms.values()) == counts(found)[outcome]


def _scan(at: int, place: str, record: str = "item", **others: object) -> AuditScan:
    return AuditScan(f"{at}", at, "A1", place, record, turned_up=AuditOutcome.OUTSIDE, **others)  # type: ignore[arg-type]


def test_the_last_place_stands() -> None:
    item = ExpectedItem("item", "LT-1", "laptop", place="store", within=("store", "floor", "site"))
    for places, outcome in (
        (("store",), "found"), (("desk", "store"), "found"), (("store", "desk"), "elsewhere"), (("floor",), "found"),
        (("",), "found"), ((), "missing"),
    ):  # fmt: skip
        (one,) = results([item], [_scan(n, place) for n, place in enumerate(places)])
        assert one.outcome == outcome, places
        assert len(one.scans) == len(places)


def test_a_scan_beats_an_excuse_and_a_withdrawn_one_is_kept() -> None:
    item = ExpectedItem("item", "LT-1", "laptop", place="store", within=("store",), excuse=Excuse("on loan", "Bea", 1))
    scan = _scan(1, "store")
    assert [one.outcome for one in results([item], [scan])] == [AuditOutcome.FOUND]
    (one,) = results([item], [replace(scan, withdrawn=True)])
    assert (one.outcome, one.scan, len(one.scans)) == (AuditOutcome.EXCUSED, None, 1)


def test_unknown_codes_count_once_and_things_without_a_code_by_themselves() -> None:
    found = results([], [_scan(1, "", ""), _scan(2, "store", ""), replace(_scan(3, "", ""), code=""),
                         replace(_scan(4, "", ""), code="")])  # fmt: skip
    assert [one.outcome for one in found] == [AuditOutcome.UNKNOWN] * 3
    assert found[0].room == "store"
