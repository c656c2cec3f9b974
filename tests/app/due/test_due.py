"""What is due: one list of all sources, and the calendar that is made of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from app.due import due, due_sources
from app.due.calendar_file import write_calendar
from app.due.model import DueRow, asked
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.reading.reader import Reader
from tests.cmdb.estates import Hand

TODAY = date(2026, 6, 15)
KINDS = {one.name: str(one.title) for one in due_sources()}


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def rows(hand: Hand, days: int = 30) -> list[DueRow]:
    with hand.store.read() as reader:
        return due(asked(reader, days, TODAY))


def told(hand: Hand, days: int = 30) -> list[tuple[str, int, str]]:
    return [(row.name, (row.day - TODAY).days, row.remedy) for row in rows(hand, days)]


def test_what_is_due_is_one_list_the_earliest_first(hand: Hand) -> None:
    ann = hand.make("person", "Ann")
    hand.make("laptop", "Lent", assigned_to=ann, expected_return=day(-40))
    hand.make("laptop", "Nobody's", expected_return=day(-40))
    hand.make("laptop", "Covered", warranty_until=day(10))
    hand.make("laptop", "Long over", warranty_until=day(-31))
    hand.make("laptop", "Gone", warranty_until=day(10), status="Retired")
    hand.make("contract", "Support", cancel_by=day(5), end=day(95))
    hand.make("certificate", "shop.example", valid_until=day(0))
    hand.make("agreement", "CAD", end=day(30))
    hand.make("task", "Write", due=day(-400), assignee=ann)
    hand.make("task", "Written", due=day(-3), state="Done")
    hand.make("maintenance", "Test", due=day(20), interval=12)
    hand.make("maintenance", "Too far", due=day(31))
    assert told(hand) == [
        ("Write", -400, "complete"), ("Lent", -40, "take_back"), ("shop.example", 0, ""), ("Support", 5, ""),
        ("Covered", 10, ""), ("Test", 20, "finish_maintenance"), ("CAD", 30, ""),
    ]  # fmt: skip
    assert [name for name, *_ in told(hand, 0)] == ["Write", "Lent", "shop.example"]
    assert {row.name: row.who for row in rows(hand) if row.who} == {"Write": ann, "Lent": ann}
    assert len({row.key for row in rows(hand, 400)}) == len(rows(hand, 400))


def test_a_calendar_that_is_imported_again_changes_what_it_has(hand: Hand, tmp_path: Path) -> None:
    name = 'Ü, 見; \\ "q" ' + "long" * 40
    laptop = hand.make("laptop", name, warranty_until=day(10))

    def events() -> dict[str, object]:
        path = tmp_path / "due.ics"
        write_calendar(rows(hand), KINDS, {}, path)
        return {str(one["uid"]): one for one in Calendar.from_ical(path.read_bytes()).walk("VEVENT")}

    first = events()
    (event,) = first.values()
    assert event["summary"] == f"{name}: Warranty until"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date.fromisoformat(day(10)), date.fromisoformat(day(11)))
    assert not event.walk("VALARM")
    hand.set(laptop, "warranty_until", day(12))
    (again,) = (second := events()).values()
    assert second.keys() == first.keys()
    assert again["sequence"] > event["sequence"]
    assert b"\r\n" in (tmp_path / "due.ics").read_bytes()
    assert max(map(len, (tmp_path / "due.ics").read_bytes().split(b"\r\n"))) <= 75


def test_statements_do_not_grow_with_the_records(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    def more(number: int) -> None:
        edits = [Edit(ci(new_id()), "", None, {"class": "laptop", "name": f"L{n}", "warranty_until": day(3)})
                 for n in range(number)]  # fmt: skip
        hand.store.apply(Revision(edits, "tom"))

    asked_for = list[int]()
    many = Reader.many

    def counted(self: Reader, ids: list[int]) -> list[CI]:
        asked_for.append(len(ids))
        return many(self, ids)

    monkeypatch.setattr(Reader, "many", counted)
    more(10)
    rows(hand)
    few = len(asked_for)
    asked_for.clear()
    more(900)
    assert len(rows(hand)) == 910
    assert len(asked_for) == few, "a thousand records are read at once"
