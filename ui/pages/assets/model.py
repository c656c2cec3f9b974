"""The table over the store: the first page at once, the order of the rest in a job, rows fetched in chunks as shown."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal

from cmdb.schema import Attribute, Schema
from ui.context import Context
from ui.pages.assets.cells import text_of, tone_for
from ui.widgets.pill import TONE_ROLE

if TYPE_CHECKING:
    from cmdb.store import CI, Applied, Reader, Selection

Index = QModelIndex | QPersistentModelIndex
CHUNK = 100
KEPT = 60
"""How many chunks stay in memory."""

CLASS = Attribute("class", "Class")
_LOADING = "…"


def column_attributes(schema: Schema, cls: str, names: Sequence[str]) -> list[Attribute]:
    """The attributes that columns show; "class" is every CI's class. Unknown names are left out."""
    known = schema.all_attributes(cls)
    return [CLASS if n == "class" else known[n] for n in names if n == "class" or n in known]


class AssetsModel(QAbstractTableModel):
    """CIs of a selection. ``shown`` fires with the count when a selection stands; ``failed`` with what went wrong."""

    shown = Signal(int)
    ordered = Signal()
    failed = Signal(object)
    loading = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.selection: Selection | None = None
        self.columns: list[Attribute] = []
        self._count = 0
        self._ids: array[int] | None = None
        self._chunks: OrderedDict[int, list[CI]] = OrderedDict()
        self._names: dict[str, tuple[str, str]] = {}
        self._wanted: set[int] = set()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fetch)

    # -- showing ----------------------------------------------------------------------------------------------------

    def show_selection(self, selection: Selection, columns: Sequence[Attribute]) -> None:
        """Shows other CIs: what stands is kept until the first page of the new ones is here."""
        self.selection = selection
        wanted = list(columns)
        self.loading.emit()

        def first(reader: Reader) -> tuple[int, list[CI], dict[str, tuple[str, str]]]:
            page = reader.page(selection, 2 * CHUNK)
            return (len(page) if len(page) < 2 * CHUNK else reader.count(selection)), page, _named(reader, page)

        def done(found: tuple[int, list[CI], dict[str, tuple[str, str]]]) -> None:
            count, page, names = found
            self.beginResetModel()
            self.columns = wanted
            self._count, self._names = count, names
            self._chunks.clear()
            self._ids = array("q", (c.id for c in page)) if count == len(page) else None
            for start in range(0, len(page), CHUNK):
                self._chunks[start // CHUNK] = page[start : start + CHUNK]
            self.endResetModel()
            self.shown.emit(count)
            if self._ids is None:
                self._order(selection)
            else:
                self.ordered.emit()

        self._context.query(first, done, self.failed.emit, key=("assets", "first"), owner=self)

    def _order(self, selection: Selection) -> None:
        def done(ids: array[int]) -> None:
            if len(ids) != self._count:
                self.beginResetModel()
                self._count = len(ids)
                self._chunks.clear()
                self.endResetModel()
                self.shown.emit(self._count)
            self._ids = ids
            self.ordered.emit()
            self._timer.start()

        self._context.query(lambda r: r.ids(selection), done, self.failed.emit, key=("assets", "ids"), owner=self)

    def follow(self, applied: Applied) -> bool:
        """Takes in a published revision. Returns whether the whole selection must be asked for anew."""
        if self.selection is None:
            return False
        text = self.selection.where + self.selection.sort
        if applied.created or applied.deleted or self.selection.text or any(f in text for f in applied.fields):
            return True
        for number, rows in list(self._chunks.items()):
            if any(c.uid in applied.touched for c in rows):
                self._wanted.add(number)
        if applied.touched & self._names.keys():
            self._wanted.update(self._chunks)
        if self._wanted:
            self._timer.start()
        return False

    # -- rows -------------------------------------------------------------------------------------------------------

    def ci(self, row: int) -> CI | None:
        """The CI of a row, if it is in memory."""
        rows = self._chunks.get(row // CHUNK)
        place = row % CHUNK
        return rows[place] if rows is not None and place < len(rows) else None

    def ids(self, rows: Sequence[int]) -> list[int]:
        """Inner ids of rows; the order must stand (``ordered``), else those in memory only."""
        if self._ids is not None:
            return [self._ids[r] for r in rows if r < len(self._ids)]
        return [found.id for found in map(self.ci, rows) if found is not None]

    def rows_of(self, ids: set[int]) -> list[int]:
        """The rows at which CIs stand now."""
        if self._ids is None:
            return []
        return [row for row, inner in enumerate(self._ids) if inner in ids]

    def _fetch(self) -> None:
        if self._ids is None or not self._wanted:
            return
        numbers = sorted(self._wanted)[-8:]
        self._wanted.clear()
        ids = self._ids
        wanted = {n: list(ids[n * CHUNK : (n + 1) * CHUNK]) for n in numbers}

        def fetch(reader: Reader) -> tuple[dict[int, list[CI]], dict[str, tuple[str, str]]]:
            rows = {n: reader.many(part) for n, part in wanted.items()}
            return rows, _named(reader, [c for part in rows.values() for c in part])

        def done(found: tuple[dict[int, list[CI]], dict[str, tuple[str, str]]]) -> None:
            if ids is not self._ids:
                return
            rows, names = found
            self._names.update(names)
            for number, part in rows.items():
                if len(part) < len(wanted[number]):
                    continue  # some are gone: the revision that deleted them asks for the selection anew
                self._chunks[number] = part
                self._chunks.move_to_end(number)
                top, bottom = (
                    self.index(number * CHUNK, 0),
                    self.index(number * CHUNK + len(part) - 1, len(self.columns) - 1),
                )
                self.dataChanged.emit(top, bottom)
            while len(self._chunks) > KEPT:
                self._chunks.popitem(last=False)

        self._context.query(fetch, done, self.failed.emit, key=("assets", "rows", numbers[0]), owner=self)

    # -- Qt's model -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """How many CIs there are."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A cell. A row that isn't here yet is asked for, and shows "…" meanwhile."""
        if role not in _ROLES:
            return None
        row = index.row()
        found = self.ci(row)
        if found is None:
            self._wanted.add(row // CHUNK)
            if not self._timer.isActive():
                self._timer.start()
            return _LOADING if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        attribute = self.columns[index.column()]
        value = found.cls if attribute is CLASS else found.values.get(attribute.name)
        if role == Qt.ItemDataRole.DisplayRole:
            if attribute is CLASS:
                return self._context.schema.cls(found.cls).label
            return text_of(attribute, value, self._names, str(found.values.get("currency", "")))
        if role == Qt.ItemDataRole.DecorationRole:
            if index.column() == 0:
                return self._context.theme.icon(self._context.schema.cls(found.cls).icon)
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if attribute.type in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        tone = tone_for(attribute, value)
        if role == TONE_ROLE:
            return tone or None
        return self._context.theme.tone(tone)[0] if tone in ("warning", "bad") and attribute.type != "choice" else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """A column's label."""
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            attribute = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return attribute.label
            if role == Qt.ItemDataRole.TextAlignmentRole and attribute.type in _RIGHT:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if role == Qt.ItemDataRole.SizeHintRole:
                return QSize(100, 32)
        return None


_RIGHT = ("integer", "number", "money")
_ROLES = {
    int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.DecorationRole), int(Qt.ItemDataRole.TextAlignmentRole),
    int(Qt.ItemDataRole.ForegroundRole), TONE_ROLE,
}  # fmt: skip


def _named(reader: Reader, cis: Sequence[CI]) -> dict[str, tuple[str, str]]:
    """The names of what CIs refer to."""
    references = {n for n, a in reader.schema.all_attributes().items() if a.type == "reference"}
    return reader.names({v for c in cis for n, v in c.values.items() if n in references})
