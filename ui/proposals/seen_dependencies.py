"""Dependencies and neighbours that scans see, in the side sheet: accepted or dismissed, one or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QWidget

from app.connections.answers import accept, accept_neighbours, dismiss, make_records, propose_again
from app.connections.seen_dependencies import (
    ACCEPTED,
    DISMISSED,
    OPEN,
    SeenConnections,
    SeenDependency,
    SeenNeighbour,
    UnknownAddress,
    found_connections,
)
from cmdb.model.formats import day, listing
from cmdb.model.messages import Message, tr, trn
from cmdb.model.revision import Revision
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.page_states import EmptyState
from ui.widgets.search import SearchField
from ui.widgets.side_sheet import FollowingContent
from ui.widgets.table import RowsModel, TableView, ViewColumn

Line = SeenDependency | UnknownAddress | SeenNeighbour
Answer = Callable[[Any, Sequence[Any], str], Revision]

_ABOUT = Message(
    "Connections of scanned machines, joined with the ports at which others listen. What is accepted is a relationship "
    "between the programs on both machines; records of programs that are missing are made. An accepted neighbour is a "
    "record, connected to where it was seen. One revision, which can be undone."
)
_UNKNOWN = "unknown"
_NEIGHBOURS = "neighbours"
_SERVICES, _ALL = "services", "all"
_LEAST_WIDTH = 480
"""In pixels: both ends are a program and its machine, and one cut behind the program says nothing."""
_LONGEST_DESCRIPTION = 200
_MOST = 2000
"""The rows that are listed at once; the number of all is said."""


class SeenDependencies:
    """Opens the sheet."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def show(self) -> None:
        """Looks for dependencies, and lists them."""
        content = SeenDependencyList(self.context)
        self.context.shell.sheet(tr("Dependencies seen in connections"), content, content.buttons)
        content.ask()


