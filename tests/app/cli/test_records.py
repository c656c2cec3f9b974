"""The commands on records: list, show, set, link, unlink, delete, impact, cutsets, path, history, undo."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.conftest import Done

pytestmark = pytest.mark.usefixtures("estate")
Run = Callable[..., Done]


def names(found: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in found]


def test_list_takes_a_class_with_its_subclasses_filters_sorts_and_limits(terrier: Run) -> None:
    assert names(terrier("list", "--json", "Computer").json) == ["nb-1", "srv-01", "srv-02", "twin", "twin"]
    assert names(terrier("list", "server", "--json", "--where", "memory > 8192").json) == ["srv-02"]
    assert names(terrier("list", "server", "--json", "--sort", "-memory").json) == ["srv-02", "srv-01"]
    assert names(terrier("list", "--json", "--where", "location.name = Berlin", "--limit", 1).json) == ["srv-01"]
    assert terrier("list", "Phone", "--json").json == []


def test_list_gives_typed_values_and_references_by_name(terrier: Run) -> None:
    (one,) = terrier("list", "--json", "--where", "asset_tag = A-1").json
    assert one["class"] == "Server"
    assert one["attributes"]["memory"] == 8192
    assert one["attributes"]["location"]["name"] == "Berlin"
    assert one["attributes"]["location"]["class"] == "Site"
    assert "assigned_to" not in one["attributes"]


def test_list_for_people_shows_labels_and_units(terrier: Run) -> None:
    out = terrier("list", "laptop").out
    assert out.splitlines()[0].startswith("CLASS")
    assert "nb-1" in out


def test_show_says_why(terrier: Run) -> None:
    document = terrier("show", "srv-01", "--json").json
    assert document["attributes"]["asset_tag"] == "A-1"
    assert document["why"]["memory"]["source"] == "person"
    assert document["why"]["memory"]["losers"] == []
    assert {(r["type"], r["direction"], r["name"]) for r in document["relationships"]} == {
        ("depends on", "in", "Shop"),
        ("located in", "out", "Berlin"),
    }
    assert document["installations"] == []
    assert "8 GiB" in terrier("show", "server:SRV-01").out


def test_set_changes_and_clears_and_the_past_stays_readable(terrier: Run) -> None:
    done = terrier("set", "A-3", "Purchase cost=99.99", "location=Berlin", "purchase_date=", "--json")
    assert done.json["revision"] == 2
    now = terrier("show", "A-3", "--json").json["attributes"]
    assert now["purchase_cost"] == 99.99
    assert now["location"]["name"] == "Berlin"
    assert "purchase_date" not in now
    then = terrier("show", "A-3", "--json", "--as-of", 1).json["attributes"]
    assert then["purchase_cost"] == 1234.5
    assert "location" not in then


def test_set_to_what_it_is_already_writes_nothing(terrier: Run) -> None:
    assert terrier("set", "A-1", "memory=8 GB", "--json").json["revision"] is None
    assert len(terrier("history", "--json").json["revisions"]) == 1


def test_links_come_and_go_from_either_end(terrier: Run) -> None:
    assert terrier("link", "nb-1", "runs", "Shop", "--json").json["revision"] == 2
    related = terrier("show", "Shop", "--json").json["relationships"]
    assert ("runs on", "out", "nb-1") in {(r["type"], r["direction"], r["name"]) for r in related}
    assert terrier("unlink", "Shop", "runs on", "nb-1", "--json").json["revision"] == 3
    related = terrier("show", "Shop", "--json").json["relationships"]
    assert "nb-1" not in {r["name"] for r in related}


def test_a_link_in_several_groups_and_alone(terrier: Run) -> None:
    def shown() -> tuple[list[str], bool, Any]:
        found = terrier("show", "nb-1", "--json").json["relationships"]
        (one,) = [r for r in found if r["name"] == "srv-01"]
        return [of["group"] for of in one.get("groups", [])], one.get("alone", True), one.get("group")

    link = ("link", "nb-1", "depends on", "srv-01")
    assert terrier(*link, "--group", "one", "--needs", "1").err == ""
    terrier(*link, "--group", "two", "--needs", "1")
    assert shown() == (["one", "two"], False, "one")
    assert "one: 1 needed and two: 1 needed" in terrier("show", "nb-1").out
    terrier("link", "nb-1", "depends on", "srv-02", "--group", "one")
    assert names(terrier("impact", "A-1", "--json").json["down"]) == ["nb-1"]
    terrier("link", "nb-1", "depends on", "srv-02", "--group", "two")
    assert names(terrier("impact", "A-1", "--json").json["down"]) == []
    terrier(*link)
    assert shown() == (["one", "two"], True, "one")
    assert names(terrier("impact", "A-1", "--json").json["down"]) == ["nb-1"]
    assert "still stands alone" in terrier(*link, "--group", "three").err
    terrier("undo"), terrier("undo")
    assert shown() == (["one", "two"], False, "one")
    terrier("unlink", "nb-1", "depends on", "srv-01", "--group", "one")
    assert shown() == (["two"], False, "two")
    wrong = terrier("unlink", "nb-1", "depends on", "srv-01", "--group", "one")
    assert (wrong.status, "redundancy group one" in wrong.err) == (2, True)


def test_delete_takes_links_along_and_undo_brings_all_back(terrier: Run) -> None:
    before = terrier("show", "Shop", "--json").json
    assert terrier("delete", "Shop", "--json").json["deleted"] == 1
    assert terrier("show", "Shop").status == 2
    done = terrier("undo", "--json")
    assert (done.status, done.json["undone"], done.json["created"], done.json["kept"]) == (0, 2, 1, [])
    assert done.json["relationships"] == 3
    after = terrier("show", "Shop", "--json").json
    assert {(r["type"], r["name"], r.get("group")) for r in after["relationships"]} == {
        (r["type"], r["name"], r.get("group")) for r in before["relationships"]
    }
    assert after["attributes"] == before["attributes"]


def test_what_changes_no_record_is_named_by_its_title(terrier: Run) -> None:
    assert terrier("baseline", "Before the move").status == 0
    said = terrier("undo").out
    assert "relationships" not in said
    assert "Before the move" in said


def test_undo_takes_the_latest_that_is_neither_an_undo_nor_undone(terrier: Run) -> None:
    terrier("set", "A-1", "memory=1024")
    terrier("set", "A-1", "memory=2048")
    assert terrier("undo", "--json").json["undone"] == 3
    assert terrier("undo", "--json").json["undone"] == 2
    assert terrier("show", "A-1", "--json").json["attributes"]["memory"] == 8192
    assert terrier("undo", "--json").json["undone"] == 1
    done = terrier("undo")
    assert done.status == 2
    assert "nothing to undo" in done.err


def test_undo_keeps_what_was_changed_since_and_says_so(terrier: Run) -> None:
    terrier("set", "A-1", "memory=1024", "asset_tag=B-1")
    terrier("set", "B-1", "memory=2048")
    said = terrier("undo", 2, "--record", "srv-01", "--attribute", "memory").out
    assert said.splitlines()[0] == "Nothing was taken back."
    assert "  srv-01: Memory. " in said, "in the words of the schema, without ids"
    done = terrier("undo", 2, "--json")
    assert len(done.json["kept"]) == 1
    attributes = terrier("show", "srv-01", "--json").json["attributes"]
    assert (attributes["asset_tag"], attributes["memory"]) == ("A-1", 2048)


def test_undo_takes_back_one_records_part_or_one_value(terrier: Run) -> None:
    terrier("set", "A-1", "memory=1024", "notes=seen", "asset_tag=B-1")
    done = terrier("undo", 2, "--record", "B-1", "--attribute", "Memory", "--json")
    assert (done.status, done.json["revision"], done.json["undone"], done.json["kept"]) == (0, 3, 2, [])
    attributes = terrier("show", "srv-01", "--json").json["attributes"]
    assert (attributes["asset_tag"], attributes["memory"], attributes["notes"]) == ("B-1", 8192, "seen")
    said = terrier("undo", 2, "--record", "A-1")  # what it was called before the revision
    assert (said.status, "a part of revision 2" in said.out) == (0, True)
    assert terrier("show", "A-1", "--json").json["attributes"].get("notes") is None
    for words in (("--record", "A-2"), ("--record", "A-1", "--attribute", "wings"), ("--attribute", "memory")):
        wrong = terrier("undo", 2, *words)
        assert (wrong.status, len(wrong.err.splitlines())) == (2, 1)


def test_the_part_of_a_merged_record_is_that_it_comes_back(terrier: Run) -> None:
    terrier("hand-over", "A-2", "to=A-3")
    kept = terrier("show", "A-1", "--json").json["id"]
    terrier("merge", "A-2", "into=A-1")
    assert terrier("undo", 3, "--record", "A-2").status == 0
    back = terrier("show", "A-2", "--json").json
    assert (back["name"], back["id"] != kept) == ("srv-02", True)
    assert terrier("show", "A-1", "--json").json["attributes"].get("assigned_to") is None


def test_undo_brings_back_one_of_many_deleted_records(terrier: Run) -> None:
    terrier("delete", "A-1")
    done = terrier("undo", 2, "--record", "A-1", "--json").json
    assert (done["created"], done["relationships"], done["kept"]) == (1, 1, [])


def test_impact_tells_degraded_from_down_and_why(terrier: Run) -> None:
    one = terrier("impact", "A-1", "--json").json
    assert names(one["failed"]) == ["srv-01"]
    assert one["down"] == []
    assert [(d["name"], d["exhausted"], d["why"]) for d in one["degraded"]] == [("Shop", True, ["srv-01", "Shop"])]
    assert names(one["at_risk"]) == ["Sales"]
    both = terrier("impact", "A-1", "A-2", "--json").json
    assert names(both["down"]) == ["Shop", "Sales"]
    assert both["down"][1]["why"] == ["srv-01", "Shop", "Sales"]
    site = terrier("impact", "Berlin").out
    assert "4 records down" in site
    assert "srv-02" in site


def test_impact_lists_groups_that_can_never_hold(terrier: Run) -> None:
    assert terrier("impact", "A-1", "--json").json["errors"] == []
    terrier("link", "nb-1", "depends on", "srv-01", "--group", "stores", "--needs", "3")
    (error,) = terrier("impact", "A-1", "--json").json["errors"]
    assert (error["name"], error["class"], error["group"]) == ("nb-1", "Laptop", "stores")
    assert error["message"] == "Group stores needs 3 but has 1."
    assert "Group stores needs 3 but has 1." in terrier("impact", "A-1").out


def test_cut_sets_are_minimal(terrier: Run) -> None:
    document = terrier("cutsets", "Sales", "--among", "Hardware", "--json").json
    assert document == {"cut_sets": [["srv-01", "srv-02"]], "complete": True, "order": 2}
    anything = terrier("cutsets", "Sales", "--json").json["cut_sets"]
    assert anything[:2] == [["Berlin"], ["Shop"]]


def test_path_walks_all_relationships(terrier: Run) -> None:
    document = terrier("path", "Sales", "Berlin", "--json").json["path"]
    assert names(document) in (["Sales", "Shop", "srv-01", "Berlin"], ["Sales", "Shop", "srv-02", "Berlin"])
    assert [step.get("via") for step in document] == [None, "is supported by", "depends on", "located in"]
    assert terrier("path", "nb-1", "Shop", "--json").json == {"path": []}


def test_history_of_all_and_of_one(terrier: Run) -> None:
    terrier("set", "A-1", "memory=1024", "--reason", "upgrade")
    revisions = terrier("history", "--json").json["revisions"]
    assert [(r["revision"], r["reason"], r["created"], r["updated"]) for r in revisions] == [
        (2, "upgrade", 0, 1),
        (1, "first", 8, 0),
    ]
    assert [r["revision"] for r in terrier("history", "nb-1", "--json").json["revisions"]] == [1]
    assert "upgrade" in terrier("history").out


def test_new_makes_an_empty_estate_once(terrier: Run, tmp_path: Path) -> None:
    path = tmp_path / "fresh.terrier"
    assert terrier("new", path, "--json").json == {"path": str(path), "records": 0}
    again = terrier("new", path)
    assert again.status == 2
    assert "already exists" in again.err


def test_check_finds_nothing_wrong(terrier: Run) -> None:
    done = terrier("check", "--json")
    assert done.json["problems"] == []
    assert done.status == 0


def test_the_journal_is_checked_against_a_noted_head(terrier: Run) -> None:
    head = terrier("history", "--json").json["head"]
    noted = f"{head['number']}:{head['hash']}"
    assert noted in terrier("history").err
    assert noted in terrier("check").out
    terrier("set", "Shop", "notes=more")
    for known in (noted, head["hash"]):
        done = terrier("check", "--against", known, "--json")
        assert (done.status, done.json["problems"]) == (0, [])
        assert done.json["against"] == {"noted": known, "holds": True}
    changed = f"{head['number']}:{head['hash'][::-1]}"
    done = terrier("check", "--against", changed, "--json")
    assert done.status == 1
    assert done.json["problems"] == [
        f"The journal was rewritten: revision {head['number']} has another hash than the noted head."
    ]
    later = f"{head['number'] + 9}:{head['hash']}"
    assert "Revisions are missing" in terrier("check", "--against", later).out
    wrong = terrier("check", "--against", "yesterday")
    assert wrong.status == 2
    assert "is no head of a journal" in wrong.err


def test_a_noted_head_proves_nothing_of_a_journal_that_does_not_hold(terrier: Run, estate: Path) -> None:
    head = terrier("history", "--json").json["head"]
    with closing(sqlite3.connect(estate)) as connection, connection:
        connection.execute("UPDATE revision SET author = 'another' WHERE number = 1")
    done = terrier("check", "--against", head["hash"])
    assert done.status == 1
    assert "Revision 1 does not hold" in done.out
    assert "whose head was noted" not in done.out
    assert terrier("check", "--against", head["hash"], "--json").json["against"]["holds"] is False


def test_a_backup_is_an_estate_as_it_was(terrier: Run, estate: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.terrier"
    head = terrier("history", "--json").json["head"]
    assert terrier("backup", copy, "--json").json == {"path": str(copy), "head": head}
    terrier("delete", "Shop")
    assert terrier("--db", copy, "show", "Shop").status == 0
    assert terrier("restore", copy, "--json").json["path"] == str(estate)
    assert terrier("show", "Shop").status == 0


def test_an_estate_that_is_in_use_or_read_only_is_named_as_such(
    terrier: Run, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr("cmdb.store.connection.engine.LOCK_SECONDS", 0.2)
    other = sqlite3.connect(estate, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = terrier("set", "A-1", "memory=1024")
    other.execute("ROLLBACK")
    other.close()
    assert done.status == 2
    assert "in use" in done.err
    assert terrier("show", "A-1", "--json").json["attributes"]["memory"] == 8192


def test_what_closed_work_says_of_a_deleted_person_is_shown_listed_and_exported(terrier: Run, tmp_path: Path) -> None:
    terrier("create", "person", "name=Anja Vogt")
    terrier("create", "task", "name=Cables", "assignee=Anja Vogt")
    terrier("complete", "Cables")
    terrier("delete", "Anja Vogt")
    one = terrier("show", "Cables", "--json").json
    shown = one["attributes"]["assignee"]
    assert one["why"]["assignee"]["source"] == "person"
    assert (shown["class"], shown["name"], len(shown["id"])) == ("Person", "Anja Vogt", 36)
    assert "Anja Vogt" in terrier("show", "Cables").out
    (listed,) = terrier("list", "task", "--json").json
    assert listed["attributes"]["assignee"] == shown
    assert "Anja Vogt" in terrier("list", "task").out
    terrier("export", "task", "--out", tmp_path / "tasks.csv")
    assert "Anja Vogt" in (tmp_path / "tasks.csv").read_text("utf-8-sig")


def test_what_people_called_a_merged_record_comes_first(terrier: Run) -> None:
    terrier("set", "nb-1", "uuid=99999999-1111-2222-3333-444444444444")
    terrier("create", "laptop", "name=NB-Two", "uuid=00000000-1111-2222-3333-444444444444", "asset_tag=B-7")
    assert terrier("merge", "NB-Two", "into=nb-1").status == 0
    known = next(line for line in terrier("show", "nb-1").out.splitlines() if line.startswith("Also known as"))
    assert known == "Also known as NB-Two, B-7, 00000000-1111-2222-3333-444444444444"


def test_where_nothing_takes_it_down_that_is_said(terrier: Run, estate: Path) -> None:
    done = terrier("cutsets", "Berlin")
    assert done.out == "Berlin does not go down with the loss of any 2 records that it depends on, or fewer.\n"
    assert terrier("cutsets", "Berlin", "--json").json["cut_sets"] == []


@pytest.mark.parametrize("words", [("impact", "TSK-1"), ("cutsets", "TSK-1"), ("path", "A-1", "TSK-1")])
def test_what_is_on_no_map_is_said_by_its_name(words: tuple[str, ...], terrier: Run, estate: Path) -> None:
    terrier("create", "task", "name=Cables")
    done = terrier(*words)
    assert (done.status, done.out) == (2, "")
    assert "Cables is of class Task" in done.err
