"""The middle of the page: heading with counts, filter bar, table, and what can be done with a selection."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QWidgetAction

from cmdb import query
from cmdb.errors import QueryError, UserError
from ui.context import Context
from ui.pages.assets.filters import FilterForm
from ui.pages.assets.model import AssetsModel, column_attributes
from ui.pages.assets.views import ViewsMenu
from ui.widgets.buttons import Button, MenuButton, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.dates import count, plural
from ui.widgets.labels import Elided, Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.search import SearchField
from ui.widgets.states import EmptyState, States
from ui.widgets.table import Table

if TYPE_CHECKING:
    from cmdb.store import CI, Applied, Selection

_WIDTHS = {"name": 170, "status": 104, "asset_tag": 96, "class": 150, "notes": 220, "email": 190}


class Listing(Card):
    """Shows one class's CIs. ``current`` fires with the CI that is under the cursor (None: none)."""

    current = Signal(object)
    selected = Signal(int)
    wanted = Signal(str)
    """An action on the selection that was asked for: new, edit, hand_over, take_back, move, retire, delete, map."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self.context = context
        self.cls = "ci"
        self.sort = "name"
        self.total = 0
        self.model = AssetsModel(context)
        self.model.shown.connect(self._shown)
        self.model.ordered.connect(self._ordered)
        self.model.failed.connect(self._failed)
        self._save_widths = QTimer(self, singleShot=True, interval=400)
        self._save_widths.timeout.connect(self._remember_widths)
        self.table = self._make_table()
        self._keep: set[int] = set()
        self._keep_row = 0
        self._go_to = ""
        self.heading = Heading("All items", 1)
        self._count = Text("", "muted")
        self.search = SearchField(
            context.theme, "Filter: words, or status = Deployed and warranty_until < today+90d", self._filtered
        )
        self._error = InlineMessage(context.theme, "", "warning")
        self._empty = EmptyState(
            context.theme, "assets", "Nothing here yet", "", Button("New…", lambda: self.wanted.emit("new"))
        )
        self._states = States(context.theme, self.table)
        self._states.loading()
        self._bar = SelectionBar(self)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self.context.theme
        views = MenuButton("Views", ViewsMenu(self).fill, icon="eye", theme=theme)
        filters = MenuButton("Filter", self._fill_filter, icon="filter", theme=theme)
        columns = MenuButton("Columns", self._fill_columns, icon="columns", theme=theme)
        self.new = PrimaryButton("New", lambda: self.wanted.emit("new"), icon="plus", theme=theme)
        head = row(self.heading, self._count, STRETCH, views, columns, self.new, margins=(16, 0, 12, 0))
        self.search.setMinimumWidth(160)
        bar = row(self.search, filters, margins=(16, 0, 12, 0))
        bar.setStretch(0, 1)
        note = column(self._error, margins=(16, 0, 12, 0))
        self.add(column(head, bar, note, spacing=8, margins=(0, 0, 0, 8)))
        self.add(self._states, 1)
        self.add(self._bar)

    def _make_table(self) -> Table:
        table = Table(self.context.theme, "Items", compact=self._is_compact())
        table.setModel(self.model)
        table.setFrameShape(QFrame.Shape.NoFrame)
        header = table.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort_by)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._columns_menu)
        header.sectionResized.connect(lambda *_: self._save_widths.start())
        header.sectionMoved.connect(lambda *_: self._save_columns())
        table.selectionModel().currentRowChanged.connect(lambda *_: self._moved())
        table.selectionModel().selectionChanged.connect(lambda *_: self._selection())
        table.typed.connect(self._typed)
        return table

    def _is_compact(self) -> bool:
        return bool(self.context.workspace.settings.get("compact", False))

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_class(self, cls: str, where: str = "", sort: str = "", columns: list[str] | None = None) -> None:
        """Shows a class, with a filter and a sort."""
        self.cls = cls
        found = self.context.schema.cls(cls)
        self.heading.setText("All items" if cls == "ci" else found.plural)
        self.sort = sort or str(self.context.workspace.settings.get(f"assets.sort.{cls}", "name"))
        if columns is not None:
            self.context.workspace.settings.set(f"assets.columns.{cls}", columns)
        self.search.setText(where)
        self.refresh()

    def refresh(self) -> None:
        """Asks for the selection as it is now described."""
        selection = self.selection()
        if selection is None:
            return
        self._keep = set(self.model.ids(self._selected_rows())) if self.model.selection else set()
        self._keep_row = self.table.verticalScrollBar().value()
        self.table.set_compact(self._is_compact())
        self.model.show_selection(selection, column_attributes(self.context.schema, self.cls, self.column_names()))
        self._count_all()

    def selection(self) -> Selection | None:
        """What is asked for; None where the filter cannot be read (its error is shown)."""
        from cmdb.store import Selection

        typed = self.search.text().strip()
        where, words = "", ""
        try:
            if _is_query(typed):
                query.parse(typed)
                where = typed
            else:
                words = typed
        except QueryError as error:
            self._error.say(str(error), "warning")
            return None
        self._error.say("")
        return Selection(self.cls, where, self.sort, words)

    def go_to(self, uid: str) -> None:
        """Puts the cursor on a CI as soon as the order stands."""
        self._go_to = uid

    def column_names(self) -> list[str]:
        """The columns of the present class: the person's choice, or the schema's."""
        found = self.context.schema.cls(self.cls)
        chosen: list[str] = self.context.workspace.settings.get(f"assets.columns.{self.cls}", [])
        names = [str(n) for n in chosen] or list(found.columns)
        if not chosen and found.abstract and "class" not in names:
            names.insert(1, "class")
        return names

    def follow(self, applied: Applied) -> None:
        """Takes in a published revision."""
        if self.model.follow(applied):
            self.refresh()
        elif applied.touched:
            self._moved()

    def _count_all(self) -> None:
        from cmdb.store import Selection

        cls = self.cls

        def done(total: int) -> None:
            self.total = total
            self._show_count()

        self.context.query(lambda r: r.count(Selection(cls)), done, key=("assets", "total"), owner=self)

    def _show_count(self) -> None:
        here = self.model.rowCount()
        filtered = bool(self.search.text().strip())
        self._count.setText(f"{count(here)} of {count(self.total)}" if filtered else count(here))

    def _shown(self, number: int) -> None:
        names = [a.name for a in self.model.columns]
        widths: dict[str, int] = self.context.workspace.settings.get(f"assets.widths.{self.cls}", {})
        self._save_widths.blockSignals(True)
        for place, attribute in enumerate(self.model.columns):
            if attribute.type == "choice":
                self.table.pills(place)
            else:
                self.table.setItemDelegateForColumn(place, None)  # type: ignore[arg-type]
            self.table.setColumnWidth(place, int(widths.get(attribute.name, _WIDTHS.get(attribute.name, 124))))
        self._save_widths.blockSignals(False)
        word = self.sort.lstrip("-")
        if word in names:
            order = Qt.SortOrder.DescendingOrder if self.sort.startswith("-") else Qt.SortOrder.AscendingOrder
            self.table.horizontalHeader().setSortIndicator(names.index(word), order)
        else:
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        if number:
            self._states.content()
            self.table.verticalScrollBar().setValue(self._keep_row)
        else:
            self._states.empty(self._nothing())
        self._show_count()
        self._selection()

    def _nothing(self) -> EmptyState:
        theme, plural_name = self.context.theme, self.context.schema.cls(self.cls).plural.lower()
        if self.search.text().strip():
            button = Button("Clear the filter", self.clear_filter)
            return EmptyState(theme, "filter", f"No {plural_name} answer this filter", "", button)
        text = "Import a spreadsheet, scan this computer, or add the first one by hand."
        button = Button("Import a spreadsheet", lambda: self.context.shell.go("import"))
        return EmptyState(theme, "assets", f"No {plural_name} yet", text, button)

    def _ordered(self) -> None:
        wanted, self._keep = self._keep, set()
        if self._go_to:
            uid, self._go_to = self._go_to, ""
            self.context.query(
                lambda r: r.inner([uid]), lambda ids: self._select(set(ids.values()), move=True), owner=self
            )
        elif wanted:
            self._select(wanted)

    def _select(self, ids: set[int], *, move: bool = False) -> None:
        rows = self.model.rows_of(ids)
        if not rows:
            self.current.emit(None) if move else None
            return
        chosen = QItemSelection()
        for number in rows:
            chosen.select(self.model.index(number, 0), self.model.index(number, self.model.columnCount() - 1))
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        index = self.model.index(rows[0], 0)
        self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if move:
            self.table.scrollTo(index, Table.ScrollHint.PositionAtCenter)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError) and self.search.text().strip():
            self._error.say(str(error), "warning")
            self._states.content()
        else:
            self._states.failed(error, self.refresh)

    # -- what the person does ---------------------------------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Inner ids of the selected CIs."""
        return self.model.ids(self._selected_rows())

    def _selected_rows(self) -> list[int]:
        rows: list[int] = []
        for part in self.table.selectionModel().selection().toList():
            rows.extend(range(part.top(), part.bottom() + 1))
        return rows

    def _moved(self) -> None:
        index = self.table.currentIndex()
        self.current.emit(self.model.ci(index.row()) if index.isValid() else None)

    def _selection(self) -> None:
        rows = self._selected_rows()
        self._bar.show_selection(len(rows), [c for c in map(self.model.ci, rows[:5000]) if c is not None])
        self.selected.emit(len(rows))

    def _filtered(self, _text: str) -> None:
        self._keep_row = 0
        self.refresh()

    def _typed(self, letter: str) -> None:
        self.search.setFocus()
        self.search.setText(self.search.text() + letter)
        self.search.textEdited.emit(self.search.text())

    def clear_filter(self) -> None:
        """Shows all of the class again."""
        self.search.setText("")
        self.refresh()

    def add_condition(self, condition: str) -> None:
        """Adds a condition to the filter."""
        typed = self.search.text().strip()
        if typed and _is_query(typed):
            condition = f"({typed}) and {condition}" if " or " in typed else f"{typed} and {condition}"
        self.search.setText(condition)
        self.refresh()

    def _sort_by(self, section: int) -> None:
        name = self.model.columns[section].name
        self.sort = f"-{name}" if self.sort == name else name
        self.context.workspace.settings.set(f"assets.sort.{self.cls}", self.sort)
        self.refresh()

    # -- columns and filters ----------------------------------------------------------------------------------------

    def _columns_menu(self, position: Any) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_columns(menu)
        menu.popup(self.table.horizontalHeader().mapToGlobal(position))

    def _fill_columns(self, menu: QMenu) -> None:
        shown = self.column_names()
        known = self.context.schema.all_attributes(self.cls)
        for name, label in [("class", "Class"), *((a.name, a.label) for a in known.values())]:
            action = QAction(label, menu, checkable=True, checked=name in shown)
            action.toggled.connect(lambda on, name=name: self._toggle(name, on))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("As the class has them", lambda: self._set_columns([]))
        compact = QAction(
            "Compact rows",
            menu,
            checkable=True,
            checked=self._is_compact(),
        )
        compact.toggled.connect(self._compact)
        menu.addAction(compact)

    def _toggle(self, name: str, on: bool) -> None:
        names = self.column_names()
        self._set_columns([*names, name] if on else [n for n in names if n != name] or ["name"])

    def _set_columns(self, names: list[str]) -> None:
        self.context.workspace.settings.set(f"assets.columns.{self.cls}", names or None)
        self.refresh()

    def _compact(self, on: bool) -> None:
        self.context.workspace.settings.set("compact", on)
        self.table.set_compact(on)

    def _save_columns(self) -> None:
        header = self.table.horizontalHeader()
        order = [header.logicalIndex(v) for v in range(header.count())]
        if order != sorted(order):
            names = [self.model.columns[i].name for i in order]
            header.blockSignals(True)
            for place in range(header.count()):
                header.moveSection(header.visualIndex(place), place)
            header.blockSignals(False)
            self._set_columns(names)

    def _remember_widths(self) -> None:
        widths = {a.name: self.table.columnWidth(i) for i, a in enumerate(self.model.columns)}
        known: dict[str, int] = self.context.workspace.settings.get(f"assets.widths.{self.cls}", {})
        self.context.workspace.settings.set(f"assets.widths.{self.cls}", {**known, **widths})

    def _fill_filter(self, menu: QMenu) -> None:
        form = FilterForm(self.context, self.cls)

        def added(condition: str) -> None:
            menu.close()
            self.add_condition(condition)

        form.added.connect(added)
        action = QWidgetAction(menu)
        action.setDefaultWidget(form)
        menu.addAction(action)


