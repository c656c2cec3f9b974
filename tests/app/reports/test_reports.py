"""Every report runs over the sample, in every format; and each has correct content."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.reports import FORMATS, Report, ReportContext, find, reports, write
from app.reports.asset_register import value_now
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, FileProblem, NotFound
from cmdb.model.messages import Message, SchemaWord
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.values import check
from cmdb.register import edits
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate
from importers.tables.model import Column

TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def sample(sample_file: Path) -> Iterator[Reader]:
    store = open_estate(sample_file)
    with store.read() as reader:
        yield reader
    store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = create_estate(tmp_path / "estate.terrier")
    yield found
    found.close()


def make(store: Store, cls: str, name: str, **values: Any) -> str:
    uid = new_id()
    store.apply(Revision([Edit(ci(uid), "", None, {"class": cls, "name": name, **values})], "tester"))
    return uid


def run(store: Store, name: str, today: date = TODAY) -> list[tuple[Any, ...]]:
    with store.read() as reader:
        return [row.cells for row in find(name).rows(ReportContext(reader, today))]


def test_the_usual_reports_are_there() -> None:
    assert {
        "compliance", "entitlements_ending", "warranty_ending", "contracts_ending", "assets_by_location",
        "assets_by_person", "assets_without_owner", "stale_computers", "software_installed", "asset_register",
        "retired_assigned", "data_quality", "single_points_of_failure", "recent_changes", "leavers_with_equipment",
        "licences_idle", "licence_exceptions",
    } <= set(reports())  # fmt: skip


def test_an_unknown_report_is_refused_with_the_list_of_them() -> None:
    assert find("Asset register").name == "asset_register"
    with pytest.raises(NotFound, match="There is no report “nonsense”") as refused:
        find("nonsense")
    assert len(refused.value.details) == len(reports())


@pytest.mark.parametrize("report", reports().values(), ids=lambda r: r.name)
def test_every_report_gives_rows_of_canonical_values(report: Report, sample: Reader) -> None:
    assert report.title
    assert str(report.description).endswith(".")
    names = [column.name for column in report.columns]
    assert len(set(names)) == len(names)
    rows = list(report.rows(ReportContext(sample)))
    for row in rows:
        assert len(row.cells) == len(report.columns)
        for column, cell in zip(report.columns, row.cells, strict=True):
            if cell is not None and cell != "":
                _check(column, cell)
    uids = {row.uid for row in rows if row.uid}
    assert set(sample.by_uid(uids)) == uids


def _check(column: Column, cell: Any) -> None:
    from cmdb.model.schema import Attribute

    if not isinstance(cell, Message | SchemaWord):
        check(Attribute(column.name, str(column.label), column.type), cell)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_report_can_be_written_in_every_format(ending: str, sample: Reader, tmp_path: Path) -> None:
    path = tmp_path / f"register{ending}"
    rows = len(list(find("asset_register").rows(ReportContext(sample))))
    assert write(find("asset_register"), ReportContext(sample), path) == rows > 1000
    assert path.stat().st_size > 10_000


def test_csv_and_json_say_the_same(sample: Reader, tmp_path: Path) -> None:
    report = find("warranty_ending")
    write(report, ReportContext(sample), tmp_path / "w.csv")
    with (tmp_path / "w.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    document = report.document(ReportContext(sample))
    json.dumps(document)
    assert [r["Name"] for r in read] == [d["name"] for d in document]


def test_a_page_is_whole_and_escapes_what_it_shows(store: Store, tmp_path: Path) -> None:
    make(store, "laptop", "<b>bold</b> & co", asset_tag="A1")
    with store.read() as reader:
        write(find("asset_register"), ReportContext(reader), tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; co" in text
    assert "http" not in text.replace("http-equiv", "")


def test_an_unknown_ending_writes_nothing(store: Store, tmp_path: Path) -> None:
    with store.read() as reader, pytest.raises(FileProblem):
        write(find("asset_register"), ReportContext(reader), tmp_path / "r.doc")
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".doc"] == []


def test_a_cancelled_report_stops(sample: Reader) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        list(find("asset_register").rows(ReportContext(sample, control=control)))


# -- what each says -----------------------------------------------------------------------------------------------


def test_warranties_are_listed_by_the_days_left(store: Store) -> None:
    for name, until in (("a", "2026-07-10"), ("b", "2026-06-20"), ("c", "2026-05-01"), ("d", "2027-06-30")):
        make(store, "laptop", name, warranty_until=until)
    make(store, "laptop", "gone", warranty_until="2026-07-10", status="Retired")
    assert [(r[0], r[-1]) for r in run(store, "warranty_ending")] == [("b", -10), ("a", 10)]


def test_assets_of_people_and_of_leavers(store: Store) -> None:
    ann = make(store, "person", "Ann", status="Active")
    bob = make(store, "person", "Bob", status="Left", end="2026-03-31")
    make(store, "laptop", "LT-1", assigned_to=ann, status="Deployed")
    make(store, "laptop", "LT-2", assigned_to=bob, status="Deployed")
    assert [(r[0], r[3]) for r in run(store, "assets_by_person")] == [("Ann", "LT-1"), ("Bob", "LT-2")]
    assert [(r[0], r[1], r[2]) for r in run(store, "leavers_with_equipment")] == [("Bob", "2026-03-31", "LT-2")]


def test_places_are_shown_with_what_they_lie_in(store: Store) -> None:
    site = make(store, "site", "Hamburg")
    room = make(store, "room", "1.02", location=site)
    make(store, "printer", "PRN-1", location=room, status="Deployed")
    assert run(store, "assets_by_location")[0][:2] == ("Hamburg / 1.02", "PRN-1")


def test_deviations_are_reported_by_source_with_the_moment_since_which_they_stand(store: Store) -> None:
    ada = make(store, "person", "Ada")
    uid = make(store, "laptop", "LT-1", memory=4096, assigned_to=make(store, "person", "Bob"))

    def say(source: str, year: int, **said: Any) -> None:
        record = Record("claim", (uid, source))
        store.apply(Revision([Edit(record, n, None, [v, f"{year}-01-02T00:00:00Z"]) for n, v in said.items()], "t"))

    say("scan:LT-1", 2020, memory=8192)
    assert run(store, "deviations") == [], "what was said before the correction is only older"
    say("scan:LT-2", 2998, memory=16384)
    say("sheet:HR.xlsx", 2999, assigned_to=ada)
    assert [[str(cell) for cell in row] for row in run(store, "deviations")] == [
        ["scan LT-2", "Laptop", "Memory", "LT-1", "4 GiB", "16 GiB", "2998-01-02", "less"],
        ["sheet HR.xlsx", "Laptop", "Assigned to", "LT-1", "Bob", "Ada", "2999-01-02", "less"],
    ]


def test_stale_computers_were_not_seen_for_a_month(store: Store) -> None:
    make(store, "laptop", "fresh", last_seen="2026-06-20T08:00:00Z", status="Deployed")
    make(store, "laptop", "stale", last_seen="2026-05-20T08:00:00Z", status="Deployed")
    make(store, "laptop", "never", status="Deployed")
    make(store, "laptop", "stock", status="In stock")
    assert {(r[0], r[5]) for r in run(store, "stale_computers")} == {("stale", 41), ("never", None)}


def test_retired_equipment_with_a_person_is_found_after_the_verb_and_before(store: Store) -> None:
    ann = make(store, "person", "Ann")
    laptop = make(store, "laptop", "LT-1", assigned_to=ann, status="Retired")
    assert [r[0] for r in run(store, "retired_assigned")] == ["LT-1"]
    with store.read() as reader:
        store.apply(edits.set_values(reader, [laptop], {"assigned_to": None}, "tester"))
    assert run(store, "retired_assigned") == []


def test_missing_and_duplicate_facts_are_listed(store: Store) -> None:
    make(store, "monitor", "M1", serial_number="S1", asset_tag="A1")
    make(store, "monitor", "M2", serial_number="s1")
    found = run(store, "data_quality")
    assert {(r[0], r[2]) for r in found} == {
        ("M1", "missing"),
        ("M2", "missing"),
        ("M1", "duplicate"),
        ("M2", "duplicate"),
    }
    (gaps,) = [r[3] for r in found if r[0] == "M2" and r[2] == "missing"]
    assert set(str(gaps).split(", ")) == {
        "Asset tag", "Location", "Model", "Manufacturer"
    }  # fmt: skip


def test_value_is_written_off_evenly() -> None:
    bought = {"purchase_cost": Decimal(1200), "purchase_date": "2024-06-30"}
    assert value_now(bought, date(2026, 6, 30), 48) == pytest.approx(600, abs=1)
    assert value_now(bought, date(2036, 6, 30), 48) == 0
    assert value_now(bought, date(2020, 6, 30), 48) == 1200
    assert value_now({"purchase_cost": Decimal(1200)}, TODAY, 48) is None
    assert value_now(bought, TODAY, 48, gone=True) == 0


def test_single_points_of_failure_of_a_service(store: Store) -> None:
    service = make(store, "business_service", "Payroll")
    application = make(store, "application", "hr-app")
    server = make(store, "server", "srv-1")
    with store.read() as reader:
        store.apply(edits.link(reader, service, "depends_on", application, "tester"))
    with store.read() as reader:
        store.apply(edits.link(reader, application, "runs_on", server, "tester"))
    assert [r[:3] for r in run(store, "single_points_of_failure")] == [
        ("Payroll", "hr-app", "Application"), ("Payroll", "srv-1", "Server")
    ]  # fmt: skip


def test_changes_tell_what_was_undone(store: Store) -> None:
    from cmdb.register import history

    make(store, "laptop", "LT-1")
    history.undo(store, 1, "tester")
    rows = run(store, "recent_changes", date.today())
    assert [(r[0], r[5], r[7], str(r[8])) for r in rows] == [(2, 0, 1, "undoes 1"), (1, 1, 0, "undone by 2")]


def test_idle_licences_are_spare_units_and_seats_that_nobody_uses(store: Store) -> None:
    ann = make(store, "person", "Ann")
    seats = make(store, "entitlement", "Seats", product="Whiteboard", metric="named user", quantity=3, cost=Decimal(30))
    from cmdb.model.revision import Record

    store.apply(Revision([Edit(Record("assignment", (seats, ann)), "", None, {})], "tester"))
    found = {(r[1], r[2], r[5]) for r in run(store, "licences_idle")}
    assert found == {("Seats", 2, 20.0), ("Ann", 1, None)}
