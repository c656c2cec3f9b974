"""The sections of a record: a table of the rows of one, with why each is there and what changed in it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QComboBox, QMenu

from app.assets.sections import ItemSections, RowStep, sections_of_item, steps_of
from app.record_sections import columns_with_values, headings, section_label, seen_at, sort_place, source_words
from cmdb.model.claims import source_text
from cmdb.model.declarations import RecordSection, SectionColumn
from cmdb.model.formats import listing, moment
from cmdb.model.messages import tr, trn
from cmdb.model.records import CI
from cmdb.model.relative_times import ago
from cmdb.model.section_rows import SectionRow
from cmdb.model.section_words import shown_value
from ui.context import Context
from ui.plain_texts import plain_label
from ui.records.detail.past_tab import LaterTab
from ui.records.detail.section_row import SectionRowFacts
from ui.widgets.labels import Text
from ui.widgets.layout import box, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.search import SearchField
from ui.widgets.splitter import Splitter
from ui.widgets.table import COMPACT, RowsModel, TableView, ViewColumn

LONG = 10
"""A section of more rows can be filtered."""
_HEADER = 32 + 16
"""The height of a table's header and of its scroll bar, in pixels."""
_TABLE_SHARE, _WITHOUT_FACTS = 0.6, 0.85
"""The most of the height that a table takes: beside a row's facts, and where rows have no history."""
_NARROWEST, _WIDEST = 60, 260
"""The width of a column, in pixels."""


