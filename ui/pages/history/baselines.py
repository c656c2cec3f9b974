"""Baselines in the side sheet: naming a moment, and the list of names."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.history.baselines import NamedMoments, change_baseline, name_moment, named_moments, remove_baseline
from app.moments import PointInTime, baseline
from cmdb.model.formats import moment
from cmdb.model.journal import Baseline
from cmdb.model.messages import Message, tr, trc
from ui.actions import IN_DRAFT
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Hairline, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, clear, column, row
from ui.widgets.time_control import show_moment

_ABOUT = Message(
    "A baseline is a name for a moment: to look at the estate as it was then, and to compare with. What baselines need "
    "is kept, whatever the rule for old history says. They are shared by all who open this estate."
)


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
        name, note = self._field(tr("Name"), tr("Year end 2026")), self._field(tr("Note"), tr("What it is for"))

        def save() -> None:
            if not name.text().strip():
                name.setFocus()
                return
            said, text = " ".join(name.text().split()), note.text()
            author = self.context.author
            self.context.shell.close_sheet()
            self.context.edit(
                lambda reader: name_moment(reader, said, number, author, text),
                tr("“{name}” is a baseline now", name=said),
            )

        name.returnPressed.connect(save)
        note.returnPressed.connect(save)
        title = Text(tr("The estate as of {moment}", moment=label), wrap=True).set_bold()
        content = column(
            Text(str(_ABOUT), "muted", wrap=True), 4, title, 4,
            Text(tr("Name"), "muted"), name, Text(tr("Note"), "muted"), note, STRETCH,
        )  # fmt: skip
        buttons = (Button(tr("Cancel"), self.context.shell.close_sheet), PrimaryButton(tr("Make the baseline"), save))
        self.context.shell.sheet(tr("New baseline"), box(content), buttons)

    def rename(self, one: Baseline) -> None:
        """Asks for another name and note."""
        name, note = self._field(tr("Name"), one.name), self._field(tr("Note"), tr("What it is for"))
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
                tr("The baseline is called “{name}” now", name=" ".join(said.split()))
                if said != one.name
                else tr("The note is saved"),
            )

        name.returnPressed.connect(save)
        note.returnPressed.connect(save)
        content = column(Text(tr("Name"), "muted"), name, Text(tr("Note"), "muted"), note, STRETCH)
        buttons = (Button(tr("Cancel"), self.context.shell.close_sheet), PrimaryButton(tr("Save"), save))
        self.context.shell.sheet(tr("Baseline “{name}”", name=one.name), box(content), buttons)

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
        content = box(column(Text(str(_ABOUT), "muted", wrap=True), 8, SectionLabel(tr("Baselines")), rows, STRETCH))
        new = PrimaryButton(tr("Name the present…"), lambda: self.name_moment(None, tr("now")))
        self._guard(new)
        self.context.shell.sheet(tr("Baselines"), content, (new,))
        self.context.query(
            named_moments, partial(self._fill, content), key=("history", "baselines"), owner=content, now=True
        )

    def _fill(self, content: QWidget, found: NamedMoments) -> None:
        rows = self._rows
        if rows is None or content.layout() is None:
            return
        clear(rows)
        if not found.baselines:
            rows.addWidget(Text(tr("No moment has a name yet."), "muted"))
        for one in found.baselines:
            when = (
                tr("{time}, revision {number}", time=moment(found.times[one.number]), number=str(one.number))
                if one.number
                else tr("the beginning")
            )
            rows.addWidget(Text(one.name, wrap=True).set_bold())
            rows.addWidget(Text(f"{when}{f' · {one.note}' if one.note else ''}", "small", wrap=True))
            show = Button(trc("verb", "Show"), partial(self._show, one), kind="plain")
            compare = Button(tr("Compare with now"), partial(self._take, one, found), kind="plain")
            change = Button(tr("Rename…"), partial(self.rename, one), kind="plain")
            remove = Button(tr("Remove"), partial(self._remove, one), kind="plain")
            for button in (change, remove):
                self._guard(button)
            rows.addLayout(row(show, compare, change, remove, STRETCH, spacing=2))
            rows.addWidget(Hairline())

    def _guard(self, button: Button) -> None:
        """Baselines are written in the present, and into no draft."""
        button.setEnabled(self.context.can_set_up)
        if self.context.workspace.draft is not None:
            button.setToolTip(plain_tip(str(IN_DRAFT)))

    def _show(self, one: Baseline) -> None:
        self.context.shell.close_sheet()
        show_moment(self.context, baseline(one))

    def _take(self, one: Baseline, found: NamedMoments) -> None:
        self.context.shell.close_sheet()
        when = moment(found.times[one.number]) if one.number else tr("the beginning")
        self.compared.emit(PointInTime(one.number, tr("{time} (baseline “{name}”)", time=when, name=one.name)))

    def _remove(self, one: Baseline) -> None:
        author = self.context.author
        self.context.shell.close_sheet()
        self.context.edit(
            lambda reader: remove_baseline(reader, one, author), tr("The baseline “{name}” is removed", name=one.name)
        )
