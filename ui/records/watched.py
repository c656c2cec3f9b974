"""Watched items: a card of what others changed, and the table of all of them in the side sheet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.watching import WatchedItem, WatchList, seen_of, watched
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from cmdb.model.relative_times import ago
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import column, row
from ui.widgets.page_states import EmptyState, Icon, PageStates
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.context import Context

FIRST = 4
"""Items on the card."""


class WatchedLine(QWidget):
    """One watched item: its name, how much is new, and the last of it."""

    def __init__(self, context: Context, item: WatchedItem) -> None:
        super().__init__()
        self.item = item
        classes = context.schema.classes
        icon = Icon(context.theme, classes[item.cls].icon if item.cls in classes else "box", size=16)
        self.link = LinkButton(item.name, partial(context.shell.open_ci, item.uid, item.cls))
        self.link.setProperty("tone", "accent")
        self.news = Text(_news(item), "" if item.number else "muted")
        self.news.set_bold(bool(item.number))
        self.last = ElidedText(_last(item), "muted")
        line = row(icon, self.link, self.last, self.news, spacing=8, margins=(0, 1, 0, 1))
        line.setStretch(2, 1)
        self.setLayout(line)


def _news(item: WatchedItem) -> str:
    return trn("{count} change", "{count} changes", item.number) if item.number else tr("nothing new")


def _last(item: WatchedItem) -> str:
    if item.last is None:
        return ""
    said = str(item.last.title or item.last.reason)
    return " · ".join(part for part in (said, item.last.author, ago(item.last.time)) if part)


class WatchedCard(Card):
    """The watched items in which others changed something; hidden while there is none."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Watched items"))
        self._context = context
        self.all = Button("", lambda: open_watched(context), kind="link")
        self.header.addWidget(self.all)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self.body.addLayout(self._lines)
        self.body.addStretch(1)
        self.lines: list[WatchedLine] = []
        self.hide()

    def ask(self) -> None:
        """Reads what others changed in what is watched."""
        _ask(self._context, self._show, self)

    def _show(self, found: WatchList) -> None:
        for old in self.lines:
            old.hide()
            old.deleteLater()
        self.lines = [WatchedLine(self._context, one) for one in found.news[:FIRST]]
        for line in self.lines:
            self._lines.addWidget(line)
        self.all.setText(tr("All {count}", count=number(found.total)))
        self.setVisible(bool(self.lines))


def open_watched(context: Context) -> None:
    """Shows all watched items in the side sheet; Enter or a double click opens one."""
    shell, classes = context.shell, context.schema.classes
    model = RowsModel[WatchedItem](
        context.theme,
        (
            ViewColumn(tr("Item"), lambda one: one.name,
                       icon=lambda one: classes[one.cls].icon if one.cls in classes else "box"),
            ViewColumn(tr("News"), _news, sort=lambda one: one.number),
            ViewColumn(tr("Last change"), _last, sort=lambda one: one.last.number if one.last is not None else 0,
                       hint=_last),
        ),
    )  # fmt: skip
    table = TableView(context.theme, tr("Watched items"))
    table.setModel(model)
    set_widths(table, (110, 120, 0))
    more = Text("", "muted")
    more.hide()
    content = QWidget()
    content.setLayout(column(table, more))
    states = PageStates(context.theme, content)

    def opens(place: int) -> None:
        one = model.row_at(place)
        shell.close_sheet()
        shell.open_ci(one.uid, one.cls)

    def show(found: WatchList) -> None:
        if not found.total:
            said = tr("Watch an item by the eye beside its name: then what others change in it is listed here.")
            states.empty(EmptyState(context.theme, "eye", tr("You watch nothing"), said))
            return
        model.show_rows(found.first)
        shown, total = number(len(found.first)), number(found.total)
        more.setText(tr("The first {shown} of {total}: what others changed last.", shown=shown, total=total))
        more.setVisible(len(found.first) < found.total)
        table.selectRow(0)
        states.content()
        table.setFocus()

    table.opened.connect(opens)
    shell.sheet(tr("Watched items"), states, (Button(tr("Close"), shell.close_sheet),))
    _ask(context, show, states, states.failed)


def _ask(
    context: Context,
    show: Callable[[WatchList], None],
    owner: QWidget,
    failed: Callable[[Exception], None] | None = None,
) -> None:
    author, workspace = context.author, context.workspace
    seen = seen_of(workspace.settings, workspace.where)
    context.query(lambda reader: watched(reader, author, seen), show, failed, owner=owner, lane="slow")
