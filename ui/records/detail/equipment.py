"""What a person or a team has, at the head of its details: each thing is a way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QWidget

from app.assets.detail import EQUIPMENT, Equipment, equipment_of
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import ElidedText, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import Icon
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from ui.context import Context


class EquipmentLine(QWidget):
    """One thing: its icon, its name as a link, its class and its status."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._icon = Icon(context.theme, "box", size=16)
        self.link = LinkButton("", lambda: context.shell.open_ci(self._uid, self._cls))
        self.link.setProperty("tone", "accent")
        self._uid, self._cls = "", ""
        self._what = ElidedText("", "muted")
        line = row(self._icon, self.link, self._what, spacing=6, margins=(0, 1, 0, 1))
        line.setStretch(2, 1)
        self.setLayout(line)

    def show_ci(self, one: CI) -> None:
        """Shows another thing."""
        self._uid, self._cls = one.uid, one.cls
        cls = self._context.schema.cls(one.cls)
        self._icon.set_icon(cls.icon)
        self.link.setText(one.name)
        known = cls.standing
        status = text_of(known, one.values.get(known.name), {})
        self._what.setText(" · ".join(part for part in (cls.label, status) if part))
        self.link.setAccessibleName(tr("{name}, {cls}", name=one.name, cls=cls.label))


class EquipmentList(QFrame):
    """The first things by name, and a way to all of them in Assets."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._uid = ""
        self._title = SectionLabel("")
        self._title.setContentsMargins(0, 10, 0, 3)
        self.lines = [EquipmentLine(context) for _ in range(EQUIPMENT)]
        self._none = Text(tr("Nothing is handed over to them."), "muted", wrap=True)
        self.all = LinkButton("", lambda: context.shell.open_list("hardware", equipment_of(self._uid)))
        self.setLayout(column(self._title, *self.lines, self._none, box(row(self.all, STRETCH)), spacing=0))

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """The widgets that the Tab key visits."""
        return (*(line.link for line in self.lines), self.all)

    def show_of(self, uid: str, found: Equipment) -> None:
        """Shows what one party has."""
        self._uid = uid
        self._title.setText(tr("Equipment · {count}", count=number(found.number)) if found.number else tr("Equipment"))
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(found.first))
            if place < len(found.first):
                line.show_ci(found.first[place])
        self._none.setVisible(not found.number)
        self.all.setText(trn("Show all {count} in Assets", "Show all {count} in Assets", found.number))
        self.all.setVisible(found.number > 1)
