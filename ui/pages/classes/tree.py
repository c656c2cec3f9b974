"""The tree of classes, of items and of work, with the retired ones at the end of their branch in a fainter colour."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from cmdb.model.messages import tr
from cmdb.model.schema import ROOT_CLASSES
from ui.accessible import name_area
from ui.context import Context
from ui.text_size import set_sizes

_KEY = 0x0100


class SchemaTree(QTreeWidget):
    """Chooses a class; ``chosen`` fires with its name."""

    chosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._items: dict[str, QTreeWidgetItem] = {}
        name_area(self, tr("Classes"))
        self.setHeaderHidden(True)
        set_sizes(self, indent=14)
        set_sizes(self, icon=16)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.currentItemChanged.connect(self._current)
        self.fill()

    def fill(self) -> None:
        """Shows the classes of the estate's schema; the chosen one stays chosen."""
        schema, theme, current = self._context.schema, self._context.theme, self.current
        opened = {name for name, item in self._items.items() if item.isExpanded()} or {"ci", "hardware"}
        self.blockSignals(True)
        self.clear()
        self._items.clear()
        for root in ROOT_CLASSES:
            for cls in schema.tree(root) if root in schema.classes else ():
                item = QTreeWidgetItem([str(cls.plural)])
                item.setData(0, _KEY, cls.name)
                item.setIcon(0, theme.icon(cls.icon))
                if cls.hidden:
                    item.setText(0, tr("{cls} (retired)", cls=str(cls.plural)))
                    item.setForeground(0, theme.color("faint"))
                parent = self._items.get(cls.parent)
                if parent is None:
                    self.addTopLevelItem(item)
                else:
                    parent.addChild(item)
                self._items[cls.name] = item
        for name in opened & self._items.keys():
            self._items[name].setExpanded(True)
        self.blockSignals(False)
        self.choose(current)

    @property
    def current(self) -> str:
        """The chosen class."""
        item = self.currentItem()
        return str(item.data(0, _KEY)) if item is not None else "ci"

    def choose(self, cls: str) -> None:
        """Chooses a class without firing ``chosen``; one that is gone leaves the root chosen."""
        item = self._items.get(cls) or self._items["ci"]
        self.blockSignals(True)
        parent = item.parent()
        while parent is not None:
            parent.setExpanded(True)
            parent = parent.parent()
        self.setCurrentItem(item)
        self.scrollToItem(item)
        self.blockSignals(False)

    def _current(self) -> None:
        self.chosen.emit(self.current)
