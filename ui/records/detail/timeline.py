"""An item's history: who changed what, when, from which source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.assets.detail import ItemHistory, history_of
from app.history.event_words import event_text
from app.history.section_changes import changes_in_words
from app.item_search import Names
from cmdb.model.claims import STATED_BY, source_text
from cmdb.model.formats import moment
from cmdb.model.messages import tr, trn
from cmdb.model.relative_times import ago
from cmdb.model.reservations import worded
from cmdb.model.revision import Edit
from ui.context import Context
from ui.plain_texts import menu_label, plain_tip
from ui.proposals.partial_undo import UndonePart, undo_part
from ui.records.detail.past_tab import PastTab, lines_layout
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import Hairline, Text
from ui.widgets.layout import row
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.journal import HistoryEntry
    from cmdb.model.records import CI

_LONGEST = 80
"""Characters of a change in a menu."""
LINES = 12
"""Lines of one revision before they are counted instead."""
FIRST, MORE = 8, 24
"""The number of revisions that are shown at first, and that each "Show earlier changes" adds."""


class Timeline(PastTab):
    """Revisions of one CI, the newest first; they are read when the tab is shown."""

    def __init__(self, context: Context, page: str = "assets") -> None:
        super().__init__(context, page, "history")
        self._most = FIRST
        self.versions: list[HistoryEntry] = []

    def show_of(self, ci: CI, *, now: bool) -> None:
        """Shows a CI's history: at once, or when it is ``wanted``."""
        if self._ci is None or self._ci.uid != ci.uid:
            self._most = FIRST
        super().show_of(ci, now=now)

    def _ask(self, ci: CI) -> None:
        most = self._most
        self._question(lambda reader: history_of(reader, ci.uid, most), self._show)

    def _earlier(self) -> None:
        self._most += MORE
        self._read = False
        self.wanted()

    def _show(self, found: ItemHistory) -> None:
        """Shows versions, and whether there are more or no more are kept."""
        self.versions = versions = found.versions
        layout = lines_layout()
        numbers: list[LinkButton] = []
        for version in versions:
            number = version.number
            opened = LinkButton(f"#{number}", partial(self._context.shell.go, "history", revision=number))
            opened.setToolTip(plain_tip(tr("Open this revision in History")))
            numbers.append(opened)
            title = str(version.title or version.reason) or str(source_text(version.source))
            head = row(Text(title, wrap=True).set_bold(), self._part(version, found.names), opened)
            head.setStretch(0, 1)
            layout.addLayout(head)
            layout.addWidget(
                Text(" · ".join((ago(version.time), version.author, str(source_text(version.source)))), "small")
            )
            lines = "\n".join(self._lines(version, found))
            if lines:
                layout.addWidget(Text(lines, "muted", wrap=True))
            layout.addSpacing(4)
            layout.addWidget(Hairline())
            layout.addSpacing(4)
        for one in numbers:  # so that what stands before them is one column
            one.setMinimumWidth(max(number.sizeHint().width() for number in numbers))
        if found.more:
            layout.addWidget(LinkButton(tr("Show earlier changes"), self._earlier))
        elif found.kept_from and not _from_the_start(versions):
            layout.addWidget(
                Text(
                    tr("What was changed before {time} is no longer kept.", time=moment(found.kept_from)),
                    "muted",
                    wrap=True,
                )
            )
        self._fill(layout)

    def _part(self, version: HistoryEntry, names: Names) -> LinkButton:
        """The button that takes back what one revision did with the item, or one value of it."""
        button = LinkButton(tr("Undo…"), lambda: self._take_back(button, version, names))
        button.setToolTip(plain_tip(tr("Undo what this revision did with this item")))
        button.setEnabled(self._context.editable)
        return button

    def _take_back(self, button: QWidget, version: HistoryEntry, names: Names) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_parts(menu, version, names)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def fill_parts(self, menu: QMenu, version: HistoryEntry, names: Names) -> None:
        """What can be taken back of a revision: the item's part, and its values one by one."""
        one = self._ci
        if one is None:
            return
        whole = UndonePart(version.number, one.uid, one.name)
        menu.addAction(tr("Undo this record's part…"), partial(undo_part, self._context, self, whole))
        values = [e for e in version.edits if e.record.kind == "ci" and e.field and self._line(e, names)]
        for edit in values[:LINES]:
            attribute = self._context.schema.every_attribute.get(edit.field)
            label = attribute.label if attribute is not None else tr("Class")
            part = UndonePart(version.number, one.uid, one.name, edit.field, label)
            text = tr("Undo this value: {change}", change=self._line(edit, names)[:_LONGEST])
            menu.addAction(menu_label(text), partial(undo_part, self._context, self, part))

    def _lines(self, version: HistoryEntry, found: ItemHistory) -> list[str]:
        edits = version.edits
        told = [line for edit in edits if (line := self._line(edit, found.names))]
        rows = changes_in_words(self._context.schema, edits, found.rows)
        lines = [*told[:LINES], *rows[:LINES], *found.software.get(version.number, ())]
        if details := sum(edit.record.kind == "installation" and edit.field not in ("", STATED_BY) for edit in edits):
            lines.append(trn("{count} detail of software changed", "{count} details of software changed", details))
        if more := max(0, len(told) - LINES) + max(0, len(rows) - LINES):
            lines.append(trn("and {count} more", "and {count} more", more))
        return lines

    def _line(self, edit: Edit, names: Names) -> str:
        schema = self._context.schema
        if edit.record.kind == "ci":
            if not edit.field:
                return tr("Created") if edit.before is None else tr("Deleted")
            if edit.field == "class":
                old, new = (schema.cls(str(one)).label for one in (edit.before, edit.after))
                return _changed(tr("Class"), old, new)
            attribute = schema.every_attribute.get(edit.field)
            if attribute is None:
                return ""
            before, after = (text_of(attribute, v, names) or "—" for v in (edit.before, edit.after))
            return _changed(attribute.label, before, after)
        if edit.record.kind == "comment":
            return _comment(edit)
        if edit.record.kind == "relationship" and not edit.field:
            kind, source, target = edit.record.key
            label = schema.relationships[kind].label if kind in schema.relationships else kind
            first, other = (_name(names, end) for end in (source, target))
            if edit.before is None:
                return tr("Linked: {item} {relationship} {other}", item=first, relationship=label, other=other)
            return tr("Unlinked: {item} {relationship} {other}", item=first, relationship=label, other=other)
        if edit.record.kind == "membership" and not edit.field:
            _, kind, source, target = edit.record.key
            label = schema.relationships[kind].label if kind in schema.relationships else kind
            first, other = (_name(names, end) for end in (source, target))
            if edit.before is None:
                return tr(
                    "In a redundancy group: {item} {relationship} {other}", item=first, relationship=label, other=other
                )
            return tr(
                "Out of a redundancy group: {item} {relationship} {other}", item=first, relationship=label, other=other
            )
        if edit.record.kind == "attachment" and not edit.field:
            if edit.before is None:
                return tr("File added: {name}", name=_file_name(edit))
            return tr("File removed: {name}", name=_file_name(edit))
        if edit.record.kind == "reservation" and not edit.field:
            return _reservation(edit, names)
        if edit.record.kind == "event":
            return event_text(schema, edit, lambda attribute, value: text_of(attribute, value, names) or "—")
        if edit.record.kind == "assignment" and not edit.field:
            licence, holder = (_name(names, end) for end in edit.record.key)
            if edit.before is None:
                return tr("Assigned: {entitlement} → {holder}", entitlement=licence, holder=holder)
            return tr("Assignment removed: {entitlement} → {holder}", entitlement=licence, holder=holder)
        return ""


