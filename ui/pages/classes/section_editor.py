"""The form of a section: its name, the classes whose records can have it, and its columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from app.imports.attribute_types import TYPE_LABELS
from app.schema.sections import ColumnForm, SectionForm
from cmdb.model.messages import tr
from ui.accessible import tell_cells
from ui.context import Context
from ui.pages.classes.forms import ClassList, labelled
from ui.text_size import set_sizes
from ui.widgets.buttons import IconButton
from ui.widgets.column_widths import fit_box
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.table import COMFORTABLE

_TYPES = ("text", "long_text", "integer", "number", "date", "time", "boolean", "email", "url")


class SectionEditor(QWidget):
    """A section, new or present. Of a present one, columns that rows have values of stay."""

    def __init__(self, context: Context, start: SectionForm, *, new: bool) -> None:
        super().__init__()
        self._new = new
        self.label = QLineEdit(start.label)
        self.of = ClassList(context.schema, start.of)
        self.table = QTableWidget(0, 3)
        tell_cells(self.table)
        self.table.setHorizontalHeaderLabels([tr("Column"), tr("Type"), tr("Key")])
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        set_sizes(self.table.verticalHeader(), rows=COMFORTABLE)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        set_sizes(self.table, least_height=200)
        for one in start.columns:
            self._insert(one)
        add = IconButton(context.theme, "plus", tr("Add a column"), self.add)
        self.setLayout(
            column(
                *labelled(tr("Name"), self.label), *labelled(tr("Records that can have it"), self.of),
                *labelled(tr("Columns"), self.table), row(add, STRETCH), STRETCH, spacing=4,
            )
        )  # fmt: skip

    def _insert(self, form: ColumnForm) -> None:
        line = self.table.rowCount()
        self.table.insertRow(line)
        item = QTableWidgetItem(form.label)
        item.setData(Qt.ItemDataRole.UserRole, form.name)
        self.table.setItem(line, 0, item)
        kind = QComboBox()
        kind.setAccessibleName(tr("Type"))
        for value in dict.fromkeys((form.type, *_TYPES)):
            kind.addItem(str(TYPE_LABELS[value]), value)
        kind.setEnabled(not form.name)
        identifies = QCheckBox()
        identifies.setAccessibleName(tr("Tells rows apart"))
        identifies.setChecked(form.identifies)
        identifies.setEnabled(self._new)
        self.table.setCellWidget(line, 1, kind)
        fit_box(self.table, 1, kind)
        self.table.setCellWidget(line, 2, identifies)

    def add(self) -> None:
        """A new column, whose name is typed."""
        self._insert(ColumnForm(""))
        line = self.table.rowCount() - 1
        self.table.setCurrentCell(line, 0)
        if (item := self.table.item(line, 0)) is not None:
            self.table.editItem(item)

    def form(self) -> SectionForm:
        """The section as it is wanted; columns without a name are left out."""
        columns = []
        for line in range(self.table.rowCount()):
            item, kind, tick = self.table.item(line, 0), self.table.cellWidget(line, 1), self.table.cellWidget(line, 2)
            if item is None or not item.text().strip():
                continue
            if isinstance(kind, QComboBox) and isinstance(tick, QCheckBox):
                name = str(item.data(Qt.ItemDataRole.UserRole) or "")
                columns.append(ColumnForm(item.text(), str(kind.currentData()), name, tick.isChecked()))
        return SectionForm(self.label.text(), self.of.chosen(), tuple(columns))
