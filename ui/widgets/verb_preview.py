"""What a verb will set, shown in its sheet before it acts: each field with its value before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.verb_preview import FieldPreview, VerbPreview, preview
from app.verbs import Uids
from cmdb.model.errors import UserError
from cmdb.model.messages import tr, trn
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.values import Value
    from cmdb.model.verb import Values, Verb
    from ui.context import Context

_MOST = 10
"""Fields that are shown."""


class VerbPreviewList(QWidget):
    """The fields that a verb would change, and what is doubtful about it; or why it can't be done so."""

    def __init__(self, context: Context, verb: Verb, uids: Uids) -> None:
        super().__init__()
        self._context, self._verb, self._uids = context, verb, uids
        self.text = Text("", "muted", wrap=True)
        self.problem = Text("", "", "warning", wrap=True)
        self.setLayout(column(self.text, self.problem, spacing=4))
        self.hide()

    def show_for(self, values: Values, at: str) -> None:
        """Works out what the verb would do with these values, in a worker. A late answer is dropped."""
        verb, uids, author = self._verb, self._uids, self._context.author
        self._context.query(
            lambda reader: preview(reader, verb, uids(reader), values, author, at),
            self._show,
            self._failed,
            key=("verb", "preview"),
            owner=self,
        )

    def _show(self, found: VerbPreview) -> None:
        lines = [_line(one, found) for one in found.fields[:_MOST]]
        if len(found.fields) > _MOST:
            more = len(found.fields) - _MOST
            lines.append(trn("and {count} more", "and {count} more", more))
        if any(one.late for one in found.fields):
            lines.append(tr("Something newer is known. What is so today stays as it is."))
        if found.stays:
            kept = tuple(_kept(one, found) for one in found.stays)
            lines.append(tr("Stays as it is, though the holder changes: {values}.", values=kept))
        if found.receipts:
            lines.append(tr("To be signed: {receipts}.", receipts=found.receipts))
        self.text.setText("\n".join(lines))
        self.text.setVisible(bool(lines))
        self._say(str(found.doubt))
        self.setVisible(bool(lines or found.doubt))

    def _failed(self, error: Exception) -> None:
        """What the person can mend is said here; anything else shows when the verb is done."""
        said = str(error) if isinstance(error, UserError) else ""
        self.text.hide()
        self._say(said)
        self.setVisible(bool(said))

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))


def _kept(one: FieldPreview, found: VerbPreview) -> str:
    value = text_of(one.attribute, one.after[0], found.names) if len(one.after) == 1 else tr("different values")
    return tr("{attribute} {value}", attribute=one.attribute.label, value=value)


def _line(one: FieldPreview, found: VerbPreview) -> str:
    def shown(values: tuple[Value | None, ...]) -> str:
        if len(values) > 1:
            return tr("different values")
        return text_of(one.attribute, values[0], found.names) or "—"

    what = one.attribute.label
    if one.late:
        what = tr("{attribute} at that time", attribute=what)
    return tr("{attribute}: {before} → {after}", attribute=what, before=shown(one.before), after=shown(one.after))
