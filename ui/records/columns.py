"""The table's columns: which are shown, how wide they are, and which are quick to sort and filter by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu

from app.assets.columns import ABOUT, choices, column_attributes, column_names
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute
from ui.context import Context
from ui.plain_texts import plain_label
from ui.records import index_prompt
from ui.records.model import RecordsModel
from ui.widgets.table import TableView

#: The smallest and the largest width of a column, in pixels.
LEAST, MOST = 72, 230
#: The largest width of the name.
MOST_NAME = 400
#: The smallest width of the name, and the width of the others where not all of them fit.
FIRST, USUAL = 130, 118
#: The smallest width of the name of work, which is a short sentence.
FIRST_OF_WORK = 164
#: Columns of work that are not cut where there is little room: what is late must be read.
_WHOLE = ("state", "due")
#: Space beside a cell's text; for an icon before it; for a pill around it; for a header's sort arrow.
_PAD, _ICON, _PILL, _ARROW = 24, 24, 16, 26
#: Rows of the first page that are measured for the width of a column.
_ROWS = 40


class Columns(QObject):
    """The columns of a table of CIs. A person's columns are stored in the settings, by class.

    ``chosen`` fires when other columns are to be shown, ``sorted`` with an attribute to sort by ("-" before it
    descends).
    """

    chosen = Signal()
    sorted = Signal(str)

    def __init__(self, context: Context, table: TableView, model: RecordsModel) -> None:
        super().__init__(table)
        self._context, self._table, self._model = context, table, model
        self._settings = context.workspace.settings
        self.cls = "ci"
        """The class that is shown."""
        self._fitted: tuple[str, ...] = ()
        self._keep = QTimer(self, singleShot=True, interval=400)
        self._keep.timeout.connect(self._remember_widths)
        self._fitting = False
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._menu)
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(lambda *_: self._moved())
        self.follow_density()

    # -- which ------------------------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """The columns of the present class: the person's choice, or the schema's."""
        kept: list[str] = self._settings.get(f"assets.columns.{self.cls}", [])
        return column_names(self._context.schema, self.cls, [str(n) for n in kept])

    def attributes(self) -> list[Attribute]:
        """The content of the columns."""
        return column_attributes(self._context.schema, self.cls, self.names())

    def keep(self, names: list[str]) -> None:
        """Keeps these columns for the class; none: those of the schema."""
        self._settings.set(f"assets.columns.{self.cls}", names or None)

    def choose(self, names: list[str]) -> None:
        """Keeps and shows these columns."""
        self.keep(names)
        self.chosen.emit()

    def toggle(self, name: str, on: bool) -> None:
        """Shows or hides one."""
        names = self.names()
        self.choose([*names, name] if on else [n for n in names if n != name] or ["name"])

    def fill(self, menu: QMenu) -> None:
        """Every attribute of the class, to be shown or not."""
        shown = self.names()
        for one in choices(self._context.schema, self.cls):
            action = QAction(plain_label(one.label), menu, checkable=True, checked=one.name in shown)
            action.toggled.connect(partial(self.toggle, one.name))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(tr("Default columns of the class"), lambda: self.choose([]))
        menu.addAction(tr("Fit to the width"), self.fit)
        compact = QAction(tr("Compact rows"), menu, checkable=True, checked=self._is_compact())
        compact.toggled.connect(self._compact)
        menu.addAction(compact)

    def _menu(self, position: QPoint) -> None:
        header = self._table.horizontalHeader()
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_for(menu, header.logicalIndexAt(position))
        menu.popup(header.mapToGlobal(position))

    def fill_for(self, menu: QMenu, section: int) -> None:
        """The context menu of a column's header."""
        columns = self._model.columns
        if 0 <= section < len(columns):
            attribute = columns[section]
            if attribute.name != ABOUT:
                menu.addAction(tr("Sort ascending"), partial(self.sorted.emit, attribute.name))
                menu.addAction(tr("Sort descending"), partial(self.sorted.emit, f"-{attribute.name}"))
                if self._is_of_items:
                    index_prompt.offer(self._context, menu, attribute)
                menu.addSeparator()
            menu.addAction(
                plain_label(tr("Hide “{column}”", column=attribute.label)), partial(self.toggle, attribute.name, False)
            )
        self.fill(menu.addMenu(tr("Columns")))

    def _compact(self, on: bool) -> None:
        self._settings.set("compact", on)
        self.follow_density()

    def _is_compact(self) -> bool:
        return bool(self._settings.get("compact", False))

    def follow_density(self) -> None:
        """Sets the height of rows that the person chose for all tables."""
        self._table.set_compact(self._is_compact())

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
        visible.
        """
        columns = self._model.columns
        names = (self.cls, *(a.name for a in columns))
        if names == self._fitted or not columns or not self._model.rowCount():
            return
        self._fitted = names
        kept = self._kept()
        if kept:
            self._set([int(kept.get(a.name, w)) for a, w in zip(columns, self._natural(), strict=True)])
        else:
            self._set(self._squeezed())

    def fit(self) -> None:
        """Forgets the widths that the person chose: the columns share the whole width."""
        self._settings.set(f"assets.widths.{self.cls}", None)
        self._fitted = ()
        self.lay_out()

    def room_changed(self) -> None:
        """The table has another width: columns without a chosen width share it again."""
        if self._fitted and not self._kept():
            self._set(self._squeezed())

    def _squeezed(self) -> list[int]:
        names = [attribute.name for attribute in self._model.columns]
        wide = names.index("name") if "name" in names else 0
        whole = [place for place, name in enumerate(names) if name in _WHOLE]
        room, first = self._table.viewport().width(), FIRST if self._is_of_items else FIRST_OF_WORK
        least = () if self._is_of_items else self._header_widths()
        return squeezed(self._natural(), room, wide, whole, first, least)

    @property
    def _is_of_items(self) -> bool:
        return self._context.schema.root_of(self.cls) == "ci"

    def _kept(self) -> dict[str, int]:
        kept: dict[str, int] = self._settings.get(f"assets.widths.{self.cls}", {})
        return kept

    def _natural(self) -> list[int]:
        """The width of each column for its header and the first rows."""
        model, table = self._model, self._table
        metrics = table.fontMetrics()
        widths = []
        for place, (attribute, header) in enumerate(zip(model.columns, self._header_widths(), strict=True)):
            texts = {str(model.index(r, place).data() or "") for r in range(min(model.rowCount(), _ROWS))}
            more = (_ICON if place == 0 and self._is_of_items else 0) + (_PILL if attribute.type == "choice" else 0)
            text = max((metrics.horizontalAdvance(t) for t in texts), default=0) + _PAD + more
            most = MOST_NAME if attribute.name == "name" else MOST
            widths.append(min(max(text, header), most))
        return widths

    def _header_widths(self) -> list[int]:
        """The width of each column in which its header is not cut."""
        metrics = QFontMetrics(_bold(self._table.font()))
        return [max(metrics.horizontalAdvance(a.label) + _ARROW, LEAST) for a in self._model.columns]

    def _set(self, widths: list[int]) -> None:
        self._fitting = True
        for place, width in enumerate(widths):
            self._table.setColumnWidth(place, width)
        self._fitting = False

    def _resized(self, section: int, *_: int) -> None:
        """Keeps a width that the person chose; the last column always takes the rest of the width."""
        last = self._table.horizontalHeader().count() - 1
        if not self._fitting and section != last and QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._keep.start()

    def _remember_widths(self) -> None:
        table = self._table
        widths = {a.name: table.columnWidth(i) for i, a in enumerate(self._model.columns)}
        self._settings.set(f"assets.widths.{self.cls}", {**self._kept(), **widths})


def _bold(font: QFont) -> QFont:
    """The font of headers."""
    found = QFont(font)
    found.setWeight(QFont.Weight.DemiBold)
    return found


def squeezed(
    widths: list[int],
    room: int,
    wide: int = 0,
    whole: Sequence[int] = (),
    first: int = FIRST,
    least: Sequence[int] = (),
) -> list[int]:
    """Widths that fit into ``room`` pixels: the widest columns shrink first, the one of the name (``wide``) last, to
    ``first``, those of ``whole`` not at all, and no other below its width in ``least``.

    If ``room`` is too small for all columns, they have their default width, and the table scrolls.
    """
    others = least or [LEAST] * len(widths)
    floors = [first if place == wide else w if place in whole else others[place] for place, w in enumerate(widths)]
    level = max(widths, default=0)

    def at(level: int) -> list[int]:
        return [min(w, max(level, floor)) for w, floor in zip(widths, floors, strict=True)]

    while level > LEAST and sum(at(level)) > room:
        level -= 1
    if sum(at(level)) <= room:
        return at(level)
    return [*at(USUAL)[:wide], *(min(width, MOST) for width in widths[wide : wide + 1]), *at(USUAL)[wide + 1 :]]