def _reservation(edit: Edit, names: Names) -> str:
    """What was reserved for whom and when, or is no longer."""
    whole: Any = edit.after or edit.before or {}
    item, time = _name(names, str(whole["subject"])), str(worded(whole, names))
    if edit.before is None:
        return tr("Reserved: {item}, {time}", item=item, time=time)
    return tr("Reservation ended: {item}, {time}", item=item, time=time)


def _file_name(edit: Edit) -> str:
    whole: Any = edit.after or edit.before or {}
    return str(whole.get("name", ""))


def _comment(edit: Edit) -> str:
    """What was said of it, or that it was said otherwise, or taken away."""
    whole: Any = edit.after or edit.before or {}
    if not edit.field:
        said = tr("Comment: {text}", text=str(whole.get("text", "")))
        return said if edit.after is not None else tr("Comment deleted: {text}", text=str(whole.get("text", "")))
    return tr("Comment changed: {text}", text=str(edit.after)) if edit.field == "text" else ""


def _changed(label: str, before: str, after: str) -> str:
    return tr("{attribute}: {before} → {after}", attribute=label, before=before, after=after)


def _name(names: Names, uid: str) -> str:
    return names[uid][1] if uid in names else tr("an item that is gone")


def _from_the_start(versions: Sequence[HistoryEntry]) -> bool:
    """Whether the earliest version is that in which the item was made."""
    return bool(versions) and any(
        edit.record.kind == "ci" and not edit.field and edit.before is None for edit in versions[-1].edits
    )
