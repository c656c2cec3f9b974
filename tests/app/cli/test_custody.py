"""``custody``: who had it then, as known now and as known before; on the file and on a server."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import main
from cmdb.model import clock
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.rows import tables
from cmdb.store.store import Store

NOW = datetime(2026, 11, 18, 12, 0).astimezone()
"""A Wednesday."""
FRIDAY, SATURDAY = date(2026, 11, 13), date(2026, 11, 14)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock."""

    def stand(when: datetime) -> None:
        monkeypatch.setenv(clock.VARIABLE, when.isoformat())

    stand(NOW)
    return stand


def said(capsys: pytest.CaptureFixture[str], store: Store, *words: str) -> Any:
    """What a command prints."""
    capsys.readouterr()
    assert main.main([*words, "--db", str(store.where), "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def new(cls: str, name: str, **values: Any) -> Edit:
    """The edit that creates a record."""
    return Edit(ci(new_id()), "", None, {"class": cls, "name": name, **values})


def test_what_is_entered_late_changes_what_is_known_of_saturday(
    store: Store, at: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    at(NOW - timedelta(days=20))
    ann, bob = new("person", "Ann"), new("person", "Bob")
    store.apply(Revision([ann, bob], "t"))
    laptop = new("laptop", "LT-1", status="In stock", assigned_to=ann.record.key[0])
    store.apply(Revision([laptop], "t"))
    at(NOW)
    yesterday = (NOW - timedelta(days=1)).date().isoformat()

    def holders(*words: str) -> list[str]:
        return [one["holder"]["name"] for one in said(capsys, store, "custody", "LT-1", *words)]

    assert holders("--on", str(SATURDAY)) == ["Ann"]
    said(capsys, store, "hand-over", "LT-1", "to=Bob", "--at", str(FRIDAY))
    assert said(capsys, store, "show", "LT-1")["attributes"]["assigned_to"]["name"] == "Bob"
    assert holders("--on", str(SATURDAY)) == ["Bob"]
    assert holders("--on", str(FRIDAY - timedelta(days=1))) == ["Ann"]
    assert holders("--on", str(SATURDAY), "--known-at", yesterday) == ["Ann"]
    then = said(capsys, store, "show", "LT-1", "--as-of", str(SATURDAY))
    assert then["attributes"]["assigned_to"]["name"] == "Ann"
    (first, second) = said(capsys, store, "custody", "LT-1")
    assert (first["until"], second["from"], second["until"]) == (str(FRIDAY), str(FRIDAY), None)
    assert second["recorded"][:10] == "2026-11-18"

    said(capsys, store, "delete", "LT-1")
    (had,) = said(capsys, store, "custody", "Bob")
    assert (had["item"]["name"], had["from"]) == ("LT-1", str(FRIDAY))
    assert had["until"][:10] == "2026-11-18"
    assert said(capsys, store, "custody", "Bob", "--known-at", yesterday) == []
    assert [one["holder"]["name"] for one in said(capsys, store, "custody", "LT-1")] == ["Ann", "Bob"]
    said(capsys, store, "delete", "Person:Ann")
    assert [one["item"]["name"] for one in said(capsys, store, "custody", "Ann")] == ["LT-1"]


def test_what_a_person_had_is_looked_up_by_indexes(store: Store) -> None:
    """No table of records is read through."""
    if store._engine.dialect.name != "sqlite":
        return
    with store._engine.connect() as connection:
        for table in (tables.ci.name, tables.ci_version.name):
            for name in ("assigned_to", "location"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE {name} = 1").all()
                assert all("SEARCH" in str(row) for row in plan), plan


def test_an_import_finds_holders_of_every_class_and_creates_people(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.apply(
        Revision([new("laptop", "LT-1", asset_tag="T1"), new("team", "Service desk"), new("room", "2.14")], "t")
    )
    rows = ["M-1,LT-1", "M-2,T1", "M-3,Service desk", "M-4,2.14", "M-5,Ann Lee", "M-6,Laptop:LT-1", "M-7,ann@x.example"]
    sheet = tmp_path / "monitors.csv"
    sheet.write_text("\n".join(["Name,Assigned to", *rows]) + "\n", "utf-8")
    said(capsys, store, "import", str(sheet), "--class", "Monitor")
    found = {
        one["name"]: one["attributes"]["assigned_to"]
        for one in said(capsys, store, "list", "Monitor", "--sort", "name")
    }
    assert [(one["class"], one["name"]) for one in found.values()] == [
        ("Laptop", "LT-1"),
        ("Laptop", "LT-1"),
        ("Team", "Service desk"),
        ("Room", "2.14"),
        ("Person", "Ann Lee"),
        ("Laptop", "LT-1"),
        ("Person", "ann@x.example"),
    ]
    said(capsys, store, "set", "M-5", "assigned_to=LT-1")
    said(capsys, store, "hand-over", "LT-1", "to=Ann Lee")
    rows = said(capsys, store, "report", "assets_by_person")
    assert str(rows).count("Ann Lee") >= 5, "the laptop, and the four monitors that are with it"


def test_the_dates_of_an_import_are_when_it_happened(
    store: Store, at: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "laptops.csv"

    def take_in(*rows: str) -> Any:
        sheet.write_text("\n".join(["Name,Asset tag,Assigned to,Assigned on", *rows]) + "\n", "utf-8")
        return said(capsys, store, "import", str(sheet), "--class", "Laptop")

    take_in("LT-1,T1,Ann,2026-03-03", "LT-2,T2,Ann,", "LT-3,T3,,2026-03-03")
    found = said(capsys, store, "custody", "Ann")
    assert [(one["item"]["name"], one["from"][:10], one["until"]) for one in found] == [
        ("LT-1", "2026-03-03", None),
        ("LT-2", "2026-11-18", None),
    ]
    at(NOW + timedelta(days=7))
    take_in("LT-1,T1,Bob,2026-11-20", "LT-2,T2,Ann,")
    found = said(capsys, store, "custody", "LT-1")
    assert [(one["holder"]["name"], one["from"], one["until"]) for one in found] == [
        ("Ann", "2026-03-03", "2026-11-20"),
        ("Bob", "2026-11-20", None),
    ]
    assert take_in("LT-1,T1,Bob,2026-11-20")["revision"] is None
    said(capsys, store, "undo")
    assert [one["holder"]["name"] for one in said(capsys, store, "custody", "LT-1")] == ["Ann"]
    assert said(capsys, store, "check") == {**said(capsys, store, "check"), "problems": []}


def test_what_a_merged_record_had_is_the_kept_one_s(store: Store, at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    store.apply(Revision([new("person", "Ann Lee"), new("person", "A. Lee"), new("laptop", "LT-1")], "t"))
    store.apply(Revision([new("laptop", "LT-2"), new("laptop", "LT-3")], "t"))
    said(capsys, store, "hand-over", "LT-1", "to=A. Lee", "--at", "2026-03-03")
    said(capsys, store, "hand-over", "LT-2", "to=Ann Lee", "--at", "2026-04-04")
    at(NOW + timedelta(days=1))
    said(capsys, store, "merge", "Person:A. Lee", "into=Ann Lee")
    at(NOW + timedelta(days=2))
    found = said(capsys, store, "custody", "Ann Lee")
    assert [(one["item"]["name"], one["from"]) for one in found][:2] == [("LT-1", "2026-03-03"), ("LT-2", "2026-04-04")]
    said(capsys, store, "merge", "LT-3", "into=LT-2")
    assert said(capsys, store, "custody", "LT-2")[-1]["holder"]["name"] == "Ann Lee"


def test_custody_is_the_same_when_old_versions_and_merged_records_are_gone(
    store: Store, at: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = NOW - timedelta(days=900)
    at(long_ago)
    store.apply(Revision([new("person", name) for name in ("Ann", "Bob", "Bobby")], "t"))
    store.apply(Revision([new("laptop", name) for name in ("LT-1", "LT-2")], "t"))
    handed = [(long_ago - timedelta(days=days)).date().isoformat() for days in (90, 60)]
    said(capsys, store, "hand-over", "LT-1", "to=Ann", "--at", handed[0])
    said(capsys, store, "hand-over", "LT-1", "to=Bobby", "--at", handed[1])
    said(capsys, store, "merge", "LT-1", "into=LT-2")
    said(capsys, store, "merge", "Bobby", "into=Bob")

    def told(record: str) -> list[tuple[str, str, str, str | None]]:
        periods = said(capsys, store, "custody", record)
        return [(one["item"]["name"], one["holder"]["name"], one["from"], one["until"]) for one in periods]

    whole = [("LT-2", "Ann", handed[0], handed[1]), ("LT-2", "Bob", handed[1], None)]
    assert (told("LT-1"), told("Bob"), told("Ann")) == (whole, whole[1:], whole[:1])
    at(NOW)
    said(capsys, store, "retention", "--keep", "12m")
    said(capsys, store, "retention", "--prune")
    assert (told("LT-1"), told("Bob"), told("Ann")) == (whole, whole[1:], whole[:1])
