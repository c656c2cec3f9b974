"""The tasks about one record: the open ones first, and a new one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.work.concerning import ConcerningWork, concerning
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn
from cmdb.model.state_tables import STATE, is_closed
from ui.context import Context
from ui.records.detail.past_tab import LaterTab
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import STRETCH, box, column, row, scroll_other, scrolled
from ui.widgets.page_states import Icon
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI

FIRST = 100
"""Tasks that are shown."""


class TaskLine(QWidget):
    """One task: its name as a link, its state, when it is due, and who does it. What is over is muted."""

    def __init__(self, context: Context, task: CI, found: ConcerningWork) -> None:
        super().__init__()
        self.task = task
        cls = context.schema.cls(task.cls)
        self.over = is_closed(context.schema, task.cls, task.values.get(STATE))
        self.link = LinkButton(task.name, partial(context.shell.open_ci, task.uid, task.cls))
        self.link.setProperty("tone", "muted" if self.over else "accent")
        shown = (STATE,) if self.over else (STATE, "due", "assignee", "team")
        told = [text_of(cls.attributes[name], task.values.get(name), found.names) for name in shown
                if name in cls.attributes]  # fmt: skip
        said = " · ".join(one for one in told if one)
        self.link.setAccessibleName(tr("{name}, {state}", name=task.name, state=said))
        line = row(Icon(context.theme, cls.icon, size=16), self.link, ElidedText(said, "muted"), spacing=6)
        line.setStretch(2, 1)
        line.setContentsMargins(0, 1, 0, 1)
        self.setLayout(line)


class TasksTab(LaterTab):
    """The tasks about one record, read when the tab is shown. ``wanted_new`` fires for another one."""

    wanted_new = Signal()

    def __init__(self, context: Context, page: str) -> None:
        self._area = scrolled(QWidget())
        self.new = Button(tr("New task for this item…"), lambda: self.wanted_new.emit())
        head = box(row(self.new, STRETCH, margins=(16, 8, 12, 0)))
        inner = column(head, self._area, spacing=0)
        inner.setStretch(1, 1)
        content = box(inner)
        content.setFocusProxy(self.new)
        super().__init__(context, page, "tasks", content)
        self.lines: list[TaskLine] = []

    def show_of(self, ci: CI, *, now: bool) -> None:
        """Shows a record's tasks."""
        self.new.setEnabled(self._context.editable)
        super().show_of(ci, now=now)

    def is_concerned(self, applied: AppliedRevision) -> bool:
        """Whether a revision may have changed one of the tasks that are shown."""
        return any(line.task.uid in applied.touched for line in self.lines)

    def _from_top(self) -> None:
        self._area.verticalScrollBar().setValue(0)
        self.lines = []

    def _ask(self, ci: CI) -> None:
        self._question(lambda reader: concerning(reader, ci.uid, FIRST), self._show)

    def _show(self, found: ConcerningWork) -> None:
        place, held = self._area.verticalScrollBar().value(), self._with_focus()
        layout = QVBoxLayout()
        layout.setSpacing(3)
        layout.setContentsMargins(16, 8, 12, 12)
        self.lines = [TaskLine(self._context, one, found) for one in found.first]
        if found.costs:
            cost = listing(map(str, found.costs))
            layout.addWidget(Text(tr("Maintenance has cost {amounts}.", amounts=cost), "muted", wrap=True))
        for line in self.lines:
            layout.addWidget(line)
        if not found.number:
            layout.addWidget(Text(tr("No task is about it."), "muted", wrap=True))
        elif (rest := found.number - len(found.first)) > 0:
            layout.addWidget(Text(trn("and {count} more", "and {count} more", rest), "muted"))
        layout.addStretch(1)
        scroll_other(self._area, layout)
        self._area.verticalScrollBar().setValue(place)
        self._states.content()
        if held:
            next((line.link for line in self.lines if line.task.uid == held), self.new).setFocus()

    def _with_focus(self) -> str:
        """The task whose line has the focus; "" for none."""
        return next((line.task.uid for line in self.lines if line.link.hasFocus()), "")
