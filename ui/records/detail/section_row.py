"""What is known of one row of a section: which sources see it, and what changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.assets.sections import RowStep
from app.record_sections import source_words
from cmdb.model.claims import source_text
from cmdb.model.declarations import RecordSection
from cmdb.model.formats import moment
from cmdb.model.messages import tr, trn
from cmdb.model.relative_times import ago
from cmdb.model.section_rows import SectionRow
from cmdb.model.section_words import row_title, row_words_beside
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.records.detail.past_tab import lines_layout
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import column, row, scroll_other, scrolled

STEPS = 30
"""Steps of a history that are listed, the latest first."""


class SectionRowFacts(QFrame):
    """Scrolls; shows a row, or what changed last in the section where none is chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._area = scrolled(QWidget())
        self.setLayout(column(self._area, spacing=0))

    def show_section(self, section: RecordSection, steps: Sequence[RowStep] | None) -> None:
        """No row is chosen: what the latest revision changed in the section. ``steps`` None: not read yet."""
        layout = lines_layout()
        if section.volatile:
            layout.addWidget(
                Text(tr("Only the rows that were seen last are kept, without a history."), "muted", wrap=True)
            )
        elif steps:
            latest = [one for one in steps if one.number == steps[0].number]
            layout.addWidget(SectionLabel(tr("Changed last")))
            self._add_head(layout, latest[0])
            for one in latest[:STEPS]:
                layout.addWidget(Text(_in_words(one), "muted", wrap=True))
            _add_rest(layout, len(latest))
        if not section.volatile:
            layout.addWidget(Text(tr("Choose a row to see who says so, and what changed in it."), "small", wrap=True))
        self._fill(layout)

    def show_row(self, section: RecordSection, found: SectionRow, steps: Sequence[RowStep]) -> None:
        """Shows one row: why it stands there, then its history."""
        layout = lines_layout()
        layout.addWidget(Text(row_title(section, found.key, found.values()) or section.label, wrap=True).set_bold())
        layout.addWidget(SectionLabel(tr("Why this row")))
        layout.addWidget(Text(_said(found), wrap=True))
        if found.now and not section.volatile:
            names = tuple(section.columns[name].label for name in section.columns if name in found.now)
            text = tr("The last value only, seen {time}: {columns}.", time=moment(found.now_observed), columns=names)
            layout.addWidget(Text(text, "muted", wrap=True))
        for other in found.also:
            layout.addWidget(Text(_said(other), wrap=True))
            says = row_words_beside(section, found.values(), other.values())
            layout.addWidget(Text(says or tr("It says the same."), "muted", wrap=True))
        if found.also:
            said = tr("The better source is shown; of equal ones the one that looked last.")
            layout.addWidget(Text(said, "small", wrap=True))
        sources = {found.source, *(one.source for one in found.also)}
        own = [one for one in steps if one.key == found.key and one.source in sources]
        if own and not section.volatile:
            layout.addWidget(SectionLabel(tr("History of this row")))
            for one in own[:STEPS]:
                self._add_head(layout, one)
                layout.addWidget(Text(one.words, "muted", wrap=True))
            _add_rest(layout, len(own))
        self._fill(layout)

    def _add_head(self, layout: QVBoxLayout, step: RowStep) -> None:
        """A revision: its title, when it was, and the way to it in the history."""
        opened = LinkButton(f"#{step.number}", partial(self._context.shell.go, "history", revision=step.number))
        opened.setToolTip(plain_tip(tr("Open this revision in History")))
        title = str(step.title) or str(source_text(step.source))
        head = row(Text(" · ".join(filter(None, (title, ago(step.time) if step.time else ""))), wrap=True), opened)
        head.setStretch(0, 1)
        layout.addLayout(head)

    def _fill(self, layout: QVBoxLayout) -> None:
        layout.addStretch(1)
        scroll_other(self._area, layout)


def _add_rest(layout: QVBoxLayout, number: int) -> None:
    if number > STEPS:
        layout.addWidget(Text(trn("and {count} more", "and {count} more", number - STEPS), "muted"))


def _in_words(step: RowStep) -> str:
    """A change with the row that it is of; what came or went says that itself."""
    if not step.row or step.row in step.words:
        return step.words
    return tr("{row}: {changes}", row=step.row, changes=step.words)


def _said(one: SectionRow) -> str:
    """Who sees a row, and when it was seen last."""
    source, seen = source_words(one), one.observed or one.now_observed
    return tr("From {source}, last seen {time}", source=source, time=moment(seen)) if seen else source
