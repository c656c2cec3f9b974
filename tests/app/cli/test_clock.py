"""The contract: `TERRIER_NOW` (ISO time) sets the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cmdb.model import clock
from cmdb.model.errors import UserError
from cmdb.model.revision import Revision
from tests.app.cli.conftest import Done

Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def _estate(estate: Path) -> None:
    """The small estate is the one that is asked."""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2031-05-06T07:08:09Z", "2031-05-06T07:08:09.000Z"),
        ("2031-05-06T09:08:09+02:00", "2031-05-06T07:08:09.000Z"),
        ("2031-05-06 07:08:09.5+00:00", "2031-05-06T07:08:09.500Z"),
    ],
)
def test_the_clock_stands_at_an_iso_time(monkeypatch: pytest.MonkeyPatch, text: str, moment: str) -> None:
    monkeypatch.setenv("TERRIER_NOW", text)
    assert clock.now() == moment
    assert Revision([], "tester").time == moment
    assert clock.today() == clock.moment().date()


def test_without_it_the_clock_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    for nothing in ("", "  "):
        monkeypatch.setenv("TERRIER_NOW", nothing)
        assert abs((clock.moment() - datetime.now(UTC)).total_seconds()) < 5


@pytest.mark.parametrize("text", ["tomorrow", "2031-13-01T00:00:00Z", "12:30", "0001-01-01T00:00:00+23:00"])
def test_what_is_no_time_is_one_line(terrier: Run, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TERRIER_NOW", text)
    with pytest.raises(UserError):
        clock.now()
    for words in (("list",), ("set", "A-1", "notes=x"), ("list", "--json")):
        done = terrier(*words)
        assert (done.status, done.out) == (2, "")
        assert done.err.splitlines() == [
            f"TERRIER_NOW is “{text}”, which is not a time such as 2026-03-31T09:00:00Z."
        ]  # fmt: skip
    assert terrier("--version").status == 0
    monkeypatch.delenv("TERRIER_NOW")
    assert len(terrier("history", "--json").json["revisions"]) == 1


def test_revisions_are_made_and_recorded_at_it(terrier: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_NOW", "2031-05-06T12:00:00Z")
    assert terrier("set", "A-1", "notes=later").status == 0
    first = terrier("history", "--json").json["revisions"][0]
    assert (first["time"], first["recorded"]) == ("2031-05-06T12:00:00.000Z", "2031-05-06T12:00:00.000Z")
    shown = terrier("show", "A-1", "--json").json
    assert shown["why"]["notes"]["observed"] == "2031-05-06T12:00:00.000Z"
    assert "notes" not in terrier("show", "A-1", "--as-of", "2031-05-05", "--json").json["attributes"]
    assert terrier("show", "A-1", "--as-of", "2031-05-06", "--json").json["attributes"]["notes"] == "later"


def test_relative_dates_of_filters_go_by_it(terrier: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert terrier("set", "A-1", "warranty_until=2031-06-01").status == 0
    query = ("list", "--where", "warranty_until < today+30d and warranty_until >= today", "--json")
    assert terrier(*query).json == []
    monkeypatch.setenv("TERRIER_NOW", "2031-05-20T12:00:00Z")
    assert [one["name"] for one in terrier(*query).json] == ["srv-01"]
    monkeypatch.setenv("TERRIER_NOW", "2031-06-02T12:00:00Z")
    assert terrier(*query).json == []


def test_reports_verbs_and_licences_are_judged_at_it(terrier: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    terrier("set", "A-1", "warranty_until=2031-06-01")
    monkeypatch.setenv("TERRIER_NOW", "2031-05-20T12:00:00Z")
    rows = terrier("report", "warranty_ending", "--json").json["rows"]
    assert any("srv-01" in row.values() for row in rows)
    assert terrier("licences", "--json").json["at"] == "2031-05-20"
    assert terrier("retire", "A-3", "note=old").status == 0
    assert terrier("show", "A-3", "--json").json["attributes"]["retired_on"] == "2031-05-20"


def test_an_import_is_observed_at_it(terrier: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERRIER_NOW", "2031-05-20T12:00:00Z")
    sheet = tmp_path / "more.csv"
    sheet.write_text("Name,Class,Notes\nsrv-77,Server,from a sheet\n")
    assert terrier("import", sheet).status == 0
    assert terrier("show", "srv-77", "--json").json["why"]["notes"]["observed"].startswith("2031-05-20T12:00:00")


def test_today_is_the_local_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_NOW", "2031-05-20T12:00:00")
    assert clock.today() == date(2031, 5, 20)
