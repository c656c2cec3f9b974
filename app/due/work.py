"""Work that is not over: tasks, and planned or running maintenance."""

from __future__ import annotations

from app.due.model import DueDates, of_dates
from app.work.lists import TASK, open_filter
from cmdb.model.messages import Message
from cmdb.register.maintenance import FINISH, MAINTENANCE

TASKS = DueDates(
    "task", TASK, "due", Message("To be done"), lambda schema: open_filter(schema, TASK),
    who="assignee", remedy="complete",
)  # fmt: skip
UPKEEP = DueDates(
    "maintenance", MAINTENANCE, "due", Message("Maintenance is due"), lambda schema: open_filter(schema, MAINTENANCE),
    who="supplier", remedy=FINISH,
)  # fmt: skip
SOURCES = (
    of_dates("task", Message("Task"), TASKS),
    of_dates("maintenance", Message("Maintenance"), UPKEEP),
)
