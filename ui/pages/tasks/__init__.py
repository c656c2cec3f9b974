"""Tasks: what is to be done, in lists (mine, my team's, due, overdue, open, closed) with the details beside them."""

from __future__ import annotations

from app.work.lists import LIST_DEPENDENCE, tasks_waiting
from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.tasks.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.tasks.page import TasksPage

    return TasksPage


PAGE = PageEntry(
    "tasks",
    Message("Tasks"),
    "check",
    "work",
    20,
    _load,
    tasks_waiting,
    hint=Message("What is to be done, by whom and when"),
    badge_of=LIST_DEPENDENCE,
    actions=ACTIONS,
    root="work",
)
