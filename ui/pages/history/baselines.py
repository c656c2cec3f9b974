"""Baselines in the side sheet: naming a moment, and the names there are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.history.baselines import NamedMoments, change_baseline, name_moment, named_moments, remove_baseline
from app.moments import PointInTime, baseline
from cmdb.model.journal import Baseline
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dates import moment
from ui.widgets.labels import Hairline, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, clear, column, row
from ui.widgets.time_control import show_moment

_ABOUT = "A baseline is a name for a moment: to look at the estate as it was then, and to compare with. What baselines"
_KEPT = f"{_ABOUT} need is kept, whatever the rule for old history says. They are shared by all who open this estate."


class Baselines(QObject):
    """Opens the sheets. ``compared`` fires with a moment that is to be compared with now."""

    compared = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.context = context
        self._rows: QVBoxLayout | None = None

    # -- naming -----------------------------------------------------------------------------------------------------

    def name_moment(self, number: int | None, label: str) -> None:
        """Asks for the name of a revision (None: the latest, whatever it is then)."""
        name, note = self._field("Name", "Year end 2026"), self._field("Note", "What it stands for")

        def save() -> None:
            if not name.text().strip():
                name.setFocus()
                return
            said, text = " ".join(name.text().split()), note.text()
            author = self.context.author
            self.context.shell.close_sheet()
            self.context.edit(
                lambda reader: name_moment(reader, said, number, author, text),
                f"“{said}” is a baseline now",
            )

        name.returnPressed.connect(save)
        note.returnPressed.connect(save)
        content = column(
            Text(_KEPT, "muted", wrap=True), 4, Text(f"The estate as of {label}", wrap=True).set_bold(), 4,
            Text("Name", "muted"), name, Text("Note", "muted"), note, STRETCH,
        )  # fmt: skip
        buttons = (Button("Cancel", self.context.shell.close_sheet), PrimaryButton("Make the baseline", save))
        self.context.shell.sheet("New baseline", box(content), buttons)

    def rename(self, one: Baseline) -> None:
        """Asks for another name and note."""
        name, note = self._field("Name", one.name), self._field("Note", "What it stands for")
        name.setText(one.name)
        note.setText(one.note)

        def save() -> None:
            if not name.text().strip():
                name.setFocus()
                return
            said, text, author = name.text(), note.text(), self.context.author
            self.context.shell.close_sheet()
            self.context.edit(
                lambda reader: change_baseline(reader, one, said, text, author),
                f"The baseline is called “{' '.join(said.split())}” now" if said != one.name else "The note is kept",
            )

        name.returnPressed.connect(save)
        note.returnPressed.connect(save)
        content = column(Text("Name", "muted"), name, Text("Note", "muted"), note, STRETCH)
        buttons = (Button("Cancel", self.context.shell.close_sheet), PrimaryButton("Save", save))
        self.context.shell.sheet(f"Baseline “{one.name}”", box(content), buttons)

    def _field(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        return field

    # -- the list ---------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Lists the baselines."""
        rows = self._rows = QVBoxLayout()
        rows.setSpacing(6)
        rows.addWidget(Text("…", "muted"))
        content = box(column(Text(_KEPT, "muted", wrap=True), 8, SectionLabel("Baselines"), rows, STRETCH))
        new = PrimaryButton("Name the present…", lambda: self.name_moment(None, "now"))
        new.setEnabled(self.context.editable)
        self.context.shell.sheet("Baselines", content, (new,))
        self.context.query(
            named_moments, partial(self._fill, content), key=("history", "baselines"), owner=content, now=True
        )

    def _fill(self, content: QWidget, found: NamedMoments) -> None:
        rows = self._rows
        if rows is None or content.layout() is None:
            return
        clear(rows)
        if not found.baselines:
            rows.addWidget(Text("No moment has a name yet.", "muted"))
        for one in found.baselines:
            when = f"{moment(found.times[one.number])}, revision {one.number}" if one.number else "the beginning"
            rows.addWidget(Text(one.name, wrap=True).set_bold())
            rows.addWidget(Text(f"{when}{f' · {one.note}' if one.note else ''}", "small", wrap=True))
            show = Button("Show", partial(self._show, one), kind="plain")
            compare = Button("Compare with now", partial(self._take, one, found), kind="plain")
            change = Button("Rename…", partial(self.rename, one), kind="plain")
            remove = Button("Remove", partial(self._remove, one), kind="plain")
            for button in (change, remove):
                button.setEnabled(self.context.editable)
            rows.addLayout(row(show, compare, change, remove, STRETCH, spacing=2))
            rows.addWidget(Hairline())

    def _show(self, one: Baseline) -> None:
        self.context.shell.close_sheet()
        show_moment(self.context, baseline(one))

    def _take(self, one: Baseline, found: NamedMoments) -> None:
        self.context.shell.close_sheet()
        when = moment(found.times[one.number]) if one.number else "the beginning"
        self.compared.emit(PointInTime(one.number, f"{when} (baseline “{one.name}”)"))

    def _remove(self, one: Baseline) -> None:
        author = self.context.author
        self.context.shell.close_sheet()
        self.context.edit(lambda reader: remove_baseline(reader, one, author), f"The baseline “{one.name}” is removed")
