"""The table's model in groups: a row for each group, with its count and sums, and below it the group's rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QModelIndex, Qt, Signal

from app.assets.groups import ListGroups, group_title, grouped_by, read_groups, rows_of_group, sum_text
from app.assets.rows import EMPTY, HighlightedRows, HighlightRequest, Ranges, ordered
from cmdb.model.characters import marked
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from cmdb.model.row_groups import GroupKey, ValueGroup
from cmdb.model.schema import Attribute
from ui.records.model import FIRST, Index, RecordsModel, ShownCell

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.selection import Selection
    from ui.context import Context


class GroupCell(NamedTuple):
    """A cell of a group's row: its title in the first, a sum in those of numbers and amounts."""

    text: str
    is_open: bool
    is_title: bool = False


@dataclass
class _Grouped:
    """What is shown in groups: of which selection, and where the rows of the groups stand."""

    selection: Selection
    found: ListGroups
    members: dict[GroupKey, array[int]] = field(default_factory=dict)
    heads: list[int] = field(default_factory=list)

    def compose(self) -> array[int]:
        """The order of all rows: the inner ids of records, and below 0 the groups: the first is -1."""
        order: array[int] = array("q")
        self.heads = []
        for place, group in enumerate(self.found.groups):
            self.heads.append(len(order))
            order.append(-1 - place)
            order.extend(self.members.get(group.key, EMPTY))
        return order


