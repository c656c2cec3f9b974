"""A list of records and the details of the one that is chosen: what each does when the other changes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.asked_list import is_listed
from app.assets.rows import uids_of
from app.verbs import Uids
from ui.actions import Action, fill_menu
from ui.context import Context
from ui.records.chosen_records import ChosenRecords
from ui.records.folded_details import FoldedDetails

if TYPE_CHECKING:
    from app.pasted_list import PastedList
    from ui.records.detail.panel import DetailPanel
    from ui.records.listing import RecordListing
    from ui.records.verbs import Verbs

FOLD = 1180
"""Below this width of the page, in pixels, the details cover the table instead of standing beside it."""


class ListAndDetails(QObject):
    """Joins the list of a page to its details, and runs verbs on what is selected in one or shown in the other.

    ``actions`` are those of the page, of which the rows' context menu has its own.
    """

    def __init__(
        self,
        context: Context,
        listing: RecordListing,
        detail: DetailPanel,
        verbs: Verbs,
        actions: Callable[[], Sequence[Action]],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._context, self._listing, self._detail = context, listing, detail
        self._verbs, self._actions = verbs, actions
        self._pasted: dict[str, PastedList] = {}
        """Pasted lists that were shown, for going back to them."""
        self.chosen = ChosenRecords(context, listing, detail)
        self.folding = FoldedDetails(FOLD, listing, detail, detail.close_button, page)
        listing.answered.connect(self._leave_unlisted)
        listing.selected_rows.changed.connect(lambda _: context.shell.refresh_actions())
        detail.wanted.connect(self.run_on_shown)
        detail.closed.connect(self.folding.close)
        detail.turned.connect(self.folding.open)
        table = listing.table
        table.opened.connect(lambda _: self.folding.open(focus=True))
        table.previewed.connect(lambda _: self.folding.open())
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._menu)

    # -- going back -------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The list that is asked for, and the record that is shown: with it the page is opened again."""
        listing = self._listing
        asked = listing.asked
        found: dict[str, Any] = {"cls": asked.cls, "where": asked.typed, "sort": asked.sort}
        if listing.columns.of_view:
            found["columns"] = list(listing.columns.of_view)
        found |= {name: value for name, value in (("view", listing.views.id), ("group", asked.group)) if value}
        if asked.pasted is not None:
            found["pasted"] = str(hash(asked.pasted))  # back is of this start: the list is not kept for the next one
            self._pasted[found["pasted"]] = asked.pasted
        if self._detail.uid:
            found["uid"] = self._detail.uid
        return found

    def pasted_before(self, name: str) -> PastedList | None:
        """A pasted list that was shown before, by what ``state`` calls it."""
        return self._pasted.get(name)

    def show_if_listed(self, uid: str, row: tuple[str, str] | None = None) -> None:
        """Shows the details of a record if it is in the list that is asked for; ``row``: with a row of a section."""
        asked, detail = self._listing.asked, self._detail
        self._context.query(
            lambda reader: is_listed(reader, asked, uid),
            lambda listed: detail.show_ci(uid, row) if listed else None,
            lambda _: None,  # the list says what is wrong
            key=(self._listing.kind.page, "open"), owner=self._listing,
        )  # fmt: skip

    # -- what there is to act on ------------------------------------------------------------------------------------

    def has_selection(self) -> bool:
        """Whether rows are selected."""
        return bool(self._listing.table.selectionModel().hasSelection())

    def has_shown(self) -> bool:
        """Whether the details of one record are shown."""
        return bool(self._detail.uid) and not self.chosen.is_shown

    # -- doing ------------------------------------------------------------------------------------------------------

    def run_on_selected(self, name: str, words: Callable[[int], str], cls: Callable[[], str]) -> None:
        """Runs a verb on the selected records. ``words`` says how many they are, ``cls`` of which class."""
        listing = self._listing
        if not listing.selected_rows.number() or not self._context.editable:
            return

        def run(ids: array[int]) -> None:
            if ids:
                what = (listing.name_of(ids[0]) if len(ids) == 1 else "") or words(len(ids))
                self._verbs.run(name, by_ids(ids), what, cls())

        listing.selected_rows.ids(run)

    def run_on_shown(self, name: str) -> None:
        """Runs a verb on the record whose details are shown."""
        loaded = self._detail.loaded
        if loaded is not None and self._context.editable:
            uid = loaded.ci.uid
            self._verbs.run(name, lambda _: [uid], loaded.ci.name, loaded.ci.cls)

    def _menu(self, position: QPoint) -> None:
        table = self._listing.table
        menu = QMenu(table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = self._context.theme
        fill_menu(menu, [action for action in self._actions() if "context" in action.menus], theme)
        menu.popup(table.viewport().mapToGlobal(position))

    def _leave_unlisted(self) -> None:
        """Another list stands: the details of what is not in it are closed, so that nothing acts on it unseen."""
        uid, shown = self._detail.uid, self._listing.shown
        if not uid or shown is None:
            return

        def done(listed: bool) -> None:
            if not listed and self._detail.uid == uid:
                self.folding.close()
                self._detail.clear()
                self._context.shell.refresh_actions()

        self._context.query(
            lambda reader: is_listed(reader, shown, uid), done, lambda _: None,
            key=(self._listing.kind.page, "listed"), owner=self._listing,
        )  # fmt: skip


def by_ids(ids: array[int]) -> Uids:
    """Reads the ids of records from their inner ids."""
    return lambda reader: uids_of(reader, ids)
