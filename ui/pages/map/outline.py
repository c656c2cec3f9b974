"""The answer as a list, for screen readers, and for what the drawing leaves out."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from app.map.answer import MapAnswer
from cmdb.graph.results import STATES, State
from cmdb.model.characters import marked
from cmdb.model.messages import tr, trn
from ui.accessible import name_area
from ui.graph.state_styles import LOOKS
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.theme import Theme

_ID = int(Qt.ItemDataRole.UserRole)
_UP = 400


class _Wrapped(QStyledItemDelegate):
    """Rows as high as their lines: Qt breaks them at the width of the tree, and asks for their height without it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height at the width that the row has."""
        tree = option.widget
        if isinstance(tree, MapOutline):
            inside = tree.indentation() * (1 if index.parent().isValid() else 0)
            option.rect = QRect(0, 0, tree.viewport().width() - inside, 1)
        return super().sizeHint(option, index)


class MapOutline(QTreeWidget):
    """All affected items by state, each with its reason, then the other drawn items. ``picked`` fires with an id."""

    picked = Signal(int)
    opened = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._items: dict[int, QTreeWidgetItem] = {}
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        set_sizes(self, indent=10)
        self.setUniformRowHeights(False)
        self.setWordWrap(True)
        self.setItemDelegate(_Wrapped(self))
        name_area(self, tr("Outline of the map"))
        self.setStyleSheet("QTreeView::item { padding: 3px 0; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._changed)
        self.itemActivated.connect(self._activated)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def show_answer(self, answer: MapAnswer) -> None:
        """Fills the list."""
        self.blockSignals(True)
        self.clear()
        self._items = {}
        listed = {entry.id for entry in answer.entries}
        for state in STATES[:-1]:
            entries = [entry for entry in answer.entries if entry.state == state]
            if entries:
                parent = self._section(_heading(state, answer.counts.get(state, 0)))
                for entry in entries:
                    self._add(parent, entry.id, entry.name, entry.label, str(LOOKS[state].word), entry.why)
                rest = answer.counts.get(state, 0) - len(entries)
                if rest > 0:
                    more = trn(
                        "and {count} more; the CSV list has all of them",
                        "and {count} more; the CSV list has all of them",
                        rest,
                    )
                    self._note(parent, more)
        others = [node for node in answer.picture.nodes.values() if node.id not in listed]
        if others:
            parent = self._section(
                tr("Drawn besides ({number})", number=len(others))
                if listed
                else tr("Drawn ({number})", number=len(others))
            )
            for node in others[:_UP]:
                hidden = (
                    trn("{count} neighbour not drawn", "{count} neighbours not drawn", node.more) if node.more else ""
                )
                self._add(parent, node.id, node.name, node.cls, str(LOOKS[node.state].word), hidden)
            if len(others) > _UP:
                self._note(parent, trn("and {count} more", "and {count} more", len(others) - _UP))
        self.expandAll()
        self.blockSignals(False)

    def select(self, ci: int | None) -> None:
        """Marks a CI without firing."""
        self.blockSignals(True)
        item = self._items.get(ci) if ci is not None else None
        if item is not None:
            self.setCurrentItem(item)
        else:
            self.clearSelection()
        self.blockSignals(False)

    def _section(self, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([marked(text)])
        font = self._theme.font(12, QFont.Weight.DemiBold)
        item.setFont(0, font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.addTopLevelItem(item)
        return item

    def _add(self, parent: QTreeWidgetItem, ci: int, name: str, cls: str, state: str, text: str) -> None:
        item = QTreeWidgetItem([marked(f"{name} · {cls}" + (f"\n{text}" if text else ""))])
        item.setData(0, _ID, ci)
        spoken = tr("{name}, {class_name}, {state}", name=name, class_name=cls, state=state)
        if text:
            spoken = tr("{subject}: {text}", subject=spoken, text=text)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(0, plain_tip(spoken))
        parent.addChild(item)
        self._items[ci] = item

    def _note(self, parent: QTreeWidgetItem, text: str) -> None:
        item = QTreeWidgetItem([marked(text)])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setForeground(0, self._theme.color("faint"))
        parent.addChild(item)

    def _changed(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, _ID) is not None:
            self.picked.emit(item.data(0, _ID))

    def _activated(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _ID) is not None:
            self.opened.emit(item.data(0, _ID))


def _heading(state: State, count: int) -> str:
    return tr("{state} ({number})", state=LOOKS[state].title, number=count)
