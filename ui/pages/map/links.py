"""Editing on the map: lines that are drawn become relationships, accepted proposals become groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QWidget

from app.impact.dependencies import ProposedGroup
from app.item_search import Names, names_of
from app.links import LinkChoice, allowed, link, needs_can_be_read, record_group
from cmdb.model.messages import tr, verbatim
from ui.actions import Action, fill_menu
from ui.context import Context
from ui.pages.map.map_state import MapState
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.reference import ReferencePicker


class MapLinks(QObject):
    """Makes links between what the map shows, and records the groups that it proposes."""

    def __init__(self, context: Context, shown: MapState, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._shown, self._over = context, shown, over

    def offer(self, first: int, second: int, place: QPoint) -> None:
        """A line was drawn: asks which of the types that the classes allow it is."""
        found = self._shown.answer
        if found is None:
            return
        context = self._context
        ends = [(found.uids[ci], found.names[ci]) for ci in (first, second)]
        choices = allowed(context.schema, found.cls(first), found.cls(second))
        menu = QMenu(self._over)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        actions = [
            Action(
                f"map.link.{choice.type}.{choice.inverse}",
                verbatim(_statement(ends[0][1], choice.label, ends[1][1])),
                partial(connect, context, ends[0], ends[1], choice),
                separator=at > 0 and choices[at - 1].impact and not choice.impact,
            )
            for at, choice in enumerate(choices)
        ]
        fill_menu(menu, actions, context.theme)
        if not choices:
            menu.addAction(tr("The schema has no relationship between these classes")).setEnabled(False)
        menu.popup(place)

    def connect_from(self, ci: int | None) -> None:
        """Opens the form that links a CI with another one."""
        found = self._shown.answer
        if found is None or ci is None:
            return
        shell = self._context.shell
        name = found.names[ci]
        form = ConnectForm(self._context, found.uids[ci], name, found.cls(ci), shell.close_sheet)
        shell.sheet(tr("Connect {name}", name=name), form, form.buttons())

    def record(self, proposed: ProposedGroup) -> None:
        """Records a proposed dependency group."""
        author = self._context.author
        self._context.edit(
            lambda reader: record_group(reader, proposed, author), said=tr("Recorded: {group}", group=proposed.group)
        )


def _statement(first: str, relationship: str, second: str) -> str:
    """A relationship as it is read: "host-a runs on cluster-b"."""
    return tr("{first} {relationship} {second}", first=first, relationship=relationship, second=second)


def connect(
    context: Context,
    first: tuple[str, str],
    second: tuple[str, str],
    choice: LinkChoice,
    group: str = "",
    needs: str = "",
) -> None:
    """Makes a link between two CIs, given as (uid, name), through a revision."""
    a, b, author = first[0], second[0], context.author
    context.edit(
        lambda reader: link(reader, a, choice.type, b, author, inverse=choice.inverse, group=group, needs=needs),
        said=_statement(first[1], choice.label, second[1]),
    )


class ConnectForm(QWidget):
    """The other CI, the type, and for what is redundant the group and how many of it are needed."""

    def __init__(self, context: Context, uid: str, name: str, cls: str, done: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._first, self._cls, self._done = context, (uid, name), cls, done
        self._links: list[LinkChoice] = []
        self.other = ReferencePicker(context, "ci", tr("Search the other item"))
        self.type = QComboBox()
        self.type.setAccessibleName(tr("Relationship"))
        self.group = QLineEdit()
        self.group.setPlaceholderText(tr("for example uplinks; empty: it stands alone"))
        self.group.setAccessibleName(tr("Group"))
        self.needs = QLineEdit()
        self.needs.setPlaceholderText(tr("1, 2 or 50%"))
        self.needs.setAccessibleName(tr("Needs"))
        self._note = Text("", "muted", wrap=True)
        self.connect_button = PrimaryButton(tr("Connect"), self.submit)
        self.setLayout(
            column(
                Text(tr("From {name} to", name=name), "muted"), self.other,
                Text(tr("Relationship"), "muted"), self.type,
                Text(tr("Redundancy group: members that can replace each other"), "muted"), self.group,
                Text(tr("How many of the group are needed"), "muted"), self.needs,
                self._note, None, spacing=6,
            )
        )  # fmt: skip
        self.other.picked.connect(self._chosen)
        self.type.currentIndexChanged.connect(lambda: self._refresh())
        self.group.textChanged.connect(lambda: self._refresh())
        self.needs.textChanged.connect(lambda: self._refresh())
        self._refresh()

    def buttons(self) -> tuple[Button, ...]:
        """For the side sheet."""
        return (self.connect_button,)

    def choose_other(self, uid: str, name: str, cls: str) -> None:
        """Fills in the other CI; its class decides the types."""
        self.other.show_ci(uid, name)
        self._links = allowed(self._context.schema, self._cls, cls)
        self.type.clear()
        self.type.addItems(
            [tr("{relationship} {name}", relationship=choice.label, name=name) for choice in self._links]
        )
        self._refresh()

    def submit(self) -> None:
        """Makes the link and closes the form."""
        if self.connect_button.isEnabled():
            choice = self._links[self.type.currentIndex()]
            second = (self.other.uid, self.other.text())
            connect(self._context, self._first, second, choice, self.group.text().strip(), self.needs.text().strip())
            self._done()

    def _chosen(self, uid: str) -> None:
        def named(found: Names) -> None:
            if uid in found:
                self.choose_other(uid, found[uid][1], found[uid][0])

        self._context.query(lambda reader: names_of(reader, [uid]), named, key=("connect", id(self)), owner=self)

    def _refresh(self) -> None:
        at = self.type.currentIndex()
        choice = self._links[at] if 0 <= at < len(self._links) else None
        grouped = bool(choice and choice.impact)
        self.group.setEnabled(grouped)
        self.needs.setEnabled(grouped and bool(self.group.text().strip()))
        readable = needs_can_be_read(self.needs.text())
        self.connect_button.setEnabled(choice is not None and bool(self.other.uid) and readable)
        if self.other.uid and not self._links:
            self._note.setText(tr("The schema has no relationship between items of these classes."))
        elif not readable:
            self._note.setText(tr("Give a count, such as 2, or a share, such as 50%."))
        else:
            self._note.setText(
                "" if grouped or choice is None else tr("This one is documentation: it carries no impact.")
            )
