"""The title of a revision: its reason, or its changes; in a bounded number of statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import edits, history, retention
from cmdb.register.revision_titles import LOOKED_AT, titled, titled_revision
from tests.cmdb.estates import Hand
from tests.pseudo_locale import spoken


def title(hand: Hand, number: int = 0) -> str:
    """The title of a revision, by default of the latest."""
    with hand.store.read() as reader:
        return str(titled_revision(reader, number or reader.number).title)


def change(hand: Hand, uids: list[str], **values: str | int) -> None:
    with hand.store.read() as reader:
        revision = edits.set_values(reader, uids, values, "tom")
    hand.store.apply(revision)


def test_a_reason_is_the_title(hand: Hand) -> None:
    hand.apply(hand.new("laptop", "LT-1"), reason="Bought")
    assert title(hand) == "Bought"


def test_one_item(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", memory=8192)
    assert title(hand) == "LT-1 created"
    change(hand, [uid], notes="new")
    assert title(hand) == "Notes of LT-1 changed"
    change(hand, [uid], notes="old", memory=16384)
    assert title(hand) == "Memory, Notes of LT-1 changed"
    change(hand, [uid], name="LT-2", notes="c", memory=32768, serial_number="1")
    assert title(hand) == "4 attributes of LT-2 changed"
    hand.apply(Edit(ci(uid), "class", "laptop", "server"))
    assert title(hand) == "Class of LT-2 changed"
    hand.apply(Edit(ci(uid), "", {"class": "server"}, None))
    assert title(hand) == "LT-2 deleted"
    assert title(hand, 1) == "LT-1 created", "the name that it had then"


def test_several_items(hand: Hand) -> None:
    uids = [hand.make("laptop", f"LT-{number}") for number in range(3)]
    change(hand, uids, notes="x")
    assert title(hand) == "3 items changed: Notes"
    hand.apply(Edit(ci(uids[0]), "notes", "x", "y"), Edit(ci(uids[1]), "memory", None, 8192))
    assert title(hand) == "LT-0 and 1 other changed"
    hand.apply(hand.new("laptop", "A"), hand.new("laptop", "B"), hand.new("laptop", "C"))
    assert title(hand) == "A and 2 others created"
    hand.apply(hand.new("laptop", "D"), Edit(ci(uids[2]), "notes", "x", None))
    assert title(hand) == "D created; 1 item changed"


def test_the_title_of_a_large_revision_has_only_numbers(hand: Hand) -> None:
    hand.apply(*(hand.new("laptop", f"LT-{number}") for number in range(LOOKED_AT + 1)))
    assert title(hand) == "11 items created"


def test_a_scan_is_named_by_what_it_changed_but_when_it_looked(hand: Hand) -> None:
    one, other = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2")

    def seen(*uids: str, day: int, **values: str) -> str:
        with hand.store.read() as reader:
            said = {"last_seen": f"2026-03-0{day}T08:00:00Z", **values}
            made = edits.set_values(reader, uids, said, "tester").edits
        hand.store.apply(Revision(list(made), "tester", source="scan:a"))
        return title(hand)

    assert seen(one, day=1) == "LT-1 seen again"
    assert seen(one, other, day=2) == "LT-1 and 1 other seen again"
    assert seen(one, day=3, operating_system="Debian") == "Operating system of LT-1 changed"
    change(hand, [one], last_seen="2026-03-05T08:00:00Z")
    assert title(hand) == "Last seen of LT-1 changed"


def test_other_records(hand: Hand) -> None:
    one, two = hand.make("server", "A"), hand.make("server", "B")
    hand.apply(Edit(Record("relationship", ("depends_on", one, two)), "", None, {}))
    assert title(hand) == "1 relationship changed"
    hand.apply(Edit(Record("relationship", ("depends_on", one, two)), "note", None, "so it is"))
    assert title(hand) == "1 relationship changed"
    hand.apply(*(Edit(Record("saved_view", (new_id(),)), "", None, {"name": name, "class": "ci"}) for name in "ab"))
    assert title(hand) == "2 saved views changed"


def test_an_undo_names_what_was_taken_back(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1")
    change(hand, [uid], notes="new")
    applied = history.undo(hand.store, 2, "tom")
    assert title(hand) == "Undo: Notes of LT-1 changed"
    history.undo(hand.store, applied.number, "tom")
    assert title(hand) == "Redo: Notes of LT-1 changed"


def test_the_title_of_a_pruned_revision_has_only_numbers(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1")
    change(hand, [uid], notes="new")
    with hand.store.read() as reader:
        hand.store.apply(retention.set_rule(reader, "1m", "tom"))
    assert retention.prune(hand.store, "tom", now=datetime.now(UTC) + timedelta(days=90)).versions
    assert title(hand, 2) == "1 item changed"


def test_a_page_takes_few_statements(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1")
    for number in range(30):
        change(hand, [uid], notes=str(number))
    statements: list[str] = []
    with hand.store.read() as reader:
        headers = reader.revisions(100)
        event.listen(reader._connection, "before_cursor_execute", lambda c, cursor, sql, *rest: statements.append(sql))
        found = titled(reader, headers)
    assert {str(one.title) for one in found} == {"LT-1 created", "Notes of LT-1 changed"}
    assert len(statements) < 8


def test_what_was_taken_back_is_worded_in_the_reader_s_language(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1")
    hand.apply(Edit(ci(uid), "class", "laptop", "server"))
    history.undo(hand.store, 2, "tom")
    assert title(hand) == "Undo: Class of LT-1 changed"
    with spoken():
        change = Message("{attributes} of {name} changed", attributes=(Message("Class"),), name="LT-1")
        assert title(hand) == str(Message("Undo: {what}", what=change))
        assert "Class" not in title(hand)
