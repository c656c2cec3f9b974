"""The table's columns: which are shown, how wide they are, and which are quick to sort and filter by."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.assets.columns import ABOUT, CLASS, column_attributes, column_groups, column_names
from app.assets.groups import groupable
from app.preferences import DENSITY, is_compact, keep
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute
from ui.context import Context
from ui.plain_texts import plain_label
from ui.records import index_prompt
from ui.records.column_sheet import ColumnSheet
from ui.records.grouped_model import GroupedModel
from ui.records.grouping import GroupBar
from ui.records.model import RIGHT
from ui.widgets.buttons import PrimaryButton
from ui.widgets.column_widths import ICON, PILL, ColumnRoom, ColumnTexts, measured_room, shared_room
from ui.widgets.frozen_column import FrozenTable
from ui.widgets.kept_widths import KeptWidths

#: Rows that are measured, and among how many they are looked for.
_ROWS, _LOOKED = 40, 400
#: Types of short values, which say nothing when they are cut.
_WHOLE = ("choice", "boolean", "date", "time", "integer", "number", "money")


class Columns(QObject):
    """The columns of a table of CIs. A person's columns are stored in the settings, by class; a view has its own.

    ``chosen`` fires when other columns are to be shown, ``sorted`` with an attribute to sort by ("-" before it
    descends).
    """

    chosen = Signal()
    sorted = Signal(str)

    def __init__(self, context: Context, table: FrozenTable, model: GroupedModel, groups: GroupBar) -> None:
        super().__init__(table)
        self._context, self._table, self._model, self._groups = context, table, model, groups
        self._settings = context.workspace.settings
        self.cls = "ci"
        """The class that is shown."""
        self.of_view: list[str] | None = None
        """The columns of the view that is shown; None: the class's own."""
        self._fitted: tuple[str, ...] = ()
        self._measured = False
        """Whether rows of records were measured."""
        model.dataChanged.connect(self._rows_came)
        self._widths = KeptWidths(
            table, self._settings, lambda: f"assets.widths.{self.cls}", lambda: [one.name for one in model.columns]
        )
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._menu)
        header.sectionMoved.connect(lambda *_: self._moved())
        context.theme.changed.connect(self.room_changed)  # the text has another size, perhaps
        self.follow_density()

    # -- which ------------------------------------------------------------------------------------------------------

    def show_class(self, cls: str, columns: list[str] | None = None) -> None:
        """The columns of a class; ``columns``: those of a view, which the class's own stay beside."""
        self.cls, self.of_view = cls, columns

    def names(self) -> list[str]:
        """The present columns: those of a view, or those of the class, which the person chose or the schema has."""
        kept = self._settings.get(f"assets.columns.{self.cls}", []) if self.of_view is None else self.of_view
        return column_names(self._context.schema, self.cls, [str(n) for n in kept])

    def attributes(self) -> list[Attribute]:
        """The content of the columns."""
        return column_attributes(self._context.schema, self.cls, self.names())

    def choose(self, names: list[str]) -> None:
        """Shows these columns, and keeps them for the class unless they are a view's; none: those of the schema."""
        if self.of_view is None:
            self._settings.set(f"assets.columns.{self.cls}", names or None)
        else:
            self.of_view = names
        self.chosen.emit()

    def toggle(self, name: str, on: bool) -> None:
        """Shows or hides one."""
        names = self.names()
        self.choose([*names, name] if on else [n for n in names if n != name] or ["name"])

    def open_sheet(self) -> None:
        """The panel in which columns are chosen and ordered; it stays open."""
        groups = column_groups(self._context.schema, self.cls)
        sheet = ColumnSheet(self._context.theme, groups, self.names(), compact=is_compact(self._settings))
        every = [one for group in groups for one in group.columns]
        sheet.offer_groups(groupable(self._context.schema, self.cls, every), self._groups.present)
        cls = self.cls

        def ours(run: Callable[..., object]) -> Callable[..., object]:
            """The panel may still stand there when the list shows another class."""
            return lambda *args: run(*args) if self.cls == cls else None

        def reset() -> None:
            self.choose([])
            sheet.show_columns(self.names())

        sheet.chosen.connect(ours(self.choose))
        sheet.reset.connect(ours(reset))
        sheet.fitted.connect(ours(self.fit))
        sheet.compact.connect(self._compact)
        sheet.grouped.connect(ours(self._groups.choose))
        title = tr("Columns of {list}", list=self._context.schema.cls(cls).plural)
        shell = self._context.shell
        shell.sheet(title, sheet, (PrimaryButton(tr("Done"), shell.close_sheet),))
        sheet.setFocus()

    def _menu(self, position: QPoint) -> None:
        header = self._table.horizontalHeader()
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_for(menu, header.logicalIndexAt(position))
        menu.popup(header.mapToGlobal(QPoint(max(position.x(), 0), position.y())))

    def fill_for(self, menu: QMenu, section: int) -> None:
        """The context menu of a column's header."""
        columns = self._model.columns
        if 0 <= section < len(columns):
            attribute = columns[section]
            if attribute.name != ABOUT:
                menu.addAction(tr("Sort ascending"), partial(self.sorted.emit, attribute.name))
                menu.addAction(tr("Sort descending"), partial(self.sorted.emit, f"-{attribute.name}"))
                by = menu.addMenu(tr("Group by"))
                others = [one for one in columns if one is not attribute]
                self._groups.fill(by, self._context.schema, self.cls, [attribute, *others])
                if self._is_of_items:
                    index_prompt.offer(self._context, menu, attribute)
                menu.addSeparator()
            menu.addAction(
                plain_label(tr("Hide “{column}”", column=attribute.label)), partial(self.toggle, attribute.name, False)
            )
        menu.addAction(tr("Columns…"), self.open_sheet)
        menu.addAction(tr("Fit to the width"), self.fit)

    def _compact(self, on: bool) -> None:
        keep(self._settings, DENSITY, on)
        self.follow_density()

    def follow_density(self) -> None:
        """Sets the height of rows that the person chose for all tables."""
        self._table.set_compact(is_compact(self._settings))

    def _moved(self) -> None:
        header = self._table.horizontalHeader()
        order = [header.logicalIndex(v) for v in range(header.count())]
        if order != sorted(order):
            names = [self._model.columns[i].name for i in order]
            header.blockSignals(True)
            for place in range(header.count()):
                header.moveSection(header.visualIndex(place), place)
            header.blockSignals(False)
            self.choose(names)

    # -- how wide ---------------------------------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Sets the widths of new columns: the widths that the person chose, or widths with which all columns are
        visible as far as their values can be read. While only groups are shown, their rows are not known.
        """
        columns = self._model.columns
        names = (self.cls, *(a.name for a in columns))
        measured = bool(self._sample())
        if not columns or not self._model.rowCount() or (names == self._fitted and (self._measured or not measured)):
            return
        self._fitted, self._measured = names, measured
        kept, rooms = self._widths.kept(), self._rooms()
        if kept:
            self._set([kept.get(a.name, one.natural) for a, one in zip(columns, rooms, strict=True)])
        else:
            self._set(self._shared(rooms))
        frozen = [a.name for a in columns].index("name") if any(a.name == "name" for a in columns) else -1
        self._table.freeze(self._table.itemDelegate(), frozen)

    def fit(self) -> None:
        """Forgets the widths that the person chose: the columns share the whole width."""
        self._widths.forget()
        self._fitted = ()
        self.lay_out()

    def room_changed(self) -> None:
        """The table has another width: columns without a chosen width share it again."""
        if self._fitted and not self._widths.kept() and self._model.columns:
            self._set(self._shared(self._rooms()))

    def _shared(self, rooms: list[ColumnRoom]) -> list[int]:
        names = [attribute.name for attribute in self._model.columns]
        return shared_room(rooms, self._table.viewport().width(), names.index("name") if "name" in names else -1)

    @property
    def _is_of_items(self) -> bool:
        return self._context.schema.root_of(self.cls) == "ci"

    def _rooms(self) -> list[ColumnRoom]:
        """The width of each column for its header and the first rows."""
        numbers = self._context.theme.font(tabular=True)
        return measured_room(
            self._table.font(),
            [
                ColumnTexts(
                    attribute.label,
                    self._texts(place),
                    (ICON if place == 0 and self._is_of_items else 0) + (PILL if attribute.type == "choice" else 0),
                    attribute.type in _WHOLE or attribute.name == CLASS,
                    attribute.name == "name",
                    numbers if attribute.type in RIGHT else None,
                )
                for place, attribute in enumerate(self._model.columns)
            ],
        )

    def _sample(self) -> list[int]:
        """Some rows of records that are read."""
        model = self._model
        return list(islice((row for row in range(min(model.rowCount(), _LOOKED)) if model.ci(row) is not None), _ROWS))

    def _texts(self, place: int) -> list[str]:
        """The texts of a column: of records, and the sums of groups; the titles of groups run over other columns."""
        model = self._model
        heads = (
            [row for row in range(min(model.rowCount(), _LOOKED)) if model.group_at(row) is not None] if place else []
        )
        texts = [str(model.index(row, place).data() or "") for row in [*self._sample(), *heads]]
        # The first rows may all be alike: what else can be chosen is read as well when another filter shows it.
        return [*texts, *(str(choice.label) for choice in model.columns[place].choices)]

    def _rows_came(self) -> None:
        if not self._measured:
            self.lay_out()

    def _set(self, widths: list[int]) -> None:
        for place, width in enumerate(widths):
            self._table.setColumnWidth(place, width)
