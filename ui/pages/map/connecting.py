"""Drawing is editing: which links two CIs may have, and the form that makes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from cmdb.model.schema import Schema
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.reference import ReferencePicker


@dataclass(frozen=True, slots=True)
class Link:
    """A type that two classes allow. ``inverse``: the first CI is the object; ``label`` reads from the first one."""

    type: str
    inverse: bool
    label: str
    impact: bool


def allowed(schema: Schema, first: str, second: str) -> list[Link]:
    """The links from a CI of class ``first`` to one of class ``second``, those with impact first, then by label."""

    def fits(cls: str, families: tuple[str, ...]) -> bool:
        return any(schema.is_a(cls, family) for family in families)

    found: dict[tuple[str, str], Link] = {}
    for kind in schema.relationships.values():
        impact = kind.impact != "none"
        if fits(first, kind.subjects) and fits(second, kind.objects):
            found[kind.name, kind.label] = Link(kind.name, False, kind.label, impact)
        if fits(second, kind.subjects) and fits(first, kind.objects) and not kind.symmetric:
            found[kind.name, kind.inverse] = Link(kind.name, True, kind.inverse, impact)
    return sorted(found.values(), key=lambda link: (not link.impact, link.label))


def connect(
    context: Context, first: tuple[str, str], second: tuple[str, str], link: Link, group: str = "", needs: str = ""
) -> None:
    """Makes a link between two CIs, given as (uid, name), through a revision."""
    from cmdb.register import edits

    source, target = (second[0], first[0]) if link.inverse else (first[0], second[0])
    author = context.author
    context.edit(
        lambda reader: edits.link(reader, source, link.type, target, author, group=group, needs=needs),
        said=f"{first[1]} {link.label} {second[1]}",
    )


class ConnectForm(QWidget):
    """The other CI, the type, and for what is redundant the group and how many of it are needed."""

    def __init__(self, context: Context, uid: str, name: str, cls: str, done: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._first, self._cls, self._done = context, (uid, name), cls, done
        self._links: list[Link] = []
        self.other = ReferencePicker(context, "ci", "Search the other item")
        self.type = QComboBox()
        self.type.setAccessibleName("Relationship")
        self.group = QLineEdit()
        self.group.setPlaceholderText("for example uplinks; empty: it stands alone")
        self.group.setAccessibleName("Group")
        self.needs = QLineEdit()
        self.needs.setPlaceholderText("1, 2 or 50%")
        self.needs.setAccessibleName("Needs")
        self._note = Text("", "muted", wrap=True)
        self.connect_button = PrimaryButton("Connect", self.submit)
        self.setLayout(
            column(
                Text(f"From {name} to", "muted"), self.other,
                Text("Relationship", "muted"), self.type,
                Text("Group of interchangeable ones", "muted"), self.group,
                Text("How many of the group are needed", "muted"), self.needs,
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
        self.type.addItems([f"{link.label} {name}" for link in self._links])
        self._refresh()

    def submit(self) -> None:
        """Makes the link and closes the form."""
        if self.connect_button.isEnabled():
            link = self._links[self.type.currentIndex()]
            second = (self.other.uid, self.other.text())
            connect(self._context, self._first, second, link, self.group.text().strip(), self.needs.text().strip())
            self._done()

    def _chosen(self, uid: str) -> None:
        def named(found: dict[str, tuple[str, str]]) -> None:
            if uid in found:
                self.choose_other(uid, found[uid][1], found[uid][0])

        self._context.query(lambda reader: reader.names([uid]), named, key=("connect", id(self)), owner=self)

    def _refresh(self) -> None:
        from cmdb.graph.needs import resolve

        at = self.type.currentIndex()
        link = self._links[at] if 0 <= at < len(self._links) else None
        grouped = bool(link and link.impact)
        self.group.setEnabled(grouped)
        self.needs.setEnabled(grouped and bool(self.group.text().strip()))
        readable = resolve(self.needs.text(), 1) is not None
        self.connect_button.setEnabled(link is not None and bool(self.other.uid) and readable)
        if self.other.uid and not self._links:
            self._note.setText("The schema has no relationship between items of these classes.")
        elif not readable:
            self._note.setText("Give a count, such as 2, or a share, such as 50%.")
        else:
            self._note.setText("" if grouped or link is None else "This one is documentation: it carries no impact.")
