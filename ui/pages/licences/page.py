"""The Licences page: positions with their evidence, exceptions, and the renewals of the year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from app.licences.position_order import VERDICTS, key_of
from app.positions import DEPENDENCE, positions_of
from app.preferences import is_compact
from cmdb.model.messages import Message, tr
from ui.actions import Action, Handler, bind
from ui.context import Context
from ui.page import Page
from ui.pages.licences.actions import ACTIONS
from ui.pages.licences.calendar import Renewals
from ui.pages.licences.computation import PositionComputation
from ui.pages.licences.day_field import DayField
from ui.pages.licences.detail import PositionDetail
from ui.pages.licences.exceptions import Exceptions
from ui.pages.licences.export import ComplianceWorkbook
from ui.pages.licences.listing import PositionListing
from ui.pages.licences.names import Names
from ui.records.folded_details import FoldedDetails
from ui.records.list_export import ask_and_export_table
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.shown_stack import ShownStack
from ui.widgets.splitter import Splitter
from ui.widgets.tabs import Segments

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position, Positions
    from cmdb.model.applied_revision import AppliedRevision

#: Below this width of the page the details cover the table; else they are beside it.
FOLD = 1200
VIEWS = (
    ("positions", Message("Positions")), ("exceptions", Message("Exceptions")), ("renewals", Message("Renewals")),
    ("names", Message("Names")),
)  # fmt: skip


class LicencesPage(Page):
    """The entitled, needed, covered, short and spare units on a day, from the records of the moment shown."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.found: Positions | None = None
        self._shown: tuple[date, int | None, str] | None = None
        self.listing, self.detail = PositionListing(context), PositionDetail(context)
        self.counting = PositionComputation(context, self)
        self.views = Segments(tuple((name, str(title)) for name, title in VIEWS))
        self.day = DayField(context.theme, lambda: context.moment.day)
        self.workbook = ComplianceWorkbook(context, lambda: self.day.day, self)
        self._known = Text("", "warning")
        self._busy = Text("", "muted")
        self._export = PrimaryButton(
            tr("Export compliance workbook"), self.workbook.ask, icon="export", theme=self.theme
        )
        self._splitter = self._make_splitter()
        self._folding = FoldedDetails(FOLD, self.listing, self.detail, self.detail.close_button, self)
        self._counted = ShownStack()
        self._counted.addWidget(self._splitter)
        self._counted.setFocusProxy(self.listing)
        self._states = PageStates(self.theme, self._counted, rows=14)
        self.setFocusProxy(self._states)
        self._stack = ShownStack()
        self._stack.addWidget(self._states)
        header = flow(
            Heading(tr("Licences")), self.views, self._busy, STRETCH, self._known, self.day, self._export, spacing=8
        )
        layout = column(header, spacing=12, margins=(20, 14, 16, 16))
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)
        self._connect()

    def _make_splitter(self) -> Splitter:
        splitter = Splitter(tr("Products and the chosen one"))
        splitter.addWidget(self.listing)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 1)
        sizes = self.context.workspace.settings.get("licences.splitter", [850, 362])
        splitter.setSizes([int(size) for size in sizes])
        return splitter

    def _connect(self) -> None:
        self.counting.counted.connect(self._show)
        self.counting.failed.connect(self._failed)
        self.counting.busy.connect(lambda busy: self._busy.setText(tr("Counting…") if busy and self.found else ""))
        self.views.chosen.connect(self.show_view)
        self.day.changed.connect(self._count)
        self.listing.current.connect(self._current)
        self.listing.opened.connect(self._open_detail)
        self.detail.closed.connect(self._folding.close)
        self.detail.noted.connect(self._show_exceptions)
        self._splitter.splitterMoved.connect(lambda *_: self._remember())

    # -- the views besides the positions: each is built when it is first shown, so that the page opens at once ---------

    @cached_property
    def exceptions(self) -> Exceptions:
        """What is not counted as usual, or not at all."""
        made = Exceptions(self.context)
        if self.found is not None:
            made.show_positions(self.found)
        self._counted.addWidget(made)
        return made

    @cached_property
    def renewals(self) -> Renewals:
        """The renewals of the year."""
        made = Renewals(self.context)
        self._stack.addWidget(made)
        return made

    @cached_property
    def names(self) -> Names:
        """The names of installed software."""
        made = Names(self.context)
        self._stack.addWidget(made)
        return made

    def _is_built(self, view: str) -> bool:
        return view in vars(self)

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(
        self, position: Sequence[str] | None = None, verdict: str = "", view: str = "", at: str = "", **_: Any
    ) -> None:
        """Counts the position; ``position`` puts the cursor on one, ``verdict`` narrows to it, ``at`` is the day."""
        if at or position or verdict or view:
            self.day.show_day(date.fromisoformat(at) if at else self.day.chosen)
            self.show_view(view if view in dict(VIEWS) else "positions")
        if verdict in VERDICTS:
            self.listing.narrow(verdict)
        if position is not None and len(position) == 4:
            product, edition, version, metric = (str(part) for part in position)
            self.listing.select((product, edition, version, metric))
        self.listing.set_compact(is_compact(self.context.workspace.settings))
        self.day.show_day(self.day.chosen)
        label = self.context.moment.label.partition(" (")[0]
        self._known.setText(tr("As known on {moment}", moment=label) if self.context.moment.at is not None else "")
        if self.found is None or self._shown != (self.day.day, *self.context.shown):
            self._count()
        if self.views.current in ("renewals", "names"):
            self.show_view(self.views.current)

    def changed(self, applied: AppliedRevision) -> None:
        """Counts again where a revision touches what positions depend on; several at once are counted once."""
        if DEPENDENCE.is_concerned(applied):
            self.counting.ask(self.day.day, soon=True)
        if self.views.current == "renewals" and (applied.kinds - {"sighting", "installation"}):
            self.renewals.refresh()
        if self._is_built("names") and self.names.is_concerned(applied):
            self.names.forget()
            if self.views.current == "names":
                self.names.refresh()

    def reload(self) -> None:
        """Another moment, or many revisions: everything is counted again."""
        self._shown = None
        self.opened()

    def state(self) -> dict[str, Any]:
        """The view, the position shown and the day."""
        found: dict[str, Any] = {"view": self.views.current}
        if self.detail.position is not None and self.views.current == "positions":
            found["position"] = list(key_of(self.detail.position))
        if self.day.chosen is not None:
            found["at"] = self.day.chosen.isoformat()
        return found

    def focus_search(self) -> None:
        """The filter of the view shown."""
        if self.views.current == "renewals":
            self.show_view("positions")
        match self.views.current:
            case "exceptions":
                field = self.exceptions.search
            case "names":
                field = self.names.search
            case _:
                field = self.listing.search
        field.setFocus()
        field.selectAll()

    def page_actions(self) -> Sequence[Action]:
        """The actions of this page."""
        handlers = {
            "licences.export": Handler(self.workbook.ask, lambda: self._export.isEnabled()),
            "licences.list": Handler(self._export_list),
            "licences.positions": Handler(lambda: self.show_view("positions")),
            "licences.exceptions": Handler(lambda: self.show_view("exceptions")),
            "licences.renewals": Handler(lambda: self.show_view("renewals")),
            "licences.names": Handler(lambda: self.show_view("names")),
            "licences.recognise": Handler(self._recognise),
            "licences.today": Handler(lambda: self.day.pick("")),
        }
        return bind(ACTIONS, handlers, lambda: self.context.editable)

    def _export_list(self) -> None:
        """Exports the table of the view shown."""
        table = self.listing.table
        match self.views.current:
            case "exceptions":
                table = self.exceptions.table
            case "renewals":
                table = self.renewals.table
            case "names":
                table = self.names.table
        ask_and_export_table(self.context, self, table.accessibleName(), table)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_view(self, name: str) -> None:
        """Shows the positions, the exceptions, the renewals or the names."""
        self.views.choose(name)
        if name == "renewals":
            self._stack.setCurrentWidget(self.renewals)
            self.renewals.refresh()
            return
        if name == "names":
            self._stack.setCurrentWidget(self.names)
            self.names.refresh()
            return
        self._stack.setCurrentWidget(self._states)
        self._counted.setCurrentWidget(self.exceptions if name == "exceptions" else self._splitter)

    def _recognise(self) -> None:
        """Asks what the chosen name is; shows the names first where none is chosen."""
        if self.views.current == "names" and self.names.can_recognise:
            self.names.recognise()
        else:
            self.show_view("names")

    def _show_exceptions(self, product: str) -> None:
        self.exceptions.show_product(product)
        self.show_view("exceptions")

    def _count(self) -> None:
        if self.found is None:
            self._states.loading()
        self._export.setEnabled(self.found is not None and bool(self.found.positions))
        self.counting.ask(self.day.day)

    def _show(self, found: Positions) -> None:
        self.found = found
        self._shown = (found.at, *self.context.shown)
        self._export.setEnabled(bool(found.positions))
        if not found.positions:
            self.detail.clear()
            self._states.empty(self._empty())
            return
        self.listing.show_positions(found)
        self._compare(found.at)
        if self._is_built("exceptions"):
            self.exceptions.show_positions(found)
        self._states.content()

    def _compare(self, day: date) -> None:
        """With a draft: counts the position without it, which is shown beside."""
        context = self.context
        if context.workspace.draft is None or not context.editable:
            self.listing.show_today(None)
            self.detail.show_today("")
            return
        shown, known, jobs = context.shown, context.remembered, context.workspace.jobs

        def done(today: Positions) -> None:
            if context.shown == shown:
                self.listing.show_today(today)
                if self.detail.position is not None:
                    self.detail.show_today(self.listing.today_of(self.detail.position))

        context.query(
            lambda reader: positions_of(known, reader, day, jobs), done, key=("licences", "today"), owner=self,
            lane="slow", beside_draft=True,
        )  # fmt: skip

    def _empty(self) -> EmptyState:
        if self.context.moment.at is not None:
            text = tr("The register knew of no purchases and no software then.")
            return EmptyState(self.theme, "clock", tr("There was nothing to license at that moment"), text)
        shell = self.context.shell
        state = EmptyState(
            self.theme,
            "licences",
            tr("Nothing to license yet"),
            tr(
                "A position is counted from what was bought and what is installed. "
                "Import your entitlements, and scan or import the software on your computers."
            ),
        )
        bring = Button(tr("Import a spreadsheet"), lambda: shell.go("import"), icon="import", theme=self.theme)
        scan = Button(tr("Scan this computer"), lambda: shell.go("scan"), icon="scan", theme=self.theme)
        state.body.addLayout(row(STRETCH, bring, scan, STRETCH))
        return state

    def _failed(self, error: Exception) -> None:
        self.found = None
        self._export.setEnabled(False)
        self._states.failed(error, self._count)

    # -- details ----------------------------------------------------------------------------------------------------

    def _current(self, position: Position | None) -> None:
        if position is None or self.found is None:
            self.detail.clear()
        else:
            self.detail.show_position(position, self.found)
            self.detail.show_today(self.listing.today_of(position))

    def _open_detail(self) -> None:
        if self.detail.position is not None:
            self._folding.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows the details over the table if there is no room for both."""
        super().resizeEvent(event)
        self._folding.fit(self.width())

    def _remember(self) -> None:
        if self._folding.are_beside:
            self.context.workspace.settings.set("licences.splitter", self._splitter.sizes())
