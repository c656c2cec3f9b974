"""The third step: the sheet as a grid with its problems. Cells are corrected in place and checked again at once."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.imports.draft import SheetDraft
from app.imports.near_values import NearValues
from app.imports.new_records import NewName
from app.imports.problem_places import WHOLE_ROW, AlikeProblems, Place, ProblemPlaces
from app.imports.problems import ProblemGroup
from app.imports.unsaid import unsaid
from cmdb.model.messages import tr, trn
from cmdb.model.observation import Origin, Problem
from importers.spreadsheets.sheets.workbook import cell_text
from ui.context import Context
from ui.pages.import_.check_side import CheckSide
from ui.pages.import_.find_bar import FindBar
from ui.pages.import_.flow import ImportFlow
from ui.pages.import_.mend_bar import MendBar
from ui.pages.import_.sheet_grid import SheetGrid
from ui.pages.import_.sheet_grid_model import SheetGridModel, cell_name
from ui.plain_texts import plain_tip
from ui.widgets.buttons import IconButton
from ui.widgets.card import Card
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.labels import ElidedText, as_heading
from ui.widgets.layout import row
from ui.widgets.notice import InlineMessage

#: After a cell was looked at, the cells like the next ones are counted when one stays so long (milliseconds).
_PAUSE = 120


class CheckView(QWidget):
    """Problems by kind and value on the left; the sheet's cells on the right, with the correction below them."""

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        self._onward = True
        """Whether the next problem is gone to where the one of before is gone: at first, and after the bar was used.
        Whoever corrects cells in the grid stays where they are.
        """
        self._aside: Problem | None = None
        """The chosen problem, where it is in no sheet: of an inventory, of a file as a whole."""
        self._seen: ProblemPlaces | None = None
        flow.files_changed.connect(self._begin)
        flow.sheet_changed.connect(self._begin)
        self.side = CheckSide(context, flow)
        self.groups = self.side.list.groups
        self.side.problems_chosen.connect(self._show_alike)
        self.side.value_chosen.connect(self._show_value)
        self.side.name_chosen.connect(self._show_name)
        self._right = self._sheet_card()
        line = row(self.side, spacing=12)
        line.addWidget(self._right)
        line.setStretch(0, 1)
        line.setStretch(1, 2)
        self.setLayout(line)

    def _sheet_card(self) -> Card:
        theme = self._context.theme
        self._title = ElidedText("")
        as_heading(self._title, 2)
        self.sheets = ChoiceBox(18)
        self.sheets.setAccessibleName(tr("Sheet"))
        self.sheets.activated.connect(lambda _: self._show_sheet(self.sheets.currentData()))
        self._state = ElidedText("", "muted")
        self.only = self.side.only
        self.only.toggled.connect(self._filter)
        self._undo = IconButton(theme, "undo", tr("Undo"), self._flow.undo_mend)
        self._redo = IconButton(theme, "redo", tr("Redo"), self._flow.redo_mend)
        self._model = SheetGridModel(theme, self._context.schema)
        self._model.edited.connect(self._edited)
        self.table = SheetGrid(theme, self._model)
        self.table.looked_at.connect(self._look)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._count_selected())
        self.table.cleared.connect(self._clear)
        self.table.pasted.connect(self._paste)
        self.finder = FindBar(self._context)
        self.finder.found.connect(self._show_found)
        self.finder.left.connect(self.table.setFocus)
        self._looks = QTimer(self, singleShot=True, interval=_PAUSE)
        self._looks.timeout.connect(self._moved_on)
        self._passed = False
        self.bar = MendBar(theme)
        self.field, self.all, self.one = self.bar.field, self.bar.all, self.bar.one
        self.bar.mended.connect(self._mend_and_go_on)
        self.side.correct.connect(self.field.setFocus)
        card = Card()
        head = row(self._title, self.sheets, self._state, self._undo, self._redo, spacing=10)
        head.setStretch(2, 1)
        self._unsaid = InlineMessage(theme)
        card.add(head)
        card.add(self._unsaid)
        card.body.addSpacing(4)
        card.add(self.finder)
        card.add(self.table, 1)
        card.add(self.bar)
        card.body.addStretch(0)  # without a sheet the problem stands at the top
        return card

    # -- showing ----------------------------------------------------------------------------------------------------

    def refresh(self, comparing: bool) -> None:
        """Shows the flow's sheets and problems; ``comparing``: more may be found. The place shown stays."""
        flow = self._flow
        self._state.setText(tr("Comparing with the register…") if comparing else "")
        self._fill_sheets()
        sheet = self._model.sheet if self._model.sheet in flow.taken else None
        self._show_rows(sheet or (flow.taken[0] if flow.taken else None))
        if self._onward or flow.places is None:
            self._aside = None
        self.side.refresh(comparing, choose=self._onward)
        if not comparing or (flow.places is not self._seen and self.side.list.shown):
            self._onward = False
        alone = not (flow.taken or self.side.list.shown)
        self._right.setHidden(alone)
        self.side.let_grow(alone)
        self._seen = flow.places
        self._say_unsaid()
        self.refresh_steps()
        self._show_cell()
        self.finder.search_again()

    def _say_unsaid(self) -> None:
        """What no column of the sheet that is shown says."""
        sheet = self._model.sheet
        missing = unsaid(self._context.schema, sheet) if sheet is not None else []
        texts = [str(one.text) for one in missing]
        self._unsaid.say(" ".join((*texts, tr("Set it for all rows in Map."))) if texts else "", "warning")

    def _begin(self) -> None:
        self._onward = True

    def refresh_steps(self) -> None:
        """Shows what can be undone and redone."""
        flow = self._flow
        mended = flow.mended
        undo = trn("{count} cell corrected: undo", "{count} cells corrected: undo", mended)
        self.side.show_mended(undo if mended else "")
        for button, label, verb in (
            (self._undo, flow.mends.undo_label, tr("Undo")),
            (self._redo, flow.mends.redo_label, tr("Redo")),
        ):
            button.setEnabled(label is not None)
            button.setToolTip(plain_tip(tr("{action}: {what}", action=verb, what=label) if label is not None else verb))

    def set_stale(self) -> None:
        """Cells were changed, and are being checked again."""
        self._model.set_stale(True)
        self._state.setText(tr("Checking…"))
        self.table.viewport().update()
        self._show_cell()

    def _fill_sheets(self) -> None:
        taken = self._flow.taken
        self.sheets.clear()
        for sheet in taken:
            self.sheets.addItem(sheet.name, sheet)
        self.sheets.setVisible(len(taken) > 1)
        self._title.setVisible(len(taken) == 1)
        self._title.setText(taken[0].name if len(taken) == 1 else "")
        for widget in (self.table, self._undo, self._redo):
            widget.setVisible(bool(taken))

    def _show_sheet(self, sheet: SheetDraft | None) -> None:
        """Shows another sheet, at its first cell."""
        if sheet is not None and sheet is not self._model.sheet:
            self._show_rows(sheet)
            self._say_unsaid()
            self.table.go_to(self._model.row_of(0), 0)

    def _show_rows(self, sheet: SheetDraft | None) -> None:
        """Shows a sheet, or only its rows with problems. The current cell stays where it is still shown."""
        other = sheet is not self._model.sheet
        row, index = (0, -1) if other else self.table.cell
        places = self._flow.places
        only = places.rows(sheet) if self.only.isChecked() and places is not None and sheet is not None else None
        renewed = self._model.show_sheet(sheet, places, only)
        if other:
            self.table.fit()
        shown = self._flow.taken
        self.sheets.setCurrentIndex(next((i for i, one in enumerate(shown) if one is sheet), -1))
        if renewed and row:
            self.table.go_near(row, index)
        self.table.viewport().update()
        self.table.verticalHeader().viewport().update()

    def _filter(self) -> None:
        self._show_rows(self._model.sheet)

    @property
    def _groups(self) -> list[ProblemGroup]:
        return self.side.list.shown

    @property
    def group(self) -> ProblemGroup | None:
        """The kind that is shown."""
        return self.side.list.group

    def _show_alike(self, alike: AlikeProblems) -> None:
        """Goes to the first cell of problems that are alike."""
        places = self._flow.places
        place = places.place(alike.problems[0]) if places is not None else None
        if place is not None:
            self.go_to(place)
        else:
            self._aside = alike.problems[0]
            self._show_cell()

    def _show_value(self, group: NearValues, text: str) -> None:
        """Goes to the first cell that holds a value."""
        sheet, index = group.sheet, group.index

        def found(rows: list[int]) -> None:
            if rows and sheet in self._flow.taken:
                self.go_to(Place(sheet, rows[0], index))

        self._context.tasks.run(lambda: sheet.alike(index, text), found, key=(id(self), "value"), owner=self)

    def go_to_row(self, origin: Origin) -> None:
        """Shows a row, at its first cell."""
        sheet = self._flow.sheet_at(origin)
        if sheet is not None:
            self.go_to(Place(sheet, origin.row, 0))

    def _show_name(self, name: NewName) -> None:
        """Goes to the first row that names a new record, at the cell that does."""
        origin = name.origin
        sheet = self._flow.sheet_at(origin) if origin is not None else None
        if origin is None or sheet is None:
            return
        cells = sheet.sheet.rows[origin.row - 1]
        wanted = name.name.casefold()
        found = (index for index, cell in enumerate(cells) if wanted in cell_text(cell).casefold())
        self.go_to(Place(sheet, origin.row, next(found, 0)))

    def go_to(self, place: Place) -> None:
        """Shows a cell."""
        self._aside = None
        self._show_sheet(place.sheet)
        if not self.table.go_to(place.row, place.index) and self.only.isChecked():
            self.only.setChecked(False)
            self.table.go_to(place.row, place.index)
        self._show_cell()

    def step(self, forward: bool) -> None:
        """Goes to the next problem of the kind that is shown, or the one before; then on to those of the next kind."""
        places, group, sheet = self._flow.places, self.group, self._model.sheet
        if places is None or group is None:
            return
        row, index = self.table.cell
        found = places.step(group, Place(sheet, row, index) if sheet is not None and row else None, forward)
        if found is not None:
            self.side.list.show_kind(found[0])
            self.go_to(found[1])

    # -- correcting -------------------------------------------------------------------------------------------------

    def _problems(self) -> list[Problem]:
        """The current cell's problems, or those of its row as a whole: what is offered is written into this cell, so
        no other cell's problem is shown for it.
        """
        sheet, (row, index) = self._model.sheet, self.table.cell
        places = self._flow.places
        if sheet is None or places is None or not row:
            return []
        here = places.of_row(sheet, row)
        return here.get(index) or here.get(WHOLE_ROW, [])

    def _words(self) -> list[str]:
        index = self.table.currentIndex()
        return self._model.words(index.row(), index.column()) if index.isValid() else []

    def _look(self) -> None:
        self._aside = None
        self._show_cell()

    def _show_cell(self) -> None:
        """Shows the current cell in the bar, or the chosen problem that is in no cell."""
        sheet, (row, index) = self._model.sheet, self.table.cell
        self.finder.stand_at(sheet, row, index)
        if self._aside is not None:
            self.bar.show_cell(self._aside.file, self._aside.value, [self._aside], [], 0, False)
            return
        if sheet is None or not row:
            self.bar.show_cell("", "", [], [], 0, False)
            return
        text = sheet.cell(row, index)
        self.bar.show_cell(
            cell_name(sheet, row, index), text, self._problems(), self._words(), self.table.count_chosen(), True
        )
        self._passed = self._looks.isActive()
        if not self._passed:
            self._count_alike()
        self._looks.start()

    def _moved_on(self) -> None:
        """Counts for the cell where the person stopped, and for none that they passed with the arrow keys."""
        if self._passed:
            self._count_alike()

    def _count_alike(self) -> None:
        """Looks up how many cells are like the current one."""
        sheet, (row, index) = self._model.sheet, self.table.cell
        text = sheet.cell(row, index) if sheet is not None and row else ""
        if sheet is not None and text.strip():
            self._context.tasks.run(
                lambda: sheet.alike(index, text),
                lambda rows: self.bar.show_alike(len(rows)),
                key=(id(self), "alike"),
                owner=self,
            )

    def _count_selected(self) -> None:
        self.one.setText(trn("This cell", "These {count} cells", self.table.count_chosen()))

    def _edited(self, row: int, index: int, text: str) -> None:
        if self._model.sheet is not None:
            self._flow.mend(self._model.sheet, [row], index, text)

    def _clear(self) -> None:
        """Empties the selected cells, in whatever columns."""
        if self._model.sheet is not None:
            self._flow.fill(self._model.sheet, self.table.chosen_parts(), "")

    def _paste(self, text: str) -> None:
        """Puts one text into the selected cells, or a copied table into the cells from the current one on."""
        sheet, block = self._model.sheet, self.table.block(text)
        if sheet is None or not block:
            return
        if len(block) == 1:
            self._flow.fill(sheet, self.table.chosen_parts(), block[0][2])
            return
        changed = [(row, index, cell) for row, index, cell in block if sheet.cell(row, index) != cell]
        if changed:
            self._flow.paste(sheet, changed)

    def _show_found(self, row: int, index: int) -> None:
        if self._model.sheet is not None:
            self.go_to(Place(self._model.sheet, row, index))

    def _mend_and_go_on(self, text: str, alike: bool) -> None:
        self._onward = True
        self.put(text, alike)

    def mend(self, alike: bool) -> None:
        """Puts the field's text into the selected cells, or (``alike``) into every cell with the first one's value."""
        self.put(self.field.text(), alike)

    def put(self, text: str, alike: bool) -> None:
        """Puts a text into the selected cells, or (``alike``) into every cell with the current one's value."""
        sheet, (row, index) = self._model.sheet, self.table.cell
        if sheet is None or not row:
            return
        rows = self.table.chosen_rows()
        before = sheet.cell(row, index)
        if alike and before.strip() and len(rows) == 1:
            if text != before:
                self._flow.replace(sheet, index, {before: text})
        elif text != before or len(rows) > 1:
            self._flow.mend(sheet, rows, index, text)
        self.table.setFocus()
