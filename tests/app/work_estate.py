"""Tasks in the small estate, of which every figure is known; days count from today."""

from __future__ import annotations

from typing import Any

from cmdb.model import clock
from cmdb.model.calendar_bounds import days_after
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.store import Store


def day(days: int) -> str:
    """The day ``days`` from today."""
    return days_after(clock.today(), days).isoformat()


def fill_tasks(store: Store) -> dict[str, str]:
    """Adds a team that Anja leads and six tasks in one revision. Returns their ids by name."""
    with store.read() as reader:
        anja, laptop, server = (reader.find(name).uid for name in ("Anja Vogt", "LT-2041", "host-a"))
    team = new_id()
    ids = {"Field team": team}
    edits = [Edit(ci(team), "", None, {"class": "team", "name": "Field team", "manager": anja})]

    def task(name: str, *about: str, **values: Any) -> None:
        ids[name] = uid = new_id()
        edits.append(Edit(ci(uid), "", None, {"class": "task", "name": name, **values}))
        edits.extend(Edit(Record("relationship", ("concerns", uid, one)), "", None, {}) for one in about)

    task("Replace battery", laptop, assignee=anja, due=day(-3), state="In progress")
    task("Renew <b>certificate</b>", server, laptop, team=team, due=day(2), reminder=day(-1))
    task("Order toner", assignee=anja, reminder=day(5))
    task("Plan move", due=day(30))
    task("Old chore", assignee=anja, due=day(-40), reminder=day(-45), state="Done")
    task("Not needed", state="Skipped", reason="sold")
    store.apply(Revision(edits, "anna", reason="Tasks"))
    return ids
