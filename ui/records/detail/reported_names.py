"""The names that a software product is reported by, each with its number of computers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.preferences import is_compact
from app.recognition import DEPENDENCE, RecognisedName, names_of
from cmdb.model.messages import tr
from ui.context import Context
from ui.records.detail.past_tab import LaterTab
from ui.records.recognise_sheet import how_known, recognise_as
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI


class ReportedNamesTab(LaterTab):
    """A table of the names, read when it is shown. Enter or a double click says what a name is otherwise."""

    def __init__(self, context: Context, page: str) -> None:
        self.model: RowsModel[RecognisedName] = RowsModel(
            context.theme,
            [
                ViewColumn(tr("Reported as"), lambda n: n.reported.product, hint=how_known),
                ViewColumn(tr("Edition"), lambda n: n.what.edition),
                ViewColumn(
                    tr("Computers"),
                    lambda n: str(n.reported.computers),
                    sort=lambda n: n.reported.computers,
                    right=True,
                ),
            ],
        )
        self.table = TableView(context.theme, tr("Reported as"), compact=is_compact(context.workspace.settings))
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
        set_widths(self.table, (0, 90, 80))
        self.change = Button(tr("Recognise as…"), self._recognise)
        self.change.setEnabled(False)
        note = Text(tr("These installed names are recognised as this product."), "muted", wrap=True)
        head = box(column(note, row(self.change, STRETCH), spacing=6, margins=(16, 8, 12, 6)))
        content = box(column(head, self.table, spacing=0))
        super().__init__(context, page, "names", content)
        self.table.opened.connect(lambda _: self._recognise())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._fit())

    def is_concerned(self, applied: AppliedRevision) -> bool:
        """Whether a revision may have changed what is recognised as the product."""
        return DEPENDENCE.is_concerned(applied)

    def _ask(self, ci: CI) -> None:
        publisher = ci.text("publisher")
        self._question(lambda reader: names_of(reader, ci.name, publisher), self._show)

    def _show(self, found: list[RecognisedName]) -> None:
        self.model.show_rows(found)
        self._fit()
        if found:
            self._states.content()
            return
        said = tr("Where it is reported under another name, say so on a computer's Installed software, or in Licences.")
        title = tr("No installed name is recognised as this product")
        self._states.empty(EmptyState(self._context.theme, "software", title, said))

    def _fit(self) -> None:
        self.change.setEnabled(self._context.editable and len(self.table.selectionModel().selectedRows()) == 1)

    def _recognise(self) -> None:
        chosen = self.table.selectionModel().selectedRows()
        if self._context.editable and len(chosen) == 1:
            recognise_as(self._context, self.model.row_at(chosen[0].row()).reported)
