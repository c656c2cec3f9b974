"""The trees beside the table: classes with their counts, and places."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from app.assets.places import Place, within
from cmdb.model.characters import marked
from cmdb.model.formats import number as number_text
from cmdb.model.messages import tr
from ui.accessible import name_area
from ui.context import Context
from ui.text_size import px, set_sizes
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.tabs import Segments

_KEY, _UID = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1
#: The space before and behind a number, in pixels.
_BESIDE = 12


class _Rows(QStyledItemDelegate):
    """Rows of 26 px: the name has what the number in the row leaves of the room for numbers."""

    def sizeHint(self, option: object, index: object) -> QSize:
        """One line."""
        return QSize(40, px(26))

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Moves the line between the name and the number: most numbers are shorter than the longest."""
        super().initStyleOption(option, index)
        tree = self.parent()
        if not isinstance(tree, QTreeWidget):
            return
        figure = index.sibling(index.row(), 1).data() or ""
        needed = option.fontMetrics.horizontalAdvance(figure) + px(_BESIDE) if figure else 0
        free = max(0, tree.header().sectionSize(1) - needed)
        option.rect.adjust(free if index.column() else 0, 0, 0 if index.column() else free, 0)


class ClassTree(Card):
    """Chooses a class (``chosen`` with its name) or a place (``placed`` with a filter)."""

    chosen = Signal(str)
    placed = Signal(str)
    places_wanted = Signal()
    schema_wanted = Signal(str)
    """What the schema says of a class is to be shown."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(8, 10, 8, 8))
        self._context = context
        self._segments = Segments((("classes", tr("Classes")), ("places", tr("Places"))))
        self._segments.chosen.connect(self._switch)
        self._classes = self._make(tr("Classes"))
        self._classes.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._classes.customContextMenuRequested.connect(self._class_menu)
        self._places = self._make(tr("Places"))
        self._places.hide()
        self._places.itemExpanded.connect(self._unfold)
        self._inside: dict[str, list[Place]] = {}
        self._totals: dict[str, int] = {}
        self._alike: Counter[str] = Counter()
        self._nothing = Text(tr("No places yet: sites, buildings, floors and rooms appear here."), "muted", wrap=True)
        self._nothing.hide()
        self.add(self._segments)
        for widget in (self._classes, self._places, self._nothing):
            self.add(widget, 1)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._fill_classes()

    def _make(self, name: str) -> QTreeWidget:
        tree = QTreeWidget()
        name_area(tree, name)
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        set_sizes(tree, indent=12)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        tree.setItemDelegate(_Rows(tree))
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, 44)
        tree.currentItemChanged.connect(self._current)
        tree.itemClicked.connect(self._current)  # also the current one: its list may have been left meanwhile
        return tree

    # -- classes ----------------------------------------------------------------------------------------------------

    def _fill_classes(self) -> None:
        schema = self._context.schema
        self._classes.blockSignals(True)
        self._classes.clear()
        self._items.clear()
        for cls in (one for one in schema.tree() if not one.hidden):
            parent = self._items.get(cls.parent) if cls.parent != "ci" else None
            item = QTreeWidgetItem([(tr("All items") if cls.name == "ci" else cls.plural), ""])
            item.setData(0, _KEY, cls.name)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if parent is None:
                self._classes.addTopLevelItem(item)
            else:
                parent.addChild(item)
            self._items[cls.name] = item
        for name in ("hardware", "computer"):
            if name in self._items:
                self._items[name].setExpanded(True)
        self._classes.blockSignals(False)

    def _class_menu(self, place: QPoint) -> None:
        item = self._classes.itemAt(place)
        if item is None:
            return
        cls = str(item.data(0, _KEY))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Attributes and statuses of this class…"), lambda: self.schema_wanted.emit(cls))
        menu.popup(self._classes.viewport().mapToGlobal(place))

    def show_counts(self, counts: dict[str, int]) -> None:
        """Counts of CIs by exact class; classes without any, subclasses included, are faint."""
        if set(self._items) != set(self._context.schema.classes):
            current = self.current
            self._fill_classes()
            self.choose(current)
        widest = 0
        faint, muted, text = (self._context.theme.color(t) for t in ("faint", "muted", "text"))
        for name, item in self._items.items():
            total = sum(counts.get(c, 0) for c in self._context.schema.family(name))
            item.setText(1, number_text(total) if total else "")
            widest = max(widest, total)
            item.setForeground(0, text if total else faint)
            item.setForeground(1, muted)

        room = self.fontMetrics().horizontalAdvance(number_text(widest)) + px(_BESIDE)
        for tree in (self._classes, self._places):
            tree.header().resizeSection(1, max(44, room))

    @property
    def current(self) -> str:
        """The class that is chosen."""
        item = self._classes.currentItem()
        return str(item.data(0, _KEY)) if item is not None else "ci"

    def choose(self, cls: str) -> None:
        """Marks a class without firing ``chosen``."""
        item = self._items.get(cls)
        if item is None:
            return
        self._classes.blockSignals(True)
        parent = item.parent()
        while parent is not None:
            parent.setExpanded(True)
            parent = parent.parent()
        self._classes.setCurrentItem(item)
        self._classes.scrollToItem(item)
        self._classes.blockSignals(False)

    def show_asked(self, cls: str, typed: str) -> None:
        """Marks the class and the place that a list was asked for; no place where its filter is another."""
        self.choose(cls)
        item = self._places.currentItem()
        if item is not None and item.data(0, _KEY) != typed:
            self._places.blockSignals(True)
            self._places.setCurrentIndex(QModelIndex())
            self._places.blockSignals(False)

    # -- places -----------------------------------------------------------------------------------------------------

    @property
    def shows_places(self) -> bool:
        """Whether the places are shown."""
        return self._segments.current == "places"

    def show_places(self, places: list[Place], counts: dict[str, int]) -> None:
        """Shows places under their parents, with the number of items in each. Children are made when shown."""
        parents = {uid: parent for uid, _, parent in places}
        self._totals = dict.fromkeys(parents, 0)
        self._alike = Counter(name.casefold() for _, name, _ in places)
        for uid, number in counts.items():
            seen: set[str] = set()
            while uid in parents and uid not in seen:
                seen.add(uid)
                self._totals[uid] += number
                uid = parents[uid]
        self._inside = {}
        for place in places:
            uid, _, parent = place
            self._inside.setdefault(parent if parent in parents and parent != uid else "", []).append(place)
        opened, current = self._opened(), self._places.currentItem()
        chosen = str(current.data(0, _UID)) if current is not None else ""
        self._places.blockSignals(True)
        self._places.clear()
        self._places.addTopLevelItems([self._place_item(place) for place in self._inside.get("", ())])
        for number in range(self._places.topLevelItemCount()):
            self._reopen(self._places.topLevelItem(number), opened, chosen, len(places) < 40)
        self._places.blockSignals(False)
        self._show_empty()

    def _place_item(self, place: Place) -> QTreeWidgetItem:
        uid, name, _ = place
        item = QTreeWidgetItem([marked(name), number_text(self._totals[uid]) if self._totals[uid] else ""])
        item.setData(0, _KEY, within(name if self._alike[name.casefold()] == 1 else uid))
        item.setData(0, _UID, uid)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(1, self._context.theme.color("muted"))
        if uid in self._inside:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _unfold(self, item: QTreeWidgetItem) -> None:
        if not item.childCount():
            item.addChildren([self._place_item(place) for place in self._inside.get(str(item.data(0, _UID)), ())])

    def _reopen(self, item: QTreeWidgetItem | None, opened: set[str], chosen: str, few: bool) -> None:
        """Restores what was unfolded and chosen before the places were read again."""
        if item is None:
            return
        uid = str(item.data(0, _UID))
        if uid == chosen:
            self._places.setCurrentItem(item)
        if uid in opened or (few and item.parent() is None):
            self._unfold(item)
            item.setExpanded(True)
            for number in range(item.childCount()):
                self._reopen(item.child(number), opened, chosen, few)

    def _opened(self) -> set[str]:
        """The places that are unfolded."""
        root = self._places.invisibleRootItem()
        found: set[str] = set()
        waiting = [root.child(number) for number in range(root.childCount())]
        while waiting:
            item = waiting.pop()
            if item is not None and item.isExpanded():
                found.add(str(item.data(0, _UID)))
                waiting += [item.child(number) for number in range(item.childCount())]
        return found

    def _switch(self, name: str) -> None:
        self._classes.setVisible(name == "classes")
        self._places.setVisible(name == "places")
        self._show_empty()
        if name == "places":
            self.places_wanted.emit()

    def _show_empty(self) -> None:
        empty = self._segments.current == "places" and not self._places.topLevelItemCount()
        self._nothing.setVisible(empty)
        self._places.setVisible(self._segments.current == "places" and not empty)

    def _current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            (self.chosen if item.treeWidget() is self._classes else self.placed).emit(str(item.data(0, _KEY)))
