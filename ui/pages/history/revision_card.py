"""The right side of the history page: one revision, what it changed, and the preview of its undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu

from app.history.revisions import (
    ChangeLine,
    ChangeLines,
    RevisionChanges,
    RevisionUndo,
    items_changed_by,
    revision_changes,
)
from app.moments import what, who
from cmdb.model.claims import source_text
from cmdb.model.errors import UserError
from cmdb.model.formats import listing, moment
from cmdb.model.messages import Message, tr, trc, trn
from ui.context import Context
from ui.plain_texts import plain_label, plain_tip
from ui.proposals.partial_undo import UndonePart, undo_part
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import column
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.table import RowsModel, TableView, ViewColumn
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.journal import RevisionHeader


#: The columns that give their room to the others where nothing stands in them.
_BEFORE, _AFTER = 2, 3


class RevisionCard(Card):
    """One revision: its header, its changes, and its undo with what would be kept. The signals carry its number."""

    undo_asked = Signal(int)
    undo_confirmed = Signal(int)
    before_asked = Signal(int)
    after_asked = Signal(int)
    """The estate as it was before the revision, or after it, is to be shown."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self.context = context
        self.number = 0
        self.undone = False
        self.drafted = False
        """Whether it is the open draft that is shown."""
        self._header: RevisionHeader | None = None
        self._title, self._line = Heading("", 1), Text("", "muted", wrap=True)
        self._title.setWordWrap(True)
        theme = context.theme
        self._undo = Button(trc("verb", "Undo…"), lambda: self.undo_asked.emit(self.number), icon="undo", theme=theme)
        self._before = Button(
            tr("Show the estate before"), lambda: self.before_asked.emit(self.number), icon="clock", theme=theme
        )
        self._then = Button(tr("Show it after"), lambda: self.after_asked.emit(self.number), kind="plain")
        self._items = Button(tr("Show its items in Assets"), self.open_items, kind="plain")
        self._confirm = Button(trc("verb", "Undo"), lambda: self.undo_confirmed.emit(self.number), kind="danger")
        self._cancel = Button(tr("Cancel"), self.end_preview)
        self._note = InlineMessage(theme, "", "accent")
        self._rest = Text("", "muted", wrap=True)
        self._model = RowsModel(theme, self._columns())
        self._table = TableView(theme, tr("Changes"), compact=True)
        self._table.setModel(self._model)
        self._table.fit_to_rows()
        self._table.setFrameShape(QFrame.Shape.NoFrame)
        self._table.opened.connect(self._open)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._menu)
        self._part = MenuButton(tr("Undo a part"), self.fill_parts)
        buttons = flow(self._undo, self._part, self._items, self._before, self._then, self._confirm, self._cancel)
        content = Card(margins=(0, 0, 0, 0))
        content.setProperty("role", "plain")
        content.add(column(self._title, self._line, buttons, self._note, spacing=8, margins=(16, 0, 16, 8)))
        content.add(self._table, 1)
        content.add(column(self._rest, margins=(16, 6, 16, 12)))
        self._states = PageStates(theme, content)
        self.add(self._states, 1)
        self.clear()
        self.end_preview()

    @staticmethod
    def _columns() -> list[ViewColumn[ChangeLine]]:
        return [
            ViewColumn(tr("Item"), lambda c: c.item, sort=lambda c: c.item.casefold(), icon=lambda c: c.icon),
            ViewColumn(tr("What"), lambda c: c.what),
            ViewColumn(tr("Before"), lambda c: c.before, hint=lambda c: c.before),
            ViewColumn(tr("After"), lambda c: c.after, hint=lambda c: c.after),
        ]

    def clear(self) -> None:
        """No revision is chosen."""
        self.number = 0
        self._states.empty(
            EmptyState(
                self.context.theme, "history", tr("No revision chosen"), tr("Choose one to see what it changed.")
            )
        )

    def show_revision(self, number: int) -> None:
        """Reads and shows a revision."""
        self.number = number
        self.context.query(
            lambda reader: revision_changes(reader, number, text_of),
            self._show,
            lambda e: self._failed(e, number),
            key=("history", "revision"),
            owner=self,
        )

    def _failed(self, error: Exception, number: int) -> None:
        if isinstance(error, UserError):  # what it changed is no longer kept: there is nothing to try again
            title = tr("Revision {number}", number=str(number))
            self._states.empty(EmptyState(self.context.theme, "history", title, str(error)))
        else:
            self._states.failed(error, lambda: self.show_revision(number))

    def _show(self, found: RevisionChanges) -> None:
        header = found.header
        self._header, self.undone = header, bool(header.undone_by)
        self._title.setText(what(header))
        parts = [
            tr("the open draft") if found.drafted else tr("Revision {number}", number=str(header.number)),
            moment(header.recorded),
            who(header),
            str(source_text(header.source)),
        ]
        if header.undone_by:
            parts.append(tr("undone by revision {number}", number=str(header.undone_by)))
        self._line.setText(" · ".join(parts))
        self._fill(found.changes)
        self.drafted = found.drafted
        self._then.setEnabled(not found.drafted)
        self._part.setEnabled(self.context.editable and not self.undone)
        self._undo.setEnabled(self.context.editable and self.can_undo)
        self._undo.setToolTip(plain_tip(tr("That would empty the draft: drop it instead.") if found.drafted else ""))
        self._states.content()
        self.end_preview()

    def _fill(self, changes: ChangeLines) -> None:
        rest = changes.rest
        if list(changes.lines) != self._model.rows:  # read again, it is not scrolled anew
            self._model.show_rows(changes.lines)
        for place, told in ((_BEFORE, [c.before for c in changes.lines]), (_AFTER, [c.after for c in changes.lines])):
            self._table.setColumnHidden(place, bool(told) and not any(told))
        self._rest.setText(tr("and {changes}", changes=rest) if rest and changes.lines else str(rest))
        self._rest.setVisible(bool(rest))

    def show_preview(self, found: RevisionUndo) -> None:
        """Shows the preview of its undo."""
        if found.header.number != self.number:
            self.show_revision(found.header.number)
        self._fill(found.changes)
        if not found.changes:
            text = tr("Nothing of it is left to undo: everything it changed was changed again since.")
        elif found.kept:
            names = listing(dict.fromkeys(k.name for k in found.kept if k.name), "unit")
            text = trn(
                "This is what would change. {count} later change would stay: {names}",
                "This is what would change. {count} later changes would stay: {names}",
                len(found.kept),
                names=names[:160],
            )
        else:
            text = tr("This is what would change. The undo is a revision of its own, and can be undone too.")
        self._note.say(text, "warning" if found.kept else "accent")
        self._confirm.setEnabled(bool(found.changes))
        self._offer(previewing=True)
        self._states.content()
        self._confirm.setFocus()

    def end_preview(self) -> None:
        """Shows again what the revision changed."""
        previewing = self._confirm.isVisibleTo(self)
        self._note.say("")
        self._offer(previewing=False)
        if previewing and self.number:
            self.show_revision(self.number)

    def _offer(self, *, previewing: bool) -> None:
        for widget in (self._undo, self._part, self._items, self._before, self._then):
            widget.setVisible(not previewing)
        for widget in (self._confirm, self._cancel):
            widget.setVisible(previewing)

    # -- a part -----------------------------------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether a revision is shown that can be taken back as a whole: it is not undone, and not the open draft."""
        return bool(self.number) and not self.undone and not self.drafted

    @property
    def chosen(self) -> ChangeLine | None:
        """The chosen change of the revision that is shown; None for none, or one of no item."""
        index = self._table.currentIndex()
        line = self._model.row_at(index.row()) if self.number and index.isValid() else None
        return line if line is not None and line.uid else None

    @property
    def can_take_back(self) -> bool:
        """Whether a part of it can be taken back: a change is chosen, and the revision is not undone."""
        return self.context.editable and not self.undone and self.chosen is not None

    def take_back(self, *, value: bool) -> None:
        """Asks, then takes back what the revision wrote of the chosen item, or the chosen value."""
        line = self.chosen
        if line is not None and (line.attribute or not value):
            attribute = (line.attribute, line.what) if value else ("", "")
            undo_part(self.context, self, UndonePart(self.number, line.uid, line.item, *attribute))

    def open_items(self) -> None:
        """Shows what the revision made or changed, and what is still there, as a list in Assets."""
        number, shell = self.number, self.context.shell

        def done(found: dict[str, str]) -> None:
            if found:
                shell.open_made(Message("Revision {number}", number=str(number)), found)
            else:
                shell.toast(tr("Nothing that it made or changed is there."), tone="warning")

        self.context.query(
            lambda reader: items_changed_by(reader, number), done, shell.problem, key=("history", "items"),
            owner=self, lane="slow",
        )  # fmt: skip

    def fill_parts(self, menu: QMenu) -> None:
        """What can be taken back of the revision, by the chosen change."""
        line = self.chosen
        if line is None or not self.can_take_back:
            menu.addAction(tr("Choose a change in the list first")).setEnabled(False)
            return
        about = tr("All that it did with {name}…", name=line.item)
        menu.addAction(plain_label(about), lambda: self.take_back(value=False))
        if line.attribute:
            one = tr("Only {attribute} of {name}…", attribute=line.what, name=line.item)
            menu.addAction(plain_label(one), lambda: self.take_back(value=True))

    def _menu(self, place: QPoint) -> None:
        index = self._table.indexAt(place)
        if not index.isValid():
            return
        self._table.selectRow(index.row())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_parts(menu)
        menu.popup(self._table.viewport().mapToGlobal(place))

    def _open(self, place: int) -> None:
        uid = self._model.row_at(place).uid
        if uid:
            self.context.shell.open_ci(uid)