class GroupedModel(RecordsModel):
    """All records of a selection, in groups where ``wish`` names an attribute.

    ``grouped`` fires when groups are opened or closed, and when a list is shown with others or without.
    """

    grouped = Signal()

    def __init__(self, context: Context, page: str) -> None:
        super().__init__(context, page)
        self._wish = ""
        self._groups: _Grouped | None = None
        self.shown.connect(self.grouped)

    def wish(self, attribute: str) -> None:
        """By what the next selection is to be grouped; "" for nothing."""
        self._wish = attribute

    @property
    def _state(self) -> _Grouped | None:
        found = self._groups
        return found if found is not None and found.selection is self.selection else None

    @property
    def attribute(self) -> Attribute | None:
        """By what the rows are grouped; None for nothing."""
        return self._state.found.attribute if self._state is not None else None

    @property
    def matching(self) -> int:
        """The number of records, whether their groups are open or not."""
        return sum(one.count for one in self._state.found.groups) if self._state is not None else self.rowCount()

    @property
    def group_number(self) -> int:
        """The number of groups."""
        return len(self._state.found.groups) if self._state is not None else 0

    # -- showing ----------------------------------------------------------------------------------------------------

    def show_selection(
        self, selection: Selection, columns: Sequence[Attribute], wanted: HighlightRequest | None = None
    ) -> None:
        """Shows other CIs, in groups where that is wished."""
        attribute = grouped_by(self._context.schema, selection.cls, self._wish)
        if attribute is None:
            super().show_selection(selection, columns, wanted)
            return
        self._forget()
        self.loading.emit()
        state = self._state
        same = state is not None and state.found.attribute.name == attribute.name
        opened = list(state.members) if same and state is not None else []
        self._read(selection, attribute, columns, opened, wanted or HighlightRequest(), afresh=True)

    def _read(
        self,
        selection: Selection,
        attribute: Attribute,
        columns: Sequence[Attribute],
        opened: Sequence[GroupKey],
        wanted: HighlightRequest,
        *,
        afresh: bool,
    ) -> None:
        columns = list(columns)

        def done(found: ListGroups) -> None:
            self.selection = selection
            self.beginResetModel()
            self.columns = columns
            for known in (self._rows, self._stale, self._places) if afresh else ():
                known.clear()
            self._gone.clear()
            self._groups = _Grouped(selection, found, dict(found.members))
            self._ids, self._early, self.exact = self._groups.compose(), EMPTY, True
            self._count = len(self._ids)
            self.endResetModel()
            self.shown.emit()
            self.counted.emit()
            self._seek(wanted)

        self._context.query(
            lambda reader: read_groups(reader, selection, attribute, columns, opened, wanted.sought), done,
            self.failed.emit, key=(self._page, "first"), owner=self,
        )  # fmt: skip

    def _seek(self, wanted: HighlightRequest) -> None:
        """Finds the rows to highlight, as far as their groups are open."""
        selection, order = self.selection, self._order_known
        if selection is None or not (wanted.sought or wanted.kept):
            self.ordered.emit(HighlightedRows())
            return

        def found(answer: tuple[array[int], HighlightedRows]) -> None:
            self.ordered.emit(answer[1] if order is self._ids else HighlightedRows())

        self._context.query(
            lambda reader: ordered(reader, selection, wanted, order), found, self.failed.emit, key=(self._page, "ids"),
            owner=self,
        )  # fmt: skip

    def show_columns(self, columns: Sequence[Attribute]) -> None:
        """Shows other columns; the groups have their sums, too."""
        super().show_columns(columns)
        if self._state is not None:
            self.ask_again(0, HighlightRequest())

    def ask_again(self, top: int, wanted: HighlightRequest) -> None:
        """Reads the same selection again."""
        state = self._state
        if state is None:
            super().ask_again(top, wanted)
            return
        self._forget()
        self._read(state.selection, state.found.attribute, self.columns, list(state.members), wanted, afresh=False)

    def follow(self, applied: AppliedRevision, coming: str = "") -> bool:
        """As for any list; counts and sums follow every change of a record."""
        concerned = super().follow(applied, coming)
        return concerned or (self._state is not None and bool(applied.updated))

    # -- groups -----------------------------------------------------------------------------------------------------

    def group_at(self, row: int) -> ValueGroup | None:
        """The group whose own row this is; None for the row of a record."""
        state, order = self._state, self._order_known
        if state is None or not 0 <= row < len(order) or order[row] >= 0:
            return None
        return state.found.groups[-1 - order[row]]

    def is_open(self, row: int) -> bool:
        """Whether the group of that row shows its rows."""
        group = self.group_at(row)
        return group is not None and self._state is not None and group.key in self._state.members

    def head_of(self, row: int) -> int:
        """The row of the group that a row belongs to; -1 where nothing is grouped."""
        heads = self._state.heads if self._state is not None else []
        place = bisect_left(heads, row + 1) - 1
        return heads[place] if place >= 0 else -1

    def toggle(self, row: int) -> None:
        """Opens the group of a row, or closes it."""
        group, state = self.group_at(row), self._state
        if group is None or state is None:
            return
        if group.key in state.members:
            many = len(state.members.pop(group.key))
            self.beginRemoveRows(QModelIndex(), row + 1, row + many)
            self._recompose(state)
            self.endRemoveRows()
            self._repaint_head(row)
            return
        selection, attribute, key = state.selection, state.found.attribute, group.key

        def done(ids: array[int]) -> None:
            if self._state is not state or key in state.members:
                return
            place = next((p for p, one in enumerate(state.found.groups) if one.key == key), -1)
            head = state.heads[place]
            self.beginInsertRows(QModelIndex(), head + 1, head + len(ids))
            state.members[key] = ids
            self._recompose(state)
            self.endInsertRows()
            self._repaint_head(head)
            self._timer.start()

        self._context.query(
            lambda reader: rows_of_group(reader, selection, attribute.name, key), done, self.failed.emit, owner=self
        )

    def open_all(self, *, opened: bool = True) -> None:
        """Opens all groups, however many there are, or closes all: their rows are read in one pass."""
        state = self._state
        if state is not None:
            keys = [one.key for one in state.found.groups] if opened else []
            self._forget()
            self._read(
                state.selection, state.found.attribute, self.columns, keys, HighlightRequest(), afresh=False
            )  # fmt: skip

    def _recompose(self, state: _Grouped) -> None:
        self._ids = state.compose()
        self._count = len(self._ids)
        self._places.clear()

    def _repaint_head(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
        self.grouped.emit()

    # -- rows -------------------------------------------------------------------------------------------------------

    def ids(self, ranges: Ranges) -> array[int]:
        """Inner ids of ranges of rows, without the rows of groups."""
        if self._state is None:
            return super().ids(ranges)
        order, heads = self._order_known, self._state.heads
        found: array[int] = array("q")
        for first, last in ranges:
            low = first
            for head in heads[bisect_left(heads, first) : bisect_left(heads, last + 1)]:
                found.extend(order[low:head])
                low = head + 1
            found.extend(order[low : last + 1])
        return found

    def number_in(self, ranges: Ranges) -> int:
        """The number of records in ranges of rows."""
        heads = self._state.heads if self._state is not None else []
        return sum(
            last - first + 1 - (bisect_left(heads, last + 1) - bisect_left(heads, first)) for first, last in ranges
        )

    def group_cell(self, row: int, column: int) -> GroupCell | None:
        """A cell of a group's row; None for the row of a record."""
        group, state = self.group_at(row), self._state
        if group is None or state is None:
            return None
        if column == 0:
            title = group_title(self._context.schema, state.found.attribute, group, state.found.names)
            return GroupCell(f"{marked(title)}  {number(group.count)}", group.key in state.members, is_title=True)
        return GroupCell(sum_text(self.columns[column], group), group.key in state.members)

    def cell(self, row: int, column: int) -> ShownCell:
        """A cell; of a group's row for views that do not paint it as one."""
        group = self.group_cell(row, column)
        return ShownCell(group.text, right=not group.is_title) if group is not None else super().cell(row, column)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """As for any row; a group's row says what it is."""
        group = self.group_at(index.row()) if role == Qt.ItemDataRole.AccessibleTextRole else None
        if group is not None and self._state is not None and index.column() == 0:
            found = self._state.found
            return trn(
                "Group {title}, {count} row, {state}", "Group {title}, {count} rows, {state}", group.count,
                title=group_title(self._context.schema, found.attribute, group, found.names),
                state=tr("open") if group.key in self._state.members else tr("closed"),
            )  # fmt: skip
        return super().data(index, role)


__all__ = ["FIRST", "GroupCell", "GroupedModel"]