class SectionsTab(LaterTab):
    """The rows of one section of a record in a table, and one of them in detail; read when the tab is shown."""

    def __init__(self, context: Context, page: str = "assets") -> None:
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("Section"))
        self.chooser.setMaxVisibleItems(24)
        self.search = SearchField(context.theme, tr("Filter rows"), lambda _: self._filter())
        self.note = Text("", "muted", wrap=True)
        self.table = TableView(context.theme, tr("Rows of the section"), compact=True)
        self.table.setFrameShape(TableView.Shape.NoFrame)
        header = self.table.horizontalHeader()
        header.setResizeContentsPrecision(100)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.facts = SectionRowFacts(context)
        self._split = split = Splitter(tr("Rows and the chosen one"), Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.facts)
        split.splitterMoved.connect(self._note_moved)
        head = row(self.chooser, self.search)
        head.setStretch(0, 1)
        head.setStretch(1, 1)
        content = box(column(column(head, self.note, spacing=4, margins=(16, 8, 12, 0)), split, spacing=4))
        content.setFocusProxy(self.table)
        self._model: RowsModel[SectionRow] | None = None
        self._moved = False
        super().__init__(context, page, "sections", content)
        self._steps_key = (page, "steps")
        self.found = ItemSections("", {})
        self.steps: list[RowStep] | None = None
        self._shown: RecordSection | None = None
        self._wanted_row: tuple[str, str] | None = None
        header.sortIndicatorChanged.connect(self._sort)
        self.chooser.currentIndexChanged.connect(lambda _: self._show_chosen())
        self.table.customContextMenuRequested.connect(self._menu)
        self.table.typed.connect(self._typed)

    def _note_moved(self, *_: int) -> None:
        self._moved = True

    # -- reading ----------------------------------------------------------------------------------------------------

    def _from_top(self) -> None:
        self.found = ItemSections("", {})
        self.search.clear()
        self._wanted_row = None

    def _ask(self, ci: CI) -> None:
        self._question(lambda reader: sections_of_item(reader, ci.uid), self._show)

    def choose_row(self, section: str, key: str) -> None:
        """Shows a row of a section, as soon as it is read: its key, or "" for the section alone."""
        self._wanted_row = (section, key)
        if self._read and self.found.rows and self._ci is not None and self.found.uid == self._ci.uid:
            self._show(self.found)

    @property
    def section(self) -> str:
        """The section that is shown, or ""."""
        return str(self.chooser.currentData() or "")

    def _show(self, found: ItemSections) -> None:
        """Shows what was read; the same section and row as before, if they are there."""
        wanted, self._wanted_row = self._wanted_row, None
        section, key = wanted or (self.section, self._chosen_key() if found.uid == self.found.uid else "")
        self.found = found
        if not found.rows:
            self._model, self._shown = None, None
            self._states.empty(self._nothing())
            return
        schema = self._context.schema
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for name, rows in found.rows.items():
            self.chooser.addItem(tr("{title} {count}", title=section_label(schema, name), count=len(rows)), name)
        self.chooser.setCurrentIndex(max(self.chooser.findData(section), 0))
        self.chooser.blockSignals(False)
        if wanted is not None:
            self.search.clear()
        self._show_chosen(key)
        self._states.content()

    def _nothing(self) -> EmptyState:
        theme = self._context.theme
        if not self._context.editable:
            return EmptyState(
                theme, "scan", tr("Nothing was known in detail"), tr("No scan had looked inside it then.")
            )
        said = tr(
            "Scan it, or import an inventory of it: then its memory, disks, interfaces, accounts and services are here."
        )
        return EmptyState(theme, "scan", tr("No scan has looked inside it"), said)

    # -- one section ------------------------------------------------------------------------------------------------

    def _show_chosen(self, key: str = "") -> None:
        name = self.section
        schema, rows = self._context.schema, self.found.rows.get(name, [])
        section = schema.sections.get(name) or RecordSection(name, name, ())
        if self._shown is None or self._shown.name != section.name:
            self.search.clear()
        self._shown, self.steps = section, None
        self.search.setVisible(len(rows) > LONG)
        self.note.setText(self._seen(section, rows))
        self._show_table(section, rows)
        self._filter(key)
        uid = self.found.uid

        def done(found: list[RowStep]) -> None:
            if (self.found.uid, self.section) == (uid, name):
                self.steps = found
                self._show_facts()

        self._context.query(lambda reader: steps_of(reader, uid, name), done, key=self._steps_key, owner=self)

    def _seen(self, section: RecordSection, rows: list[SectionRow]) -> str:
        """When the section was seen, by whom, and how to read its stars."""
        sources = sorted({str(source_text(one.source)) for main in rows for one in (main, *main.also)})
        seen = seen_at(rows)
        parts = [tr("Seen {time} by {sources}.", time=ago(seen), sources=listing(sources))] if seen else []
        last = max((one.now_observed for one in rows), default="")
        if last and not section.volatile:
            parts.append(tr("* only the last value is kept, seen {time}", time=moment(last)))
        return " ".join(parts)

    def _show_table(self, section: RecordSection, rows: list[SectionRow]) -> None:
        columns = sorted(
            columns_with_values(section, rows), key=lambda one: one.name not in section.identifies and not one.searched
        )  # a serial number is what a person looks for
        titles = headings(section, columns)
        shown = [_view_column(title, one) for title, one in zip(titles, columns, strict=True)]
        every = [one for main in rows for one in (main, *main.also)]
        if len({one.source for one in every}) > 1 or any(one.held for one in every):
            shown.append(ViewColumn(tr("Source"), _sources, hint=_sources))
        header, old = self.table.horizontalHeader(), self._model
        kept = (header.sortIndicatorSection(), header.sortIndicatorOrder())
        alike = old is not None and [
            old.headerData(i, Qt.Orientation.Horizontal) for i in range(old.columnCount())
        ] == [one.title for one in shown]
        self._model = RowsModel(self._context.theme, shown)
        self._model.show_rows(rows)
        self.table.setModel(self._model)
        header.setSortIndicator(*(kept if alike else (-1, Qt.SortOrder.AscendingOrder)))
        self._sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_facts())
        self.table.resizeColumnsToContents()
        for place in range(len(shown)):
            self.table.setColumnWidth(place, min(max(self.table.columnWidth(place) + 8, _NARROWEST), _WIDEST))
        if old is not None:
            old.deleteLater()
        self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The table and the facts share the height anew."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """A short table leaves its room to the facts, until a person moves the line between them."""
        if self._moved or self._model is None:
            return
        whole = max(self._split.height(), 1)
        needed = _HEADER + COMPACT * len(self.found.rows.get(self.section, ()))
        share = _TABLE_SHARE if self._shown is None or not self._shown.volatile else _WITHOUT_FACTS
        table = min(needed, round(whole * share))
        self._split.setSizes([table, whole - table])

    def _sort(self, place: int, order: Qt.SortOrder) -> None:
        """Sorts the rows; without a column they stand as they were read."""
        if self._model is not None and place >= 0:
            self._model.sort(place, order)
        elif self._model is not None:
            self._model.sort(-1)
            self._filter()

    def _filter(self, key: str = "") -> None:
        """Shows the rows that have all words of the filter; ``key`` is of the row to choose."""
        section, model = self._shown, self._model
        if section is None or model is None:
            return
        key = key or self._chosen_key()
        words = self.search.text().casefold().split()
        rows = self.found.rows.get(section.name, [])
        model.show_rows([one for one in rows if not words or _has(section, one, words)])
        for place, one in enumerate(model.rows):
            if key and one.key == key:
                self.table.selectRow(place)
                break
        self._show_facts()

    def _typed(self, letter: str) -> None:
        if not self.search.isHidden():
            self.search.setFocus()
            self.search.insert(letter)
            self._filter()

    # -- one row ----------------------------------------------------------------------------------------------------

    def chosen(self) -> SectionRow | None:
        """The row that is chosen, if there is one."""
        if self._model is None:
            return None
        rows = self.table.selectionModel().selectedRows()
        return self._model.row_at(rows[0].row()) if rows else None

    def _chosen_key(self) -> str:
        chosen = self.chosen()
        return chosen.key if chosen is not None else ""

    def _show_facts(self) -> None:
        section, chosen = self._shown, self.chosen()
        if section is None:
            return
        if chosen is None:
            self.facts.show_section(section, self.steps)
        else:
            self.facts.show_row(section, chosen, self.steps or [])

    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu, place)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def fill_menu(self, menu: QMenu, place: QPoint) -> None:
        """What can be copied at a place of the table."""
        text = str(self.table.indexAt(place).data() or "")
        if text:
            menu.addAction(tr("Copy the value"), partial(QApplication.clipboard().setText, text))
        number = len(self.table.selectionModel().selectedRows())
        if number:
            menu.addAction(plain_label(trn("Copy {count} row", "Copy {count} rows", number)), self.table.copy)
        menu.addAction(tr("Copy the whole section"), self.copy_all)

    def copy_all(self) -> None:
        """Puts all rows that are shown on the clipboard, with the titles of the columns."""
        self.table.selectAll()
        self.table.copy()
        self.table.clearSelection()


def _view_column(title: str, declared: SectionColumn) -> ViewColumn[SectionRow]:
    def text(one: SectionRow) -> str:
        return shown_value(declared, one.values().get(declared.name))

    def hint(one: SectionRow) -> str:
        if declared.name in one.now and one.now_observed:
            return tr("{value}, seen {time}", value=text(one), time=moment(one.now_observed))
        return text(one)

    return ViewColumn(
        title,
        text,
        sort=lambda one: sort_place(declared, one.values().get(declared.name)),
        right=declared.type in ("integer", "number"),
        hint=hint,
    )


def _sources(one: SectionRow) -> str:
    return listing(source_words(each) for each in (one, *one.also))


def _has(section: RecordSection, found: SectionRow, words: list[str]) -> bool:
    """Whether all words occur in a row, whichever source says them."""
    all_values = [one.values() for one in (found, *found.also)]
    texts = (shown_value(c, values[n]) for n, c in section.columns.items() for values in all_values if n in values)
    text = " ".join(texts).casefold()
    return all(word in text for word in words)
