"""The preview of a proposal: new, changed, unchanged and rejected rows, rows of sections, doubts and links.

Records can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.imports.proposal_details import LinkLine, ProposalDetails, carried_over
from cmdb.model.formats import number
from cmdb.model.messages import Message, tr, trc, trn
from ui.proposals.detail import ProposalDetail
from ui.proposals.words import ProposalWords, origin_text, short_origin
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.search import SearchField
from ui.widgets.splitter import Splitter
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths
from ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from cmdb.model.observation import Origin
    from cmdb.model.schema import Schema
    from cmdb.reconciliation.proposal import Change

_TABS = (
    ("new", Message("New")), ("changed", Message("Changed")), ("sections", Message("Sections")),
    ("unchanged", Message("Unchanged")),
    ("rejected", Message("Rejected")), ("doubt", Message("In doubt")), ("links", Message("Links")),
    ("software", Message("Installations")),
)  # fmt: skip
_HINTS = {
    "new": Message("Nothing would be new."), "changed": Message("Nothing would change."),
    "unchanged": Message("Nothing is unchanged."), "rejected": Message("No row is rejected."),
    "doubt": Message("Nothing is in doubt."), "links": Message("No links would be made."),
    "sections": Message("No row of a section would change."), "software": Message("No installation would change."),
}  # fmt: skip


@dataclass(frozen=True)
class RejectedRow:
    """A row that is not imported."""

    origin: Origin
    cells: list[tuple[str, str]]
    reasons: list[str]


@dataclass
class _Page:
    """The rows of one tab and how they are shown."""

    model: RowsModel[Any]
    widths: tuple[int, ...]
    """Of the columns, in pixels; the column with 0 takes the remaining space."""
    text: Callable[[Any], str]
    rows: Sequence[Any] = field(default_factory=list)


class ProposalView(QWidget):
    """Tabs over a table, and the selected row beside it. ``trimmed`` fires when what is left out changes."""

    trimmed = Signal()

    def __init__(self, theme: Theme, schema: Schema) -> None:
        super().__init__()
        self._theme, self._schema = theme, schema
        self._words = ProposalWords(schema, {})
        self._prepared: ProposalDetails | None = None
        self._out: set[str] = set()
        self._asked: set[str] = set()
        self.lost: tuple[str, ...] = ()
        """Names of records that were left out and are not part of the proposal since it was made anew."""
        self._only_references = False
        self.may_trim = True
        self.may_answer = False
        """Whether questions can be decided here; see ``detail.answered``."""
        self.tabs = Tabs(tuple((name, str(title)) for name, title in _TABS))
        self.tabs.chosen.connect(self._choose)
        self.search = SearchField(theme, trc("verb", "Filter"), self._filter)
        self.table = TableView(theme, tr("What would change"), compact=True)
        self.table.installEventFilter(self)
        self.table.opened.connect(lambda _: self.toggle())
        self.table.typed.connect(self._typed)
        self._none = Text("", "muted")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.detail = ProposalDetail(theme, self.toggle)
        self._pages = {name: self._page(name) for name, _ in _TABS}
        self._lay_out()

    def _lay_out(self) -> None:
        left, right = Card(margins=(12, 8, 12, 8)), Card()
        left.add(self.tabs)
        left.add(self.search)
        left.add(self._none, 1)
        left.add(self.table, 1)
        right.add(self.detail)
        split = Splitter(tr("Changes and the chosen one"))
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 1)
        split.setSizes([700, 360])
        set_sizes(left, least_width=310)
        set_sizes(right, least_width=230)
        self.setLayout(column(split, spacing=0))

    def _page(self, name: str) -> _Page:
        theme = self._theme

        def words() -> ProposalWords:
            return self._words

        if name in ("new", "changed", "unchanged"):
            title = tr("What changes") if name == "changed" else tr("Values")
            columns: list[ViewColumn[Any]] = [
                ViewColumn(
                    tr("Name"), lambda c: c.name, icon=lambda c: words().icon(c.cls), tone=self._tone, bold=True
                ),
                ViewColumn(tr("Class"), lambda c: words().cls(c.cls), tone=self._tone),
                ViewColumn(title, lambda c: words().summary(c), tone=self._tone, hint=lambda c: words().summary(c)),
                ViewColumn(
                    tr("From"),
                    lambda c: tr("left out") if c.uid in self._out else words().origin(c),
                    tone=self._faint,
                ),
            ]
            return _Page(RowsModel(theme, columns), (160, 110, 0, 160), lambda c: f"{c.name} {words().cls(c.cls)}")
        if name == "rejected":
            columns = [
                ViewColumn(tr("Row"), lambda r: short_origin(r.origin), hint=lambda r: origin_text(r.origin)),
                ViewColumn(tr("Reasons"), lambda r: " ".join(r.reasons), hint=lambda r: "\n".join(r.reasons)),
            ]
            return _Page(RowsModel(theme, columns), (200, 0), lambda r: f"{r.origin} {' '.join(r.reasons)}")
        if name == "doubt":
            columns = [
                ViewColumn(tr("Name"), lambda r: r.name, icon=lambda r: words().icon(r.cls), bold=True),
                ViewColumn(tr("Question"), lambda r: str(r.question)),
                ViewColumn(tr("From"), lambda r: short_origin(r.origins[0]) if r.origins else ""),
            ]
            return _Page(RowsModel(theme, columns), (160, 0, 180), lambda r: f"{r.name} {r.question}")
        if name == "sections":
            columns = [
                ViewColumn(tr("Item"), lambda line: line.item, bold=True),
                ViewColumn(tr("Section"), lambda line: line.section),
                ViewColumn(tr("What changes"), lambda line: line.words, hint=lambda line: line.words),
            ]
            return _Page(
                RowsModel(theme, columns), (160, 140, 0), lambda line: f"{line.item} {line.section} {line.words}"
            )
        columns = [
            ViewColumn(tr("Product") if name == "software" else tr("From"), _left, bold=True, hint=_left),
            ViewColumn("", lambda line: line.verb),
            ViewColumn(tr("Computer") if name == "software" else tr("To"), lambda line: line.right),
            ViewColumn(tr("Kind"), lambda line: line.kind, tone=lambda line: "neutral"),
        ]
        widths = (0, 130, 150, 100) if name == "software" else (200, 130, 0, 110)
        return _Page(RowsModel(theme, columns), widths, lambda line: f"{line.left} {line.right}")

    # -- showing ----------------------------------------------------------------------------------------------------

    def show_proposal(self, prepared: ProposalDetails, rejects: Sequence[RejectedRow] = ()) -> None:
        """Shows a proposal. If it is the one before, made anew, what was left out stays so; see ``lost``."""
        first = self._prepared is None
        kept = frozenset(self._asked)
        if self._prepared is not None and self._prepared is not prepared:
            kept, self.lost = carried_over(self._prepared, prepared, kept)
        self._prepared = prepared
        self._words = ProposalWords(self._schema, prepared.names)
        self._asked = set(kept)
        self._out = prepared.followers(kept)
        rows: dict[str, Sequence[Any]] = {
            "new": prepared.new, "changed": prepared.changed,
            "unchanged": prepared.by_state.get("unchanged", []), "rejected": rejects,
            "doubt": prepared.proposal.review, "sections": prepared.rows,
            "links": prepared.links, "software": prepared.software,
        }  # fmt: skip
        more = dict(zip(("sections", "links", "software"), prepared.cut, strict=True))
        for name, title in _TABS:
            self._pages[name].rows = rows[name]
            count = number(len(rows[name]))
            shown = tr("{count}+", count=count) if more.get(name) else count
            self.tabs.set_title(name, f"{title} {shown}", str(title))
            self.tabs.set_shown(name, bool(rows[name]) or name in ("new", "changed"))
        filled = [name for name, _ in _TABS if rows[name]]
        current = self.tabs.current
        if filled and (first or current not in filled):
            self.tabs.choose(filled[0])
        self._only_references = False
        self._fill()

    @property
    def shown(self) -> ProposalDetails | None:
        """What it shows, and holds."""
        return self._prepared

    def forget(self) -> None:
        """Another import begins: nothing is left out of it."""
        self._prepared = None
        self._asked, self._out, self.lost = set(), set(), ()

    def set_may_trim(self, may: bool) -> None:
        """Whether records can be left out."""
        self.may_trim = may
        self._show_detail()

    def show_references(self) -> None:
        """Shows only the new records that are created because rows name them."""
        self.tabs.choose("new")
        self._only_references = True
        self._fill()

    def _choose(self, _: str) -> None:
        self._only_references = False
        self._fill()

    def _filter(self, _: str) -> None:
        self._fill()

    def _typed(self, letter: str) -> None:
        self.search.setText(self.search.text() + letter)
        self.search.setFocus()
        self._fill()

    def _fill(self) -> None:
        name = self.tabs.current
        page = self._pages[name]
        wanted = self.search.text().strip().casefold()
        shown = [r for r in page.rows if wanted in page.text(r).casefold()] if wanted else list(page.rows)
        if name == "new" and self._only_references:
            shown = [c for c in shown if c.reference]
        page.model.show_rows(shown)
        if self.table.model() is not page.model:
            self.table.setModel(page.model)
            self.table.selectionModel().selectionChanged.connect(lambda: self._show_detail())
            set_widths(self.table, page.widths)
        self.table.setVisible(bool(shown))
        self._none.setVisible(not shown)
        self._none.setText(tr("Nothing matches this filter.") if wanted and page.rows else str(_HINTS[name]))
        if shown:
            self.table.selectRow(0)
        self._show_detail()

    # -- what is selected -------------------------------------------------------------------------------------------

    def selected(self) -> list[Any]:
        """The selected rows: changes, rejects, review items or link lines."""
        model = self._pages[self.tabs.current].model
        selection = self.table.selectionModel() if self.table.model() is not None else None
        return [model.row_at(i.row()) for i in selection.selectedRows()] if selection is not None else []

    def _show_detail(self) -> None:
        rows = self.selected() if self.table.isVisibleTo(self) else []
        name = self.tabs.current
        if len(rows) == 1 and name == "sections":
            self.detail.show_text(rows[0].item, rows[0].section, rows[0].words)
            return
        if len(rows) == 1 and name in ("links", "software"):
            self.detail.show_text(rows[0].left, rows[0].kind, f"{rows[0].verb} {rows[0].right}")
            return
        if len(rows) != 1:
            self.detail.show_nothing(trn("{count} selected.", "{count} selected.", len(rows)) if len(rows) > 1 else "")
            return
        one = rows[0]
        if name == "rejected":
            self.detail.show_reject(origin_text(one.origin), tr("Not imported as it is."), one.cells, one.reasons)
        elif name == "doubt":
            self.detail.show_review(self._words, one, self.may_answer and self.may_trim)
        else:
            may = self.may_trim and one.state in ("new", "changed")
            self.detail.show_change(self._words, one, one.uid in self._out, may)

    # -- leaving out ------------------------------------------------------------------------------------------------

    @property
    def left_out(self) -> frozenset[str]:
        """The ids of the records that are not to be applied."""
        return frozenset(self._out)

    def toggle(self) -> None:
        """Leaves the selected records out, with everything that refers to new ones of them; or includes them again."""
        if not self.may_trim or self._prepared is None or self.tabs.current not in ("new", "changed"):
            return
        uids = {change.uid for change in self.selected()}
        if not uids:
            return
        self._asked = self._asked - uids if uids <= self._out else self._asked | uids
        if uids & self._prepared.followers(self._asked) and not uids & self._asked:
            self._asked -= self._causes(uids)
        self._out = self._prepared.followers(self._asked)
        self.table.viewport().update()
        self._show_detail()
        self.trimmed.emit()

    def _causes(self, uids: set[str]) -> set[str]:
        """The records that the person left out and because of which ``uids`` are left out too."""
        assert self._prepared is not None
        return {one for one in self._asked if uids & self._prepared.followers([one])}

    def counts(self) -> dict[str, int]:
        """State → records that would be written."""
        found = {"new": 0, "changed": 0}
        if self._prepared is not None:
            for state in found:
                changes = self._prepared.by_state.get(state, [])
                left_out = sum(1 for c in changes if c.uid in self._out) if self._out else 0
                found[state] = len(changes) - left_out
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Del leaves out."""
        pressed = watched is self.table and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.toggle()
            return True
        return super().eventFilter(watched, event)

    def _tone(self, change: Change) -> str:
        return "neutral" if change.uid in self._out else ""

    def _faint(self, change: Change) -> str:
        return "neutral"


def _left(line: LinkLine) -> str:
    return line.left
