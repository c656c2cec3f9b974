"""A list of choices that is edited in place: names, and for statuses their phases and the verbs that set them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QTableWidgetItem, QWidget

from app.schema.attributes import ChoiceForm
from app.schema.outline import phase_labels
from app.verbs import known_verbs
from cmdb.model.life_cycle import VERBS
from cmdb.model.messages import tr
from ui.accessible import tell_cells
from ui.context import Context
from ui.pages.classes.edited_lines import EditedLines
from ui.text_size import set_sizes
from ui.widgets.column_widths import fit_box
from ui.widgets.layout import column

_FORM = Qt.ItemDataRole.UserRole


class ChoicesEditor(QWidget):
    """Choices in their order. ``with_meaning``: of statuses, with phase and verb."""

    def __init__(self, context: Context, choices: Sequence[ChoiceForm], *, with_meaning: bool = False) -> None:
        super().__init__()
        self._with_meaning = with_meaning
        titles = (tr("Name"), tr("Phase"), tr("Set by")) if with_meaning else (tr("Name"),)
        self.table = EditedLines(tr("Choices"), titles, self._form, self._insert)
        tell_cells(self.table)
        triggers = QAbstractItemView.EditTrigger
        self.table.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        buttons = self.table.buttons(context.theme, (tr("Add a choice"), self.add), tr("Remove this choice"))
        self.setLayout(column(self.table, buttons, spacing=4))
        set_sizes(self.table, least_height=32 * (1 + min(max(len(choices), 3), 10)))
        for one in choices:
            self._insert(self.table.rowCount(), one)
        if choices:
            self.table.setCurrentCell(0, 0)

    def _insert(self, line: int, form: ChoiceForm) -> None:
        self.table.insertRow(line)
        item = QTableWidgetItem(form.label)
        item.setData(_FORM, form)
        self.table.setItem(line, 0, item)
        if self._with_meaning:
            for place, box in ((1, _phases(form)), (2, _verbs(form))):
                self.table.setCellWidget(line, place, box)
                fit_box(self.table, place, box)

    def add(self) -> None:
        """A new line, whose name is typed."""
        line = self.table.rowCount()
        self._insert(line, ChoiceForm(""))
        self.table.setCurrentCell(line, 0)
        if (item := self.table.item(line, 0)) is not None:
            self.table.editItem(item)

    def add_missing(self, names: Sequence[str]) -> None:
        """Adds lines for names that have none."""
        known = {one.label.casefold() for one in self.choices()}
        for name in names:
            if name.casefold() not in known:
                self._insert(self.table.rowCount(), ChoiceForm(name))

    def choices(self) -> tuple[ChoiceForm, ...]:
        """The choices as they are now; lines without a name are left out."""
        forms = (self._form(line) for line in range(self.table.rowCount()))
        return tuple(one for one in forms if one.label.strip())

    def _form(self, line: int) -> ChoiceForm:
        item = self.table.item(line, 0)
        if item is None:
            return ChoiceForm("")
        before: ChoiceForm = item.data(_FORM)
        phase, verbs = before.phase, before.verbs
        box, setting = self.table.cellWidget(line, 1), self.table.cellWidget(line, 2)
        if isinstance(box, QComboBox) and isinstance(setting, QComboBox):
            phase = str(box.currentData())
            verb = str(setting.currentData())
            if (verb,) != (before.verbs or ("",))[:1]:
                verbs = (verb,) if verb else ()
        return ChoiceForm(item.text(), before.value, phase, before.tone, verbs, before.closes)


def _phases(form: ChoiceForm) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(tr("Phase"))
    box.addItem("–", "")
    for phase, label in phase_labels().items():
        box.addItem(label, phase)
    box.setCurrentIndex(max(0, box.findData(form.phase)))
    return box


def _verbs(form: ChoiceForm) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(tr("Set by"))
    box.addItem("–", "")
    known = known_verbs()
    for name in VERBS:
        box.addItem(str(known[name].title).rstrip("…") if name in known else tr("Order"), name)
    present = (form.verbs or ("",))[0]
    if box.findData(present) < 0:
        box.addItem(present, present)
    box.setCurrentIndex(box.findData(present))
    return box
