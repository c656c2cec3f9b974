"""The journal in pages, and a revision's changes and its undo as lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.history import revisions
from app.history.revisions import ChangeLines, journal, journal_page, revision_changes, revision_undo
from cmdb.model.errors import NotFound, UserError
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.register import history
from cmdb.register.difference import plain
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.app.drift.inventories import take
from tests.app.small_estate import fill_small


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    fill_small(made)
    yield made
    made.close()


def uid(store: Store, name: str) -> str:
    with store.read() as reader:
        return reader.find(name).uid


def said(changes: ChangeLines) -> list[tuple[str, str, str, str]]:
    return [(one.item, one.what, one.before, one.after) for one in changes.lines]


def test_the_journal_is_read_in_pages_the_newest_first(store: Store) -> None:
    with store.read() as reader:
        assert [one.number for one in journal(reader)] == [2, 1]
        assert [one.number for one in journal(reader, reader.find("host-a").uid)] == [1]
        page = journal_page(reader, 1, None)
        assert [one.number for one in page.headers] == [2]
        assert page.kept_from == ""
        assert [one.number for one in journal_page(reader, 5, 2).headers] == [1]


def test_changes_of_a_revision_are_worded(store: Store) -> None:
    with store.read() as reader:
        assert said(revision_changes(reader, 2, plain).changes) == [("LT-2041", "Status", "In repair", "Deployed")]
        made = said(revision_changes(reader, 1, plain).changes)
        with pytest.raises(NotFound):
            revision_changes(reader, 9, plain)
    assert ("host-a", "Created", "", "Server") in made
    assert len(made) == 7


def test_values_are_worded_by_the_caller(store: Store) -> None:
    with store.read() as reader:
        found = revision_changes(reader, 2, lambda attribute, value, names: f"<{attribute.name} {value}>")
    assert said(found.changes) == [("LT-2041", "Status", "<status In repair>", "<status Deployed>")]


def test_changes_that_are_not_listed_are_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "MOST", 3)
    laptop = uid(store, "LT-2041")
    key = (laptop, "", "Mozilla", "Firefox", "", "130")
    store.apply(Revision([Edit(Record("installation", key), "", None, {"origin": "scan"})], "tom", "scan"))
    with store.read() as reader:
        first = revision_changes(reader, 1, plain).changes
        software = revision_changes(reader, 3, plain).changes
    assert (len(first.lines), first.more) == (3, 4)
    (line,) = software.lines
    assert (line.item, line.what, line.before, line.after) == ("LT-2041", "Installed software: Firefox", "", "130")
    assert not software.others
    assert software
    assert not ChangeLines([])


def test_the_preview_of_an_undo_excludes_later_changes(store: Store) -> None:
    laptop = uid(store, "LT-2041")
    with store.read() as reader:
        found = revision_undo(reader, 2, "tom", plain)
    assert said(found.changes) == [("LT-2041", "Status", "Deployed", "In repair")]
    assert found.kept == ()
    store.apply(Revision([Edit(ci(laptop), "status", "Deployed", "In stock")], "tom"))
    with store.read() as reader:
        left = revision_undo(reader, 2, "tom", plain)
    assert not left.changes
    assert [(one.name, one.field) for one in left.kept] == [("LT-2041", "status")]


def test_an_undone_revision_is_marked(store: Store) -> None:
    history.undo(store, 2, "tom")
    with store.read() as reader, pytest.raises(UserError, match="taken back already"):
        revision_undo(reader, 2, "tom", plain)


def test_items_that_were_only_seen_again_are_counted(store: Store) -> None:
    one, other = uid(store, "LT-2041"), uid(store, "LT-2048")
    for day, notes in ((1, None), (2, "Dented")):
        with store.read() as reader:
            edits = [
                Edit(ci(u), "last_seen", reader.get(u).values.get("last_seen"), f"2026-11-0{day}T08:00:00Z")
                for u in (one, other)
            ]
            edits += [Edit(ci(one), "notes", None, notes)] if notes else []
        applied = store.apply(Revision(edits, "anna", "scan:host"))
    with store.read() as reader:
        found = revision_changes(reader, applied.number, plain).changes
    assert said(found) == [("LT-2041", "Notes", "", "Dented")]
    assert (found.seen, str(found.rest)) == (2, "2 items seen again")


def test_what_a_scan_changed_is_told_by_section(store: Store) -> None:
    first = take(store, 1, [("Fox Browser", "115.0"), *((f"Tool {n:02}", "1") for n in range(70))])
    second = take(store, 2, [("Fox Browser", "128.0"), *((f"Tool {n:02}", "1") for n in range(69))], memories=[])
    with store.read() as reader:
        changes = [revision_changes(reader, number, plain).changes for number in (first, second)]
    counted, told = ([(c.item, c.what, c.before, c.after) for c in one.lines] for one in changes)
    assert ("nb-017", "Memory modules", "", "2 added") in counted
    assert ("nb-017", "Installed software", "", "71 added") in counted
    assert ("nb-017", "Installed software: Fox Browser", "115.0", "128.0") in told
    assert ("nb-017", "Installed software: Tool 69", "1", "") in told
    assert [line[1] for line in told].count("Memory module") == 2


def test_very_many_rows_are_counted_over_all_items(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    number = take(store, 1, [("Fox Browser", "115.0")])
    for name, most in (("MOST_ROWS", 0), ("MOST_COUNTED", 1)):
        monkeypatch.setattr(revisions, name, most)
        with store.read() as reader:
            lines = revision_changes(reader, number, plain).changes.lines
        assert {("Several items", "Memory modules", "2 added"), ("Several items", "Installed software", "1 added")} <= {
            (one.item, one.what, one.after) for one in lines
        }
