"""How often a person looks at things: the shortest interval that is said of one counts, and only what a person saw."""

from __future__ import annotations

from datetime import date

import pytest

from app.audits.intervals import SEEN, _last_look, due_filter, next_audits
from app.due import due
from app.due.model import asked
from app.estate_settings import AUDIT_INTERVALS, change
from app.overview.figures import attention_items
from cmdb.model.calendar_bounds import days_after, months_after
from cmdb.model.errors import InvalidValue
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from tests.cmdb.estates import Hand

TODAY = date(2026, 6, 15)


@pytest.mark.skipif(SEEN not in Schema.load().all_attributes("hardware"), reason="nothing says who saw what")
def test_the_shortest_interval_counts_and_a_scan_is_no_look(hand: Hand) -> None:
    site = hand.make("site", "Bilbao", audit_interval=24)
    room = hand.make("room", "R1", location=site)
    model = hand.make("hardware_model", "T14", audit_interval=3)
    seen = {"seen_in_person": "2026-01-10T09:00:00Z"}
    hand.make("laptop", "by class", **seen)
    hand.make("laptop", "by model", model=model, location=room, **seen)
    hand.make("monitor", "by place", location=room, seen_in_person="2024-06-20T09:00:00Z")
    hand.make("monitor", "not yet", location=room, **seen)
    hand.make("monitor", "never", location=room, last_seen="2026-06-14T09:00:00Z")
    hand.make("monitor", "of no interval")
    hand.make("laptop", "lost", status="Lost")
    with hand.store.read() as reader:
        hand.store.apply(change(reader, AUDIT_INTERVALS, "Laptop: 6\nNo class: 2", "tom"))
    with hand.store.read() as reader:
        until = date(2026, 7, 10)
        found = {one.name: when.isoformat() for one, when in next_audits(reader, until, TODAY)}
        assert found == {
            "by class": "2026-07-10", "by model": "2026-04-10", "by place": "2026-06-20", "never": "2026-06-15",
        }  # fmt: skip
        listed = {one.name for one in reader.all(Selection("hardware", due_filter(reader, until)))}
        assert listed == found.keys()
        rows = {row.name: (row.day.isoformat(), str(row.what)) for row in due(asked(reader, 25, TODAY))}
        assert rows == {
            "R1": ("2026-04-10", "Audit of 3 items"), "": ("2026-07-10", "Audit of 1 item without a place"),
        }  # fmt: skip
        (item,) = (one for one in attention_items(reader, TODAY) if "person" in str(one.text))
        where = str(item.params["where"])
        assert reader.count(Selection("hardware", where)) == 2


def test_months_end_on_different_days() -> None:
    for day in (days_after(date(2023, 12, 20), n) for n in range(90)):
        last = _last_look(day, 6)
        assert months_after(last, 6) <= day < months_after(days_after(last, 1), 6)


def test_a_line_of_the_setting_has_a_class_and_a_number(hand: Hand) -> None:
    with hand.store.read() as reader:
        for text in ("Laptop", "Laptop: 0", "Laptop: 601", "Laptop: x"):
            with pytest.raises(InvalidValue, match="is no class with a number of months"):
                change(reader, AUDIT_INTERVALS, text, "tom")