class SeenDependencyList(FollowingContent):
    """The dependencies, or the addresses that no record has, of one answer; what is chosen is answered together."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        self.found: SeenConnections | None = None
        self._state = Text("", "muted", wrap=True)
        self.shown = ChoiceBox(20)
        self._titles: list[str] = []
        for title, what in (
            (tr("Between services, open"), (_SERVICES, OPEN)), (tr("All, open"), (_ALL, OPEN)),
            (tr("Accepted"), (_ALL, ACCEPTED)), (tr("Dismissed"), (_ALL, DISMISSED)),
            (tr("Unknown addresses, open"), (_UNKNOWN, OPEN)),
            (tr("Unknown addresses, dismissed"), (_UNKNOWN, DISMISSED)),
            (tr("Unknown neighbours, open"), (_NEIGHBOURS, OPEN)),
            (tr("Unknown neighbours, dismissed"), (_NEIGHBOURS, DISMISSED)),
        ):  # fmt: skip
            self.shown.addItem(title, what)
            self._titles.append(title)
        self.shown.setAccessibleName(tr("Show"))
        self.shown.currentIndexChanged.connect(lambda _: self._list())
        self.search = SearchField(theme, tr("Find in the list"), lambda _: self._list())
        columns: list[ViewColumn[Line]] = [
            ViewColumn(tr("What uses it"), _user, hint=_hint, icon=self._icon, bold=True),
            ViewColumn(tr("What is used"), _used, hint=_hint, icon=self._used_icon),
            ViewColumn(tr("Last seen"), lambda one: day(_seen(one)[:10]), _seen),
        ]
        self.rows: RowsModel[Line] = RowsModel(theme, columns)
        self.table = TableView(theme, tr("Dependencies"), compact=True)
        self.table.setModel(self.rows)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
        self.table.fit_to_rows(0, whole=(2,), least_of_name=84)
        set_sizes(self, least_width=_LEAST_WIDTH)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self._chosen = Text("", "muted", wrap=True)
        self.classes = ChoiceBox(16)
        self.classes.setAccessibleName(tr("Class of the new records"))
        for one in context.schema.tree("hardware"):
            if not one.abstract and "ip_address" in one.attributes:
                self.classes.addItem(one.label, one.name)
        self._kind = ""
        self.accept_button = Button(tr("Accept"), self._accept, kind="primary")
        self.make_button = Button(tr("Make records"), self._make, kind="primary")
        self.dismiss_button = Button(tr("Dismiss"), self._dismiss)
        self.again_button = Button(tr("Propose again"), lambda: self._say(propose_again, tr("Open again")))
        self.buttons = (self.again_button, self.dismiss_button, self.make_button, self.accept_button)
        self._none = EmptyState(theme, "good", tr("Nothing of this kind"), token="good")
        self._class_line = QWidget()
        self._class_words = Text("", "muted", wrap=True)
        self._class_line.setLayout(column(self._class_words, self.classes, spacing=4))
        about = Text(str(_ABOUT), "muted", wrap=True)
        asked = column(self.shown, self.search, self._state, spacing=8)
        whole = column(about, asked, self.table, self._chosen, self._class_line, self._none, spacing=8)
        whole.setStretch(2, 1)
        whole.setStretch(5, 1)
        self.setLayout(whole)
        self._list()

    def ask(self) -> None:
        """Looks again."""
        remembered, jobs = self._context.remembered, self._context.workspace.jobs
        if self.found is None:
            self._state.setText(tr("Joining connections…"))
        self._context.query(
            lambda reader: found_connections(remembered, reader, jobs),
            self.show_found, key=("dependencies", "list"), owner=self, lane="slow", now=True,
        )  # fmt: skip

    def show_found(self, found: SeenConnections) -> None:
        """Shows what was found; at first, of the open ones, those of the first kind that there are."""
        if found == self.found:
            return  # what is chosen stays chosen
        first, self.found = self.found is None, found
        with QSignalBlocker(self.shown):
            for at, title in enumerate(self._titles):
                kind, state = self.shown.itemData(at)
                count = len(_lines(found, kind, state, ""))
                self.shown.setItemText(at, tr("{title} {count}", title=title, count=count) if count else title)
                if first and count and state == OPEN:
                    self.shown.setCurrentIndex(at)
                    first = False
        self._list()

    def selected(self) -> list[Line]:
        """The chosen lines."""
        return [self.rows.row_at(index.row()) for index in self.table.selectionModel().selectedRows()]

    def _list(self) -> None:
        kind, state = self.shown.currentData()
        found = self.found
        lines = _lines(found, kind, state, self.search.text()) if found is not None else []
        if not lines and self.table.hasFocus():
            self.shown.setFocus()
        self.rows.show_rows(lines[:_MOST])
        self.table.setVisible(bool(lines))
        self._none.setVisible(found is not None and not lines)
        if found is not None:
            self._state.setText(_count(found, kind, len(lines)))
        self.accept_button.setVisible(kind != _UNKNOWN and state != ACCEPTED)
        self.make_button.setVisible(kind == _UNKNOWN)
        self._class_line.setVisible(kind in (_UNKNOWN, _NEIGHBOURS) and bool(lines))
        if kind != self._kind:
            self._kind = kind
            likely = "network_device" if kind == _NEIGHBOURS else "server"
            self.classes.setCurrentIndex(max(0, self.classes.findData(likely)))
        self._class_words.setText(_class_words(kind))
        first, second = (
            (tr("Seen at"), tr("Neighbour")) if kind == _NEIGHBOURS else (tr("What uses it"), tr("What is used"))
        )
        self.rows.set_titles([first, second, tr("Last seen")])
        self.dismiss_button.setVisible(state == OPEN)
        self.again_button.setVisible(state == DISMISSED)
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.selected()
        may = self._context.editable and bool(chosen)
        for button in self.buttons:
            button.setEnabled(may)
        if len(chosen) == 1:
            self._chosen.setText(_hint(chosen[0]))
        else:
            self._chosen.setText(trn("{count} chosen", "{count} chosen", len(chosen)) if chosen else "")

    def _say(self, answer: Answer, said: str) -> None:
        chosen, author = self.selected(), self._context.author
        if chosen:
            self.table.setFocus()  # or it would leave the sheet when the button is switched off
            self._context.edit(lambda reader: answer(reader, chosen, author), said, lambda _: self.ask())

    def _accept(self) -> None:
        neighbours = self.shown.currentData()[0] == _NEIGHBOURS
        answer = partial(accept_neighbours, cls=self.classes.currentData()) if neighbours else accept
        number = len(self.selected())
        self._say(answer, trn("{count} accepted", "{count} accepted", number))

    def _dismiss(self) -> None:
        number = len(self.selected())
        self._say(dismiss, trn("{count} dismissed", "{count} dismissed", number))

    def _make(self) -> None:
        number = len(self.selected())
        said = trn("{count} record made", "{count} records made", number)
        self._say(partial(make_records, cls=self.classes.currentData()), said)

    def _icon(self, one: Line) -> str:
        return self._icon_of(one.client.cls) if isinstance(one, SeenDependency) else ""

    def _used_icon(self, one: Line) -> str:
        if isinstance(one, SeenNeighbour):
            return self._icon_of(one.end.cls) if one.end.cls else ""
        return self._icon_of(one.server.cls) if isinstance(one, SeenDependency) else ""

    def _icon_of(self, cls: str) -> str:
        known = self._context.schema.classes.get(cls)
        return known.icon if known is not None else "box"


def _lines(found: SeenConnections, kind: str, state: str, words: str) -> list[Line]:
    """Those of a kind and an answer that have all words in what is shown of them."""
    of_kind: dict[str, Sequence[Line]] = {_UNKNOWN: found.unknown, _NEIGHBOURS: found.neighbours}
    lines = of_kind.get(kind, found.dependencies)
    wanted = words.casefold().split()
    return [
        one
        for one in lines
        if one.state == state
        and (kind != _SERVICES or (isinstance(one, SeenDependency) and one.between_services))
        and all(word in _hint(one).casefold() for word in wanted)
    ]


def _class_words(kind: str) -> str:
    if kind == _NEIGHBOURS:
        return tr("New records that do not say their kind are of the class")
    return tr("New records are of the class")


def _count(found: SeenConnections, kind: str, lines: int) -> str:
    if kind != _NEIGHBOURS and not found.machines:
        return tr("No scan has seen connections yet. Scan machines, best while they are used.")
    if kind == _NEIGHBOURS:
        known = trn(
            "{count} neighbour is no record, or not connected yet.",
            "{count} neighbours are no records, or not connected yet.", lines,
        )  # fmt: skip
    else:
        known = trn(
            "Connections of {count} machine are known.", "Connections of {count} machines are known.", found.machines
        )
    if lines > _MOST:
        return tr("{known} The first {most} of {lines} are listed.", known=known, most=_MOST, lines=lines)
    return known


def _user(one: Line) -> str:
    return one.client.name if isinstance(one, SeenDependency) else listing(one.names[:3], "unit")


def _used(one: Line) -> str:
    if isinstance(one, SeenDependency):
        return one.server.name
    if isinstance(one, SeenNeighbour):
        return one.end.name
    return (
        tr("{service} at {address}", service=one.service, address=one.end.address) if one.service else one.end.address
    )


def _seen(one: Line) -> str:
    return one.seen if isinstance(one, SeenDependency) else one.end.seen


def _hint(one: Line) -> str:
    """All that is known of a line, a fact a line."""
    when = tr("Last seen {day}", day=day(_seen(one)[:10]))
    if isinstance(one, SeenDependency):
        said = tr("{client} depends on {server}", client=one.client.name, server=one.server.name)
        made = [end.name for end in (one.client, one.server) if not end.uid]
        missing = [tr("To be made: {names}", names=listing(made))] if made else []
        return "\n".join([said, tr("Ports: {ports}", ports=listing(one.ports, "unit")), when, *missing])
    if isinstance(one, SeenNeighbour):
        return "\n".join(_facts_of_neighbour(one, when))
    parts = [_used(one), tr("Ports: {ports}", ports=listing(one.end.ports, "unit")), when]
    if one.end.machines:
        shared = trn("{count} machine has this address.", "{count} machines have this address.", len(one.end.machines))
        parts.append(shared)
    parts.append(tr("Seen by: {names}", names=listing(one.names, "unit")))
    return "\n".join(parts)


def _facts_of_neighbour(one: SeenNeighbour, when: str) -> list[str]:
    end = one.end
    parts = [
        end.name,
        tr("Serial number: {serial}", serial=end.serial) if end.serial else "",
        tr("MAC address: {mac}", mac=end.mac) if end.mac else "",
        tr("Address: {address}", address=end.address) if end.address else "",
        end.description[:_LONGEST_DESCRIPTION],
        tr("It is a record, and not connected yet.") if end.uid else "",
        *(tr("Seen at: {place}", place=place) for place in one.names),
        when,
    ]
    return [part for part in parts if part]
