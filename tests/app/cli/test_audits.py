"""``audit``: a room is audited from start to end by commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.context import DONE, UNUSABLE, WITH_REMARKS
from app.codes import this_computer
from app.codes.keyboards import TEST_CODE, Typing
from tests.app.audits.building import build
from tests.app.cli.conftest import Done
from tests.cmdb.estates import Places

Terrier = Callable[..., Done]


@pytest.fixture
def estate(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "building.terrier"
    store = places.lay_out(path)
    build(store)
    store.close()
    monkeypatch.setenv("TERRIER_DB", str(path))
    return path


def test_a_room_is_audited_by_commands(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    made = terrier("audit", "new", "--place", "Store", "--json").json
    assert (made["number"], made["name"], made["expected"], made["state"]) == (
        "AUD-1",
        "Audit of Store",
        20,
        "In progress",
    )
    assert terrier("audit", "show", "AUD-1").status == DONE
    codes = tmp_path / "codes.txt"
    codes.write_text("\n".join(["A1", *(f"A{n}" for n in range(1, 18)), "A90", "A91", ""]))
    scanned = terrier("audit", "record", "AUD-1", "--place", "Store", "--from", codes, "--json")
    assert scanned.status == DONE
    assert [one["result"] for one in scanned.json["scans"][-2:]] == ["outside", "retired"]
    one = terrier("audit", "record", "AUD-1", "NO-SUCH-TAG", "--place", "Store")
    assert one.status == WITH_REMARKS
    assert "Unknown" in one.out
    finished = terrier("audit", "finish", "AUD-1", "--accept", "--json")
    assert finished.status == WITH_REMARKS
    assert finished.json["counts"] == {
        "found": 17, "elsewhere": 0, "missing": 3, "excused": 0, "outside": 1, "retired": 1, "lost": 0, "unknown": 1,
    }  # fmt: skip
    assert finished.json["state"] == "Accepted"
    (listed,) = terrier("audit", "list", "--json").json["audits"]
    assert (listed["expected"], listed["counts"]["found"]) == (20, 17)
    shown = terrier("audit", "show", "AUD-1").out
    assert "LT-18" in shown
    assert terrier("show", "LT-90", "--json").json["attributes"]["location"]["name"] == "Store"
    assert terrier("undo", finished.json["revision"]).status == DONE
    assert terrier("show", "LT-90", "--json").json["attributes"]["location"]["name"] == "Office 2.01"
    assert terrier("audit", "show", "AUD-1", "--json").json["state"] == "Finished"
    assert terrier("check").status == DONE
    book = tmp_path / "report.xlsx"
    assert terrier("audit", "show", "AUD-1", "--out", book).status == WITH_REMARKS
    assert book.stat().st_size > 4_000


def test_a_blind_audit_says_nothing_before_it_is_finished(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    made = terrier("audit", "new", "Count", "--place", "Store", "--blind", "--json").json
    assert (made["name"], made["expected"]) == ("Count", None)
    scanned = terrier("audit", "record", "Count", "A1", "A90", "NO-SUCH-TAG", "--json")
    assert (scanned.status, scanned.json["counts"]) == (DONE, None)
    assert all(set(one) == {"code", "id"} for one in scanned.json["scans"])
    for words in (("show", "Count"), ("list",)):
        done = terrier("audit", *words, "--json")
        assert "LT-" not in done.out
        assert '"counts": null' in done.out
    for words in (("show", "Count"), ("record", "Count", "A2")):
        out = terrier("audit", *words).out
        assert not any(word in out for word in ("LT-", "Found", "of 20"))
    assert terrier("audit", "show", "Count", "--out", tmp_path / "a.xlsx").status == UNUSABLE
    assert terrier("audit", "finish", "Count", "--json").json["counts"]["found"] == 2


def test_excuses_and_scans_taken_back(terrier: Terrier, estate: Path) -> None:
    terrier("audit", "new", "--place", "Store")
    counts = terrier("audit", "record", "AUD-1", "A1", "A2", "--excuse", "at home", "--json").json["counts"]
    assert (counts["excused"], counts["missing"]) == (2, 18)
    terrier("audit", "record", "AUD-1", "A3")
    assert terrier("audit", "record", "AUD-1", "a3", "--withdraw", "--json").json["counts"]["found"] == 0
    dropped = terrier("audit", "finish", "AUD-1", "--drop", "--json")
    assert dropped.json["state"] == "Dropped"


def test_what_cannot_be_done_is_one_line(terrier: Terrier, estate: Path) -> None:
    terrier("audit", "new", "--place", "Store")
    for words, said in (
        (("show",), "Which audit? Name it: AUD-1."), (("show", "LT-1"), "LT-1 is no audit."),
        (("record", "AUD-1"), "Nothing was scanned."), (("new", "--place", "LT-1"), "is of another class than"),
        (("list", "--accept"), "--accept does not go with audit list."),
        (("finish", "AUD-1", "--keep", "scanned"), "--keep goes with --accept."),
        (("record", "AUD-1", "A1", "--place", "Nowhere"), "There is no record “Nowhere”."),
        (("new", "--class", "person"), "An audit looks for hardware; Person is none."),
    ):  # fmt: skip
        done = terrier("audit", *words)
        assert (done.status, said in done.err, len(done.err.splitlines())) == (UNUSABLE, True, 1), done.err


def test_what_was_scanned_comes_from_a_scanners_memory_and_from_this_computer(
    terrier: Terrier, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(this_computer, "own_codes", lambda control: ["SER-OF-THIS"])
    terrier("audit", "new", "--place", "Store")
    memory = tmp_path / "SCANNED.TXT"
    memory.write_bytes("A1,003278,14:41:03,23/11/2009\r\nA2,003278,14:41:04,23/11/2009\r\n".encode("utf-16"))
    scanned = terrier("audit", "record", "AUD-1", "--from", memory, "--condition", "gut", "--json").json
    assert [one["result"] for one in scanned["scans"]] == ["found", "found"]
    assert terrier("audit", "record", "AUD-1", "--from", tmp_path / "none.txt").status == UNUSABLE
    german = Typing("us", "de")
    assert "translated" in terrier("audit", "record", "AUD-1", german.typed(TEST_CODE)).err
    typed = terrier("audit", "record", "AUD-1", german.typed("https://old.example/ht/A1"), "--json").json
    assert typed["scans"][0]["result"] == "found"
    own = terrier("audit", "record", "AUD-1", "--this-computer", "--json")
    assert own.status == WITH_REMARKS
    assert own.json["scans"][0]["result"] == "unknown"
    (question,) = terrier("review", "--json").json
    terrier("review", "decide", question["id"], "A3")
    assert terrier("audit", "show", "AUD-1", "--json").json["counts"]["found"] == 3
