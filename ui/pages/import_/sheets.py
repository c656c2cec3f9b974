"""The opened files and their sheets as a tree: which are imported, and which one is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.imports.draft import FileDraft, SheetDraft
from cmdb.model.characters import marked
from cmdb.model.formats import number
from cmdb.model.messages import tr
from ui.accessible import name_area
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes

_WHAT = int(Qt.ItemDataRole.UserRole)


class SheetTree(QTreeWidget):
    """Files with their sheets. ``looked_at`` fires with a sheet or a file."""

    looked_at = Signal(object)

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        self._filling = False
        name_area(self, tr("Files and sheets"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        set_sizes(self, indent=14)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(24)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.itemChanged.connect(self._ticked)
        self.currentItemChanged.connect(lambda item, _: self._look(item))
        flow.files_changed.connect(self.fill)
        flow.sheet_changed.connect(self._refresh)

    @property
    def current(self) -> SheetDraft | FileDraft | None:
        """The sheet or the inventory file that is shown."""
        item = self.currentItem()
        return item.data(0, _WHAT) if item is not None else None

    def fill(self) -> None:
        """Shows the flow's files; the first sheet that is imported is selected."""
        self._filling = True
        self.clear()
        first: QTreeWidgetItem | None = None
        for file in self._flow.files:
            lone = file.sheets[0] if len(file.sheets) == 1 else None
            item = QTreeWidgetItem(self)
            self._show(item, lone or file)
            for sheet in [] if lone else file.sheets:
                child = QTreeWidgetItem(item)
                self._show(child, sheet)
                first = first or (child if sheet.taken else None)
            first = first or (item if lone is not None and lone.taken else None)
            item.setExpanded(True)
        self._filling = False
        start = first or self.topLevelItem(0)
        if start is not None:
            self.setCurrentItem(start)
        self._look(start)

    def look_at(self, wanted: SheetDraft) -> None:
        """Selects a sheet."""
        for item in self._items():
            if item.data(0, _WHAT) is wanted:
                self.setCurrentItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space includes a sheet or leaves it out; Del removes the file."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None:
            what = item.data(0, _WHAT)
            self._flow.remove(what.file if isinstance(what, SheetDraft) else what)
        else:
            super().keyPressEvent(event)

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        for line in range(self.topLevelItemCount()):
            top = self.topLevelItem(line)
            if top is not None:
                found.append(top)
                children = (top.child(i) for i in range(top.childCount()))
                found.extend(child for child in children if child is not None)
        return found

    def _show(self, item: QTreeWidgetItem, what: SheetDraft | FileDraft) -> None:
        theme = self._context.theme
        item.setData(0, _WHAT, what)
        if isinstance(what, FileDraft):
            item.setText(0, marked(what.path.name))
            item.setIcon(0, theme.icon("sheet" if what.workbook is not None else "scan"))
            if what.workbook is None:
                item.setText(1, number(sum(r.read for r in what.readings)))
            item.setToolTip(0, plain_tip(str(what.path)))
        else:
            item.setText(0, marked(what.name))
            item.setToolTip(0, plain_tip(str(what.mapping.problem or what.file.path)))
            item.setText(1, number(what.rows))
            item.setCheckState(0, Qt.CheckState.Checked if what.taken else Qt.CheckState.Unchecked)
            item.setForeground(0, theme.color("text" if what.taken else "muted"))
            asks = what.taken and bool(what.mapping.problem)
            item.setIcon(0, theme.icon("warning", "warning") if asks else QIcon())
            if asks:
                item.setToolTip(0, plain_tip(tr("Choose what its rows are.")))
        item.setForeground(1, theme.color("muted"))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _refresh(self, sheet: SheetDraft) -> None:
        self._filling = True
        for item in self._items():
            if item.data(0, _WHAT) is sheet:
                self._show(item, sheet)
        self._filling = False
        if self.current is sheet:
            self.looked_at.emit(sheet)

    def _ticked(self, item: QTreeWidgetItem) -> None:
        what = item.data(0, _WHAT)
        if not self._filling and isinstance(what, SheetDraft):
            self._flow.take(what, item.checkState(0) == Qt.CheckState.Checked)

    def _look(self, item: QTreeWidgetItem | None) -> None:
        if not self._filling:
            self.looked_at.emit(item.data(0, _WHAT) if item is not None else None)
