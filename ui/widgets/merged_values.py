"""What a merge makes of the values of its records: where they differ, and which value stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.merging import MergedValue, MergePreview, best_kept, preview
from app.verbs import Uids
from cmdb.model.errors import UserError
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn
from ui.text_size import set_sizes
from ui.widgets.labels import ElidedText, SectionLabel, Text
from ui.widgets.layout import clear, column, row
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.values import Value
    from ui.context import Context
    from ui.widgets.reference import ReferenceField

_MARK = 16
"""The width of the mark before a value, in pixels."""


class MergedValues(QWidget):
    """Follows the field that names the kept record. Of several records it proposes the one that most is known of."""

    def __init__(self, context: Context, uids: Uids, into: ReferenceField) -> None:
        super().__init__()
        self._context, self._uids, self._into = context, uids, into
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self.setLayout(self._lines)
        into.committed.connect(self._ask)
        context.query(
            lambda reader: best_kept(reader, uids(reader)), self._propose, key=("merge", "kept", id(self)), owner=self
        )

    def _propose(self, kept: tuple[str, str] | None) -> None:
        if kept is not None and not self._into.raw():
            self._into.show_ci(*kept)
            self._ask()

    def _ask(self) -> None:
        kept, uids = self._into.raw(), self._uids
        if not kept:
            clear(self._lines)
            return
        self._context.query(
            lambda reader: preview(reader, uids(reader), kept), self.show_preview, self._failed,
            key=("merge", "values", id(self)), owner=self,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        """What cannot be merged is said here, before anybody tries."""
        clear(self._lines)
        if isinstance(error, UserError):
            self._lines.addWidget(Text(str(error), "", "bad", wrap=True))
        else:
            self._context.shell.problem(error)

    def show_preview(self, found: MergePreview) -> None:
        """Shows the attributes in which the records differ, then how many are alike."""
        clear(self._lines)
        kept, *others = map(str, found.labels)
        text = tr("{kept} stays; {others} becomes part of it.", kept=kept, others=listing(others))
        self._lines.addWidget(Text(text, wrap=True))
        differing = [one for one in found.values if one.differs]
        if differing:
            text = tr("Where they differ, the value with the mark stays. All of them stay in the history.")
            self._lines.addWidget(Text(text, "muted", wrap=True))
        for one in differing:
            self._lines.addSpacing(4)
            self._lines.addWidget(SectionLabel(one.attribute.label))
            for value in dict.fromkeys((one.stays, *one.values)):
                if value is not None:
                    self._lines.addWidget(self._line(found, one, value))
        alike = len(found.values) - len(differing)
        if alike:
            text = trn(
                "{count} value is the same, or only one of them has it.",
                "{count} values are the same, or only one of them has them.",
                alike,
            )
            self._lines.addSpacing(4)
            self._lines.addWidget(Text(text, "muted", wrap=True))

    def _line(self, found: MergePreview, one: MergedValue, value: Value) -> QWidget:
        stays = value == one.stays
        shown = text_of(one.attribute, value, found.names)
        owners = listing(label for label, own in zip(found.labels, one.values, strict=True) if own == value)
        mark = Text("✓" if stays else "", "", "good")
        set_sizes(mark, width=_MARK)
        text = ElidedText(shown, "" if stays else "muted")
        text.setAccessibleDescription(tr("stays") if stays else tr("goes to the history"))
        line = row(mark, column(text, Text(owners, "small", wrap=True), spacing=0))
        line.setStretch(1, 1)
        holder = QWidget()
        holder.setLayout(line)
        return holder
