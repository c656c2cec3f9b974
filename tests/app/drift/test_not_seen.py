"""Machines that no scan has seen for some days: the number, the report and the list agree on the estate's own days."""

from __future__ import annotations

from datetime import date

import pytest

from app.estate_settings import STALE, change, stale_days
from app.overview.figures import scanned
from app.reports import ReportContext, find
from cmdb.model.errors import InvalidValue
from cmdb.model.observation import Observation, Reading, Source
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.reconciliation import reconcile
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from tests.app.drift.inventories import NAME, laptop, take

TODAY = date(2026, 3, 21)


def found(store: Store) -> tuple[list[str], list[str], int]:
    """The names in the report, those in the list that the overview's number opens, and that number."""
    with store.read() as reader:
        rows = list(find("stale_computers").rows(ReportContext(reader, TODAY)))
        figures = scanned(reader, TODAY)
        listed = [one.name for one in reader.page(Selection("computer", figures.where))]
    return sorted(row.cells[0] for row in rows), sorted(listed), figures.stale


def test_the_number_the_report_and_the_list_agree_on_the_estates_own_days(store: Store) -> None:
    take(store, 1, agent="old")
    take(store, 5)
    uid = laptop(store)
    for name, status in (("never", "Deployed"), ("stock", "In stock"), ("gone", "Retired")):
        store.apply(Revision([Edit(ci(new_id()), "", None, {"class": "laptop", "name": name, "status": status})], "a"))
    named = Observation("laptop", {"name": NAME, "status": "Deployed", "serial_number": "PF2ABC12"})
    sheet = Reading(Source("sheet", "list.csv"), "2026-03-19T08:00:00Z", [named], read=1)
    with store.read() as reader:
        revision = reconcile([sheet], StoreLookup(reader), store.schema, "a").revision
    store.apply(revision)
    with store.read() as reader:
        assert stale_days(reader) == 30
        assert reader.get(uid).text("last_seen") == "2026-03-05T08:00:00Z", "a list that names it has seen nothing"
        assert reader.count(Selection("computer", "last_seen < 2026-03-10")) == 1
    assert found(store) == (["never"], ["never"], 1)
    with store.read() as reader:
        assert [one.after for one in change(reader, STALE, "015", "a").edits] == [{"stale_days": "15"}]
        for wrong in ("0", "-1", "x", "1.5", "99999", "٣"):
            with pytest.raises(InvalidValue, match="no number of days"):
                change(reader, STALE, wrong, "a")
        revision = change(reader, STALE, "15", "a")
    store.apply(revision)
    assert found(store) == ([NAME, "never"], [NAME, "never"], 2)
    with store.read() as reader:
        question = ReportContext(reader, TODAY)
        rows = {row.cells[0]: row.cells for row in find("stale_computers").rows(question)}
        assert (rows[NAME][5], str(rows[NAME][6])) == (16, "scan agent 5 Mar 2026; scan old 1 Mar 2026")
        assert str(rows["never"][6]) == ""
        assert "Not seen for 15 days" in str(find("stale_computers").described(question))
        assert scanned(reader, TODAY).days == 15