class SelectionBar(QFrame):
    """How many are selected, what they cost, and what can be done with them."""

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self._listing = listing
        self.setProperty("role", "bar")
        self._text = Text("").set_bold()
        self._sum = Elided("", "muted", least=0)
        verbs = (
            ("Edit…", "edit"),
            ("Hand over…", "hand_over"),
            ("Take back…", "take_back"),
            ("Move…", "move"),
            ("Retire…", "retire"),
        )
        self._buttons = [Button(title, partial(listing.wanted.emit, name)) for title, name in verbs]
        self.setLayout(row(self._text, self._sum, STRETCH, *self._buttons, margins=(16, 8, 12, 8)))
        self.hide()

    def show_selection(self, number: int, cis: list[CI]) -> None:
        """Shown for two or more."""
        self.setVisible(number > 1)
        self._text.setText(f"{plural(number, 'item')} selected")
        costs: dict[str, float] = {}
        for one in cis:
            if "purchase_cost" in one.values:
                currency = str(one.values.get("currency", ""))
                costs[currency] = costs.get(currency, 0.0) + float(one.values["purchase_cost"])
        parts = [f"{currency} {count(round(total))}".strip() for currency, total in sorted(costs.items())]
        self._sum.setText("Σ " + " · ".join(parts) if parts and len(cis) == number else "")
        for button in self._buttons:
            button.setEnabled(self._listing.context.editable)


def _is_query(text: str) -> bool:
    """Whether what was typed is meant as a query: it has an operator."""
    return any(sign in text for sign in "=<>~") or " is empty" in text or " is not empty" in text
