"""The past on the command line: two moments compared, moments named, and how long the history is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.app.cli.conftest import Done

Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def _estate(estate: Path) -> None:
    """The small estate is the one that is asked."""


def test_two_moments_are_compared(terrier: Run, tmp_path: Path) -> None:
    terrier("set", "srv-01", "memory=32 GB")
    terrier("set", "nb-1", "status=In repair")
    rows = terrier("report", "difference", "--from", 1, "--json").json["rows"]
    assert [(r["item"], r["what"], r.get("then", ""), r["now"]) for r in rows] == [
        ("srv-01", "Memory", "8 GiB", "32 GiB"),
        ("nb-1", "Status", "", "In repair"),
    ]
    rows = terrier("report", "difference", "--from", 3, "--to", 2, "--json").json["rows"]
    assert [(r["item"], r["what"], r["then"]) for r in rows] == [("nb-1", "Status", "In repair")]
    path = tmp_path / "difference.csv"
    assert terrier("report", "difference", "--from", 1, "--out", path).status == 0
    assert len(path.read_text("utf-8-sig").splitlines()) == 3
    page = tmp_path / "difference.html"
    assert terrier("report", "difference", "--from", 1, "--out", page).status == 0
    assert "From revision 1 (" in page.read_text("utf-8")
    book = tmp_path / "difference.xlsx"
    assert terrier("report", "difference", "--from", 1, "--out", book).status == 0
    assert openpyxl.load_workbook(book).sheetnames == ["Difference 1 to 3"]


def test_invalid_pairs_of_moments_are_refused(terrier: Run) -> None:
    for words, says in (
        (("report", "asset_register", "--from", 1), "one moment"),
        (("report", "difference", "--from", 99), "no revision 99"),
        (("report", "difference", "--from", "yesterday-ish"), "nor a baseline"),
        (("report", "difference", "--as-of", 1, "--to", 1), "one of them"),
    ):
        done = terrier(*words)
        assert (done.status, done.out) == (2, "")
        assert says in done.err


def test_a_baseline_names_a_moment_everywhere(terrier: Run) -> None:
    assert terrier("baseline", "Before the move", "--note", "with Tom").status == 0
    terrier("set", "nb-1", "status=In repair")
    listed = terrier("baseline", "--json").json["baselines"]
    assert [(b["name"], b["revision"], b["note"]) for b in listed] == [("Before the move", 1, "with Tom")]
    assert "status" not in terrier("show", "nb-1", "--as-of", "before the MOVE", "--json").json["attributes"]
    rows = terrier("report", "difference", "--from", "Before the move", "--json").json["rows"]
    assert [r["what"] for r in rows] == ["Status"]
    assert terrier("baseline", "before the move", "--rename", "Move").status == 0
    assert terrier("list", "--as-of", "Before the move").status == 2
    taken = terrier("baseline", "MOVE")
    assert (taken.status, "already" in taken.err) == (2, True)
    assert terrier("baseline", "Move", "--remove").status == 0
    assert terrier("baseline", "Move", "--remove").status == 2
    assert terrier("baseline", "--json").json == {"baselines": []}
    assert terrier("undo").status == 0
    assert [b["name"] for b in terrier("baseline", "--json").json["baselines"]] == ["Move"]


def test_retention_is_off_until_it_is_set_and_shows_what_it_would_delete(terrier: Run, estate: Path) -> None:
    store = open_estate(estate)
    store.clock = lambda: "2001-01-01T00:00:00.000Z"
    store.close()
    terrier("set", "nb-1", "notes=a")
    assert terrier("retention", "--json").json["keep"] is None
    assert "for ever" in terrier("retention").out
    assert terrier("retention", "--keep", "24").status == 2
    done = terrier("retention", "--keep", "1y", "--json").json
    assert (done["keep"], done["would_go"]) == ("1y", None)
    assert done["revision"]
    assert terrier("retention", "--prune", "--json").json["pruned"] == 0
    assert terrier("check").status == 0
    assert terrier("retention", "--keep", "off", "--json").json["keep"] is None


def test_pruning_deletes_older_history(terrier: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.terrier"
    store = create_estate(path)
    from tests.cmdb.store.conftest import Hand

    hand = Hand(store)
    moments = iter(("2019-01-01", "2019-02-01", "2019-03-01"))
    store.clock = lambda: f"{next(moments)}T00:00:00.000Z"
    uid = hand.make("laptop", "LT-1", notes="a")
    hand.set(uid, "notes", "b")
    hand.set(uid, "notes", "c")
    store.close()
    said = terrier("--db", path, "retention", "--keep", "24m").out
    assert "24 months" in said
    assert "4 old versions from before 2019-03-01 would go" in said
    done = terrier("--db", path, "retention", "--prune")
    assert "4 old versions deleted" in done.out
    assert "before 2019-03-01 is no longer kept (revision 3)" in done.out
    assert terrier("--db", path, "check").status == 0
    gone = terrier("--db", path, "list", "--as-of", 2)
    assert (gone.status, "no longer kept" in gone.err) == (2, True)


def test_a_report_about_the_past_is_judged_by_its_day(terrier: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.terrier"
    store = create_estate(path)
    from tests.cmdb.store.conftest import Hand

    moments = iter(("2019-01-01", "2019-06-01"))
    store.clock = lambda: f"{next(moments)}T12:00:00.000Z"
    hand = Hand(store)
    hand.make("laptop", "LT-1", warranty_until="2019-02-10")
    hand.make("laptop", "LT-2", warranty_until="2099-02-10")
    store.close()
    for moment, names in (("2019-01-15", ["LT-1"]), ("1", ["LT-1"]), ("2019-06-30", []), ("", [])):
        words = ("--as-of", moment) if moment else ()
        rows = terrier("--db", path, "report", "warranty_ending", *words, "--json").json["rows"]
        assert [row["name"] for row in rows] == names


def test_today_in_a_filter_is_the_day_that_is_shown(terrier: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.terrier"
    store = create_estate(path)
    from tests.cmdb.store.conftest import Hand

    store.clock = lambda: "2019-01-01T12:00:00.000Z"
    Hand(store).make("laptop", "LT-1", warranty_until="2019-02-10")
    store.close()
    ending = "warranty_until > today and warranty_until < today+30d"
    for moment, names in (("2019-01-20", ["LT-1"]), ("2019-01-05", []), ("2019-03-01", [])):
        rows = terrier("--db", path, "list", "--where", ending, "--as-of", moment, "--json").json
        assert [row["name"] for row in rows] == names, moment
    assert terrier("--db", path, "list", "--where", ending, "--json").json == []
