"""Nearly equal values of the columns: the one to keep is chosen, and the others become it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.imports.near_values import NearValues, Spelling
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.splitter import Splitter
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths


class NearValuesList(QWidget):
    """Groups of nearly equal values, and the spellings of one group. ``merged`` (list of (group, value to keep)) fires
    when the person merges; ``looked_at`` (group, text) when another spelling is selected.
    """

    merged = Signal(object)
    looked_at = Signal(object, str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        self._kept: dict[tuple[int, int, frozenset[str]], str] = {}
        """Of groups in which the person chose a spelling: that one."""
        self._hint = Text("", "muted", wrap=True)
        groups: list[ViewColumn[NearValues]] = [
            ViewColumn(
                tr("Keep"), lambda g: shown_ends(self._keep(g)), bold=True,
                hint=lambda g: "\n".join(shown_ends(one.text) for one in g.spellings),
            ),
            ViewColumn(tr("Column"), lambda g: g.column, hint=lambda g: g.column),
            ViewColumn(
                tr("Forms"), lambda g: number(len(g.spellings)), lambda g: len(g.spellings), right=True,
                hint=lambda _: tr("How many ways it is written"),
            ),
        ]  # fmt: skip
        self._groups = RowsModel(theme, groups)
        self.table = TableView(theme, tr("Groups of nearly equal values"), compact=True)
        self.table.setModel(self._groups)
        set_widths(self.table, (0, 84, 56), 96)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_group())
        self.table.clicked.connect(lambda _: self.look())
        self.table.opened.connect(lambda _: self.merge())
        spellings: list[ViewColumn[Spelling]] = [
            ViewColumn(
                tr("Written"), lambda s: shown_ends(s.text), hint=lambda s: s.text,
                icon=lambda s: "check" if self._is_kept(s) else "",
            ),
            ViewColumn(tr("Cells"), lambda s: number(s.cells), lambda s: s.cells, right=True),
        ]  # fmt: skip
        self._spellings = RowsModel(theme, spellings)
        self.spellings = TableView(theme, tr("Spellings of the group"), compact=True)
        self.spellings.setModel(self._spellings)
        set_widths(self.spellings, (0, 56))
        self.spellings.opened.connect(lambda _: self.keep())
        self.spellings.previewed.connect(lambda _: self.keep())
        self.spellings.clicked.connect(lambda _: self.keep())
        self.spellings.selectionModel().currentRowChanged.connect(lambda *_: self.look())
        split = Splitter(tr("Names and their spellings"), Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.spellings)
        split.setSizes([280, 160])
        self._merge = Button("", self.merge, hint=tr("Writes all of them like the one that is kept  (Enter)"))
        self._all = Button("", self.merge_all, hint=tr("Merges every group, as one step that can be undone"))
        self._body = box(column(self._hint, split, row(self._merge, self._all, STRETCH), spacing=6))
        self._none = EmptyState(
            theme, "good", tr("No nearly equal values"), tr("No value is written in several ways."), token="good"
        )
        whole = column(self._body, self._none, spacing=0)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.show_groups(())

    def show_groups(self, groups: Sequence[NearValues]) -> None:
        """Shows other groups; the selected line stays."""
        line = max(self.table.currentIndex().row(), 0)
        self._groups.show_rows(groups)
        self._hint.setText(
            trn("{count} value is written in several ways.", "{count} values are written in several ways.", len(groups))
        )
        self._body.setVisible(bool(groups))
        self._none.setVisible(not groups)
        self._all.setText(trn("Merge it", "Merge all {count}", len(groups)))
        self._all.setVisible(len(groups) > 1)
        if groups:
            selection = self.table.selectionModel()
            selection.blockSignals(True)
            self.table.selectRow(min(line, len(groups) - 1))
            selection.blockSignals(False)
        self._show_group()

    @property
    def group(self) -> NearValues | None:
        """The selected group."""
        line = self.table.currentIndex().row()
        return self._groups.row_at(line) if 0 <= line < self._groups.rowCount() else None

    def _show_group(self) -> None:
        group = self.group
        self._spellings.show_rows(group.spellings if group is not None else ())
        self._show_kept()
        if group is not None:
            self.spellings.selectRow(0)

    def look(self) -> None:
        """Tells which spelling is selected."""
        group, line = self.group, self.spellings.currentIndex().row()
        if group is not None and 0 <= line < self._spellings.rowCount():
            self.looked_at.emit(group, self._spellings.row_at(line).text)

    def keep(self) -> None:
        """The selected spelling is the one to keep."""
        group, line = self.group, self.spellings.currentIndex().row()
        if group is not None and 0 <= line < self._spellings.rowCount():
            self._kept[_key(group)] = self._spellings.row_at(line).text
            self._show_kept()

    def _show_kept(self) -> None:
        group = self.group
        kept = shown_ends(self._keep(group)) if group is not None else ""
        self._merge.setText(tr("Merge"))
        self._merge.setToolTip(plain_tip(tr("All become “{value}”  (Enter)", value=kept)))
        self.table.viewport().update()
        self.spellings.viewport().update()

    def _keep(self, group: NearValues) -> str:
        return self._kept.get(_key(group), group.keep)

    def _is_kept(self, spelling: Spelling) -> bool:
        group = self.group
        return group is not None and spelling.text == self._keep(group)

    def merge(self) -> None:
        """Merges the selected group."""
        group = self.group
        if group is not None:
            self.merged.emit([(group, self._keep(group))])

    def merge_all(self) -> None:
        """Merges all groups, as one step."""
        groups = self._groups.rows
        if groups:
            self.merged.emit([(group, self._keep(group)) for group in groups])


def shown_ends(text: str) -> str:
    """A text with its blanks at the ends to be seen, because two spellings may differ in them alone."""
    inner = text.strip()
    if inner == text or not inner:
        return text
    before, _, after = text.partition(inner)
    return f"{'·' * len(before)}{inner}{'·' * len(after)}"


def _key(group: NearValues) -> tuple[int, int, frozenset[str]]:
    return (id(group.sheet), group.index, frozenset(one.text for one in group.spellings))
