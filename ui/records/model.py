"""The table's model over the store: the first page at once; then the count, the order of all rows, and the rows shown.

Only the order grows with the estate: one integer per row. Rows are cached by their inner ids, with a limit, so that
another order can use them again.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon

from app.assets.columns import ABOUT
from app.assets.list_dependence import depends_on
from app.assets.rows import (
    EMPTY,
    HighlightedRows,
    HighlightRequest,
    Listed,
    ListedItem,
    Ranges,
    first_rows,
    number_of,
    ordered,
    ordered_again,
    rows_of,
)
from cmdb.model.characters import marked
from cmdb.model.schema import Attribute
from ui.context import Context
from ui.records.special_cells import special_text
from ui.text_size import px
from ui.widgets.pill import TONE_ROLE
from ui.widgets.spoken_cells import SPOKEN, spoken
from ui.widgets.values import text_of, tone_for

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI
    from cmdb.model.selection import Selection

Index = QModelIndex | QPersistentModelIndex
FIRST = 100
"""Rows of the first page."""
CHUNK = 50
"""Rows that are fetched together."""
AT_ONCE = 4
"""Chunks of one fetch; the most recently painted rows come first, others are fetched again when they are painted."""
KEPT = 4000
"""Rows that stay in memory."""


class ShownCell(NamedTuple):
    """The content of a cell. ``known`` is False until the row is read."""

    text: str
    icon: QIcon | None = None
    tone: str = ""
    right: bool = False
    pill: bool = False
    known: bool = True


_COMING, _BLANK = ShownCell("…", known=False), ShownCell("")


class RecordsModel(QAbstractTableModel):
    """All records of a selection. Its questions are asked under the name of the ``page`` that shows it.

    ``loading`` fires when another selection is requested, ``shown`` when its first page is shown, ``counted`` when its
    number is known, ``ordered`` (with a ``HighlightedRows``) when every row can be reached, ``failed`` with the error.
    """

    loading = Signal()
    shown = Signal()
    counted = Signal()
    ordered = Signal(object)
    failed = Signal(object)

    def __init__(self, context: Context, page: str) -> None:
        super().__init__()
        self._context, self._page = context, page
        self.selection: Selection | None = None
        self.columns: list[Attribute] = []
        self._count = 0
        self.exact = False
        """Whether the number of rows is that of the selection; until then they are its first."""
        self._ids: array[int] | None = None
        self._early: array[int] = EMPTY
        self._rows: OrderedDict[int, ListedItem] = OrderedDict()
        self._stale: set[int] = set()
        self._gone: set[int] = set()
        self._places: dict[int, int] = {}
        """Where rows were last painted, by inner id."""
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._fetching: object = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fetch)

    @property
    def _order_known(self) -> array[int]:
        """The inner ids of the rows that can be reached, in order."""
        return self._ids if self._ids is not None else self._early

    @property
    def ready(self) -> bool:
        """Whether every row can be reached."""
        return self._ids is not None

    # -- showing ----------------------------------------------------------------------------------------------------

    def show_selection(
        self, selection: Selection, columns: Sequence[Attribute], wanted: HighlightRequest | None = None
    ) -> None:
        """Shows other CIs: the present rows stay until the first page of the new ones is read."""
        find = wanted or HighlightRequest()
        self._forget()
        self.loading.emit()

        def done(answer: tuple[Listed, array[int] | None]) -> None:
            page, ids = answer
            self.selection = selection
            self.beginResetModel()
            self.columns = list(columns)
            for known in (self._rows, self._stale, self._gone, self._places):
                known.clear()
            self._rows.update(page)
            self._early = array("q", page)
            self._ids, self.exact = ids, ids is not None
            self._count = len(page if ids is None else ids)
            self.endResetModel()
            self.shown.emit()
            if ids is None:
                self._count_rows(selection)
            self._order(selection, find)

        self._context.query(
            lambda reader: first_rows(reader, selection, FIRST), done, self.failed.emit, key=(self._page, "first"),
            owner=self,
        )  # fmt: skip

    def show_columns(self, columns: Sequence[Attribute]) -> None:
        """Shows other columns of the same CIs."""
        self.beginResetModel()
        self.columns = list(columns)
        self.endResetModel()
        self.shown.emit()

    def stop(self) -> None:
        """Stops reading; the rows that are shown stay."""
        self._forget()

    def clear(self) -> None:
        """Shows no rows."""
        self._forget()
        self.beginResetModel()
        self.selection, self._ids, self._early, self._count, self.exact = None, None, EMPTY, 0, False
        for known in (self._rows, self._stale, self._gone, self._places):
            known.clear()
        self.endResetModel()

    def _forget(self) -> None:
        for part in ("first", "count", "ids"):
            self._context.tasks.forget((self._page, part))

    def _count_rows(self, selection: Selection) -> None:
        def done(number: int) -> None:
            if self._ids is None and number >= self._count:
                self._grow(number)
                self.exact = True
                self.counted.emit()

        self._context.query(
            lambda reader: number_of(reader, selection), done, self.failed.emit, key=(self._page, "count"), owner=self
        )

    def _order(self, selection: Selection, wanted: HighlightRequest) -> None:
        known = self._ids

        def done(answer: tuple[array[int], HighlightedRows]) -> None:
            ids, found = answer
            self._context.tasks.forget((self._page, "count"))
            before = self._early
            self._ids = ids
            self._grow(len(ids))
            self.exact = True
            if ids[: len(before)] != before and self._count:
                self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(self.columns) - 1))
            self.counted.emit()
            self.ordered.emit(found)
            self._timer.start()

        self._context.query(
            lambda reader: ordered(reader, selection, wanted, known), done, self.failed.emit, key=(self._page, "ids"),
            owner=self,
        )  # fmt: skip

    def _grow(self, number: int) -> None:
        """Adds or removes rows at the end."""
        if number > self._count:
            self.beginInsertRows(QModelIndex(), self._count, number - 1)
            self._count = number
            self.endInsertRows()
        elif number < self._count:
            self.beginRemoveRows(QModelIndex(), number, self._count - 1)
            self._count = number
            self.endRemoveRows()

    # -- what changes -----------------------------------------------------------------------------------------------

    def follow(self, applied: AppliedRevision, coming: str = "") -> bool:
        """Takes in a published revision: the rows it names are read again. Whether the list itself may be another.

        The row of the CI ``coming`` (its id) isn't asked for: it is brought by ``take_item``.
        """
        if self.selection is None:
            return False
        changed = applied.updated
        if changed:
            about = any(attribute.name == ABOUT for attribute in self.columns)
            stale = [
                inner
                for inner, row in self._rows.items()
                if (row.ci.uid in changed and row.ci.uid != coming)
                or not changed.isdisjoint(row.names)
                or (about and any(uid in changed for uid, _ in row.about.first))
            ]
            self._stale.update(stale)
            self._repaint(stale)
        return depends_on(self._context.schema, self.selection).is_concerned(applied)

    def take_item(self, item: ListedItem) -> None:
        """Takes over a CI that another part has just read, if its row is here."""
        if item.ci.id in self._rows:
            self._take({item.ci.id: item})
            self._repaint([item.ci.id])

    def read_again(self, uid: str) -> None:
        """Asks for the row of a CI, if it is here."""
        stale = [inner for inner, row in self._rows.items() if row.ci.uid == uid]
        self._stale.update(stale)
        self._repaint(stale)

    def _repaint(self, items: Sequence[int]) -> None:
        """Paints the rows of CIs (inner ids) again; those that were never painted need not be."""
        order, last = self._order_known, len(self.columns) - 1
        for inner in items:
            row = self._places.get(inner, -1)
            if 0 <= row < min(self._count, len(order)) and order[row] == inner:
                self.dataChanged.emit(self.index(row, 0), self.index(row, last))

    def ask_again(self, top: int, wanted: HighlightRequest) -> None:
        """Reads the same selection again. The rows stay until its order, and the rows from ``top`` on, are read."""
        selection = self.selection
        if selection is None:
            return
        self._forget()
        known = frozenset(self._rows.keys() - self._stale)

        def done(answer: tuple[array[int], Listed, HighlightedRows]) -> None:
            ids, rows, found = answer
            self.beginResetModel()
            self._ids, self._early = ids, ids[:FIRST]
            self._count, self.exact = len(ids), True
            self._gone.clear()
            self._take(rows)
            self.endResetModel()
            self.shown.emit()
            self.ordered.emit(found)

        self._context.query(
            lambda reader: ordered_again(reader, selection, wanted, top, FIRST, known), done, self.failed.emit,
            key=(self._page, "ids"), owner=self,
        )  # fmt: skip

    # -- rows -------------------------------------------------------------------------------------------------------

    def ci(self, row: int) -> CI | None:
        """The CI of a row, if it is in memory."""
        found = self._row(row)
        return found.ci if found is not None else None

    def item(self, inner: int) -> ListedItem | None:
        """A record by its inner id, if it is in memory."""
        return self._rows.get(inner)

    def ids(self, ranges: Ranges) -> array[int]:
        """Inner ids of ranges of rows (first, last); of those that can be reached (``ready``)."""
        order = self._order_known
        found = array("q")
        for first, last in ranges:
            found.extend(order[first : last + 1])
        return found

    def in_memory(self, ranges: Ranges, most: int) -> list[CI]:
        """The CIs of ranges of rows that are in memory, of the first ``most`` rows."""
        found = []
        for inner in self.ids(ranges)[:most]:
            row = self._rows.get(inner)
            if row is not None:
                found.append(row.ci)
        return found

    def _row(self, row: int) -> ListedItem | None:
        order = self._order_known
        return self._rows.get(order[row]) if 0 <= row < len(order) else None

    def read_row(self, row: int) -> None:
        """Asks for a row that is not in memory; ``dataChanged`` says when it is there."""
        order = self._order_known
        if 0 <= row < len(order):
            self._places[order[row]] = row
            self._want(row)

    def _want(self, row: int) -> None:
        if self._gone and self._ids is not None and self._ids[row] in self._gone:
            return  # deleted: the order without it is under way
        chunk = row // CHUNK
        self._wanted.pop(chunk, None)
        self._wanted[chunk] = None
        if not self._timer.isActive():
            self._timer.start()

    def _fetch(self) -> None:
        """Fetches what was painted without being here. One fetch at a time, because the person may scroll in the
        meantime.
        """
        if self._ids is None or not self._wanted or self._fetching is self._ids:
            return
        numbers = list(self._wanted)[-AT_ONCE:]
        self._wanted.clear()
        ids = self._fetching = self._ids
        missing = [
            inner
            for number in numbers
            for inner in ids[number * CHUNK : (number + 1) * CHUNK]
            if inner not in self._rows or inner in self._stale
        ]

        def done(rows: Listed) -> None:
            self._fetching = None
            self._stale.difference_update(missing)
            self._gone.update(inner for inner in missing if inner not in rows)
            self._take(rows)
            if ids is self._ids:
                self._repaint(missing)
            if self._wanted:
                self._timer.start()

        def failed(error: Exception) -> None:
            self._fetching = None
            self.failed.emit(error)

        self._context.query(lambda reader: rows_of(reader, missing), done, failed, owner=self)

    def _take(self, rows: Listed) -> None:
        self._rows.update(rows)
        self._stale.difference_update(rows)
        for inner in rows:
            self._rows.move_to_end(inner)
        while len(self._rows) > KEPT:
            self._places.pop(self._rows.popitem(last=False)[0], None)

    # -- Qt's model -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of CIs, as far as it is known."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A cell's text, icon, alignment or tone, for views that do not paint it by ``cell``."""
        if role in SPOKEN:
            return spoken(index, role)
        if role not in _ROLES:
            return None
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return marked(cell.text)
        if role == Qt.ItemDataRole.DecorationRole:
            return cell.icon
        if role == TONE_ROLE:
            return cell.tone or None
        return int((Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft) | _MIDDLE)

    def cell(self, row: int, column: int) -> ShownCell:
        """A cell. A row that isn't loaded yet is requested, and shows "…"."""
        found = self._row(row)
        if column == 0 and row < len(self._order_known):
            self._places[self._order_known[row]] = row
        if column == 0 and (found is None or (self._stale and found.ci.id in self._stale)):
            self._want(row)
        attribute = self.columns[column]
        if found is None:
            return _COMING if column == 0 else _BLANK
        schema, icon = self._context.schema, None
        if column == 0 and schema.root_of(found.ci.cls) == "ci":
            icon = self._context.theme.icon(schema.cls(found.ci.cls).icon)
        special = special_text(schema, found, attribute, self._context.moment.day)
        if special is not None:
            return ShownCell(special[0], icon, special[1])
        if attribute.type == "choice":  # each class has its own labels and tones
            attribute = schema.cls(found.ci.cls).attributes.get(attribute.name, attribute)
        values = found.ci.values
        tone = tone_for(attribute, values.get(attribute.name))
        text = text_of(attribute, values.get(attribute.name), found.names, str(values.get(attribute.currency, "")))
        return ShownCell(text, icon, tone, attribute.type in RIGHT, attribute.type == "choice")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """A column's label."""
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            attribute = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return attribute.label
            if role == Qt.ItemDataRole.TextAlignmentRole and attribute.type in RIGHT:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if role == Qt.ItemDataRole.SizeHintRole:
                return QSize(100, px(32))
        return None


RIGHT = ("integer", "number", "money")
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_ROLES = {
    int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.DecorationRole), int(Qt.ItemDataRole.TextAlignmentRole),
    TONE_ROLE,
}  # fmt: skip
