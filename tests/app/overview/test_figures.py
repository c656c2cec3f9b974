"""The figures of the overview, and the lists to which they lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.fact_rules import expected_in_scans, with_leavers, without
from app.overview.figures import RECENT, attention_items, base, ends, months, scanned, statuses
from app.reports import ReportContext, ReportRow, find
from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.app.small_estate import fill_small
from tests.pseudo_locale import spoken

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    store = create_estate(tmp_path_factory.mktemp("overview") / "small.terrier")
    fill_small(store)
    with store.read() as found:
        yield found
    store.close()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Store]:
    """An empty estate."""
    store = create_estate(tmp_path / "made.terrier")
    yield store
    store.close()


def new(cls: str, **values: object) -> Edit:
    """A new record."""
    return Edit(ci(new_id()), "", None, {"class": cls, **values})


def made_name(number: int) -> str:
    """What a site is called after so many edits."""
    return "Rotterdam" if number < 0 else f"Rotterdam {number}"


def test_every_marked_date_is_counted_once_in_the_class_that_declares_it() -> None:
    found = ends(Schema.load())
    assert ("hardware", "warranty_until", "Warranty until") in found
    assert not [f for f in found if f[0] == "laptop"]
    assert not [f for f in found if f[1] == "cancel_by"]
    assert len({f[:2] for f in found}) == len(found)


def test_the_counts_of_a_small_estate(reader: Reader) -> None:
    first, seen = base(reader, TODAY), scanned(reader, TODAY)
    by_status, ends = list(statuses(reader, TODAY)), list(months(reader, TODAY))
    assert first.items == 7
    assert seen.computers == 3, "the laptop in stock is not in use"
    assert seen.stale == 3
    assert {s.label: s.count for s in by_status} == {"In stock": 1, "Deployed": 3}
    assert {s.cls: s.count for s in first.classes} == {"hardware": 4, "party": 2, "place": 1}
    assert [m.count for m in ends] == [0, 1, 2] + [0] * 9
    assert {str(kind): number for kind, number in ends[1].kinds.items()} == {"Hardware: Warranty until": 1}
    assert [h.number for h in first.recent] == [2, 1]


def test_every_number_leads_to_as_many_items(reader: Reader) -> None:
    seen = scanned(reader, TODAY)
    for share in (*base(reader, TODAY).classes, *statuses(reader, TODAY)):
        assert reader.count(Selection(share.cls, share.where)) == share.count
    for month in months(reader, TODAY):
        if month.count:
            assert reader.count(Selection(month.cls, month.where)) == month.count
    assert reader.count(Selection("computer", seen.where)) == seen.stale
    for one in (*attention_items(reader, TODAY), *seen.attention):
        if one.page == "assets":
            assert reader.count(Selection(str(one.params["cls"]), str(one.params["where"]))) > 0


def test_what_the_numbers_lead_to_does_not_depend_on_the_language(tmp_path: Path) -> None:
    def links(found: Reader) -> list[object]:
        shares = [*base(found, TODAY).classes, *statuses(found, TODAY)]
        items = [*attention_items(found, TODAY), *scanned(found, TODAY).attention]
        return [
            [(one.cls, one.where) for one in shares],
            [(month.cls, month.where) for month in months(found, TODAY)],
            [(one.page, one.params) for one in items],
            scanned(found, TODAY).where,
        ]

    store = create_estate(tmp_path / "small.terrier")
    fill_small(store)
    with store.read() as reader:
        here = links(reader)
    store.close()
    with spoken():
        store = open_estate(tmp_path / "small.terrier")
        with store.read() as reader:
            assert links(reader) == here
        store.close()


def test_hardware_of_people_who_left_needs_attention(reader: Reader) -> None:
    left = next(one for one in attention_items(reader, TODAY) if "left" in str(one.text))
    assert str(left.subject) == "LT-2048"
    assert left.tone == "bad"


def test_months_cross_the_year_and_list_only_what_is_still_to_end(reader: Reader) -> None:
    ends = list(months(reader, date(2026, 12, 20)))
    assert [m.first.isoformat() for m in ends][:2] == ["2026-12-01", "2027-01-01"]
    assert ends[0].count == 0, "what ended on the 12th has ended"


def test_a_month_opens_all_that_ends_in_it_and_nothing_else(made: Store) -> None:
    """Dates of one name in several classes: contracts and agreements end, the last day of a person ends nothing."""
    ending = [
        new("contract", name="Cleaning", end="2027-03-10"), new("contract", name="Leased lines", end="2027-03-11"),
        new("agreement", name="Enterprise", end="2027-03-12"),
    ]  # fmt: skip
    others = [
        new("person", name="Anja Vogt", end="2027-03-13"),
        new("contract", name="Old", end="2027-03-14", status="Retired"),
        new("certificate", name="www", valid_until="2027-04-01"), new("contract", name="Water", end="2027-04-02"),
    ]  # fmt: skip
    made.apply(Revision([*ending, *others], "anna"))
    with made.read() as found:
        every = {month.first: month for month in months(found, TODAY)}
        march, april = every[date(2027, 3, 1)], every[date(2027, 4, 1)]
        told = [one.name for one in found.page(Selection(march.cls, march.where, "name"))]
        assert told == ["Cleaning", "Enterprise", "Leased lines"]
        for month in (march, april):
            assert month.count == sum(month.kinds.values()) == found.count(Selection(month.cls, month.where))
        assert april.count == 2


def test_what_has_left_needs_no_attention(made: Store) -> None:
    """As in the reports: a certificate that is retired did not run out, an ended contract is not to be cancelled."""
    made.apply(
        Revision(
            [
                new("certificate", name="old", valid_until="2026-01-01", status="Retired"),
                new("certificate", name="www", valid_until="2026-01-01"),
                new("contract", name="Old", cancel_by="2026-12-01", status="Retired"),
                new("contract", name="Water", cancel_by="2026-12-01"),
            ],
            "anna",
        )
    )
    with made.read() as found:
        told = [(str(one.subject), str(one.text)) for one in attention_items(found, TODAY)]
    assert told == [("www", "ran out"), ("Water", "to cancel soon, else renewed")]


def test_new_items_are_counted_however_many_revisions_a_month_has(made: Store) -> None:
    site = new("site", name="Rotterdam")
    made.apply(Revision([site, new("site", name="Gent")], "anna"))
    for number in range(RECENT + 200):
        made.apply(Revision([Edit(site.record, "name", made_name(number - 1), made_name(number))], "anna"))
    with made.read() as found:
        figures = base(found, clock.today())
    assert (figures.new, len(figures.recent)) == (2, RECENT)


def test_the_past_is_judged_by_its_own_day(reader: Reader) -> None:
    day = date(2025, 3, 14)
    assert "today" not in scanned(reader, day).where
    assert all("today" not in str(one.params.get("where", "")) for one in attention_items(reader, day))


def test_only_computers_in_use_are_expected_in_scans(reader: Reader) -> None:
    where = expected_in_scans(reader.schema)
    found = {str(one.values.get("status", "")) for one in reader.all(Selection("computer", where))}
    every = {str(one.values.get("status", "")) for one in reader.all(Selection("computer"))}
    assert found == every - {"Planned", "Ordered", "In stock", "Lost", "Retired", "Disposed"}


def test_every_number_of_the_sample_opens_as_many_records(sample_file: Path) -> None:
    store = open_estate(sample_file)
    today = clock.today()
    with store.read() as reader:
        first, seen = base(reader, today), scanned(reader, today)
        opened = [("ci", "", first.items), ("computer", seen.where, seen.stale)]
        opened += [(share.cls, share.where, share.count) for share in (*first.classes, *statuses(reader, today))]
        opened += [(month.cls, month.where, month.count) for month in months(reader, today) if month.count]
        for one in (*attention_items(reader, today), *seen.attention):
            said = one.subject.values.get("number")
            if one.page != "review":
                count = int(str(said)) if said is not None else 1
                opened.append((str(one.params["cls"]), str(one.params["where"]), count))
        assert [(cls, where) for cls, where, count in opened if reader.count(Selection(cls, where)) != count] == []

        def rows(name: str) -> list[ReportRow]:
            report = find(name)
            return list(report.rows(ReportContext(reader, today, Control(), None)))

        without_serial = without(reader.schema, "hardware", "serial_number")
        assert len(rows("stale_computers")) == seen.stale
        told = [row for row in rows("data_quality") if "Serial number" in str(row.cells[3])]
        assert len(told) == reader.count(Selection("hardware", without_serial)) > 0
        hardware = set(reader.schema.family("hardware"))
        held = [row for row in rows("leavers_with_equipment") if reader.get(row.uid).cls in hardware]
        assert len(held) == reader.count(Selection("hardware", with_leavers(reader.schema, today)))
    store.close()
