"""What is shown where a list of tasks has nothing: why, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Callable

from app.work.lists import TaskList, TaskOwner
from cmdb.model.messages import Message, tr
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.page_states import EmptyState

_ABOUT = Message(
    "A task says what is to be done, about which records, by whom and until when. It gets a number, and it is open, in "
    "progress, done, failed or skipped."
)
_NOTHING: dict[TaskList, Message] = {
    TaskList.MINE: Message("Nothing to do for you"),
    TaskList.TEAM: Message("Nothing to do for your team"),
    TaskList.DUE: Message("Nothing is due"),
    TaskList.OVERDUE: Message("Nothing is overdue"),
    TaskList.OPEN: Message("No open tasks"),
    TaskList.CLOSED: Message("No closed tasks yet"),
    TaskList.ALL: Message("No tasks yet"),
    TaskList.UNSIGNED: Message("Everything is signed"),
}


def empty_list(
    theme: Theme,
    shown: TaskList,
    owner: TaskOwner | None,
    total: int,
    new: Callable[[], object] | None,
    whose: Callable[[], object],
) -> EmptyState:
    """The empty state of a list of an estate with ``total`` tasks; ``owner`` is who is "me".

    ``new`` begins a task; None while the past is shown.
    """
    if shown in (TaskList.MINE, TaskList.TEAM) and owner is None:
        text = tr("Choose your record among the people of this estate. Then your tasks and your team's stand here.")
        return EmptyState(theme, "person", tr("Whose tasks?"), text, Button(tr("Choose a person…"), whose))
    if not total and shown is not TaskList.UNSIGNED:
        button = Button(tr("New task…"), new) if new is not None else None
        return EmptyState(theme, "check", tr("No tasks yet"), str(_ABOUT), button)
    if shown is TaskList.TEAM and owner is not None and not owner.teams:
        text = tr("{name} leads no team, and no relationship “belongs to” leads to one.", name=owner.name)
        return EmptyState(theme, "team", tr("No team"), text)
    calm = shown in (TaskList.DUE, TaskList.OVERDUE, TaskList.MINE, TaskList.UNSIGNED)
    return EmptyState(theme, "good" if calm else "check", str(_NOTHING[shown]), "", token="good" if calm else "faint")


def no_task_chosen(theme: Theme) -> EmptyState:
    """What stands in place of the details while no task is chosen."""
    text = tr("Choose one in the table to see what is to be done, about which records, and what happened so far.")
    return EmptyState(theme, "check", tr("No task chosen"), text)
