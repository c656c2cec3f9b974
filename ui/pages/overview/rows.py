"""The overview's lists: what needs attention, and the recent changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.overview.figures import AttentionItem
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trc, trn
from cmdb.model.relative_times import ago
from ui.plain_texts import plain_tip
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import column, row
from ui.widgets.page_states import Icon

if TYPE_CHECKING:
    from cmdb.model.first_look import FirstRevision
    from cmdb.model.journal import RevisionHeader

HEIGHT = 26
FIXED = QSizePolicy.Policy.Fixed
_SIGNS = {"bad": ("error", Message("urgent")), "warning": ("warning", Message("not urgent"))}
"""By tone: the icon, which is no other's in shape, and what a screen reader says of it."""
_SOURCES = {"import": Message("Import"), "scan": Message("Scan"), "sheet": Message("Sheet")}


class FittingRows(QWidget):
    """Lines below each other, as many as fit; the rest is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        set_sizes(self, least_height=4 * HEIGHT)

    def fill(self, lines: Sequence[QWidget]) -> None:
        """Shows other lines."""
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = list(lines)
        for line in lines:
            line.setParent(self)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows more or fewer."""
        self._place()

    def _place(self) -> None:
        height = px(HEIGHT)
        fits = self.height() // height
        for number, line in enumerate(self._lines):
            line.setGeometry(0, number * height, self.width(), height)
            line.setVisible(number < fits)


def attention_line(
    theme: Theme,
    item: AttentionItem,
    go: Callable[[], object],
    task: Callable[[], object] | None = None,
    remedy: tuple[str, Callable[[], object]] | None = None,
    *,
    whole: bool = False,
) -> QWidget:
    """How urgent it is, the subject, the problem, a link to make a ``task`` of it, and a link to the list.

    ``remedy`` is the title of the verb that settles it, and what opens its sheet; a short line has it in place of the
    task. ``whole``: nothing is cut; the problem stands below the subject.
    """
    about, wrong = str(item.subject), str(item.text)
    subject = Text(about, wrap=True) if whole else ElidedText(about, least=90)
    subject.set_bold()
    text = Text(wrong, "muted", wrap=True) if whole else ElidedText(wrong, "muted", least=60)
    text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred if whole else FIXED)
    button = LinkButton(tr("Fix ›"), go, hint=tr("{name}: {text}", name=about, text=wrong))
    button.setAccessibleName(tr("Fix: {name} {text}", name=about, text=wrong))
    later = LinkButton(trc("noun", "Task"), task, hint=tr("Make a task of it"))
    later.setAccessibleName(tr("Make a task: {name} {text}", name=about, text=wrong))
    if task is None or (remedy is not None and not whole):
        later.hide()
    settle = LinkButton("", lambda: remedy and remedy[1]())
    if remedy is None:
        settle.hide()
    else:
        settle.setText(tr("{verb}…", verb=remedy[0]))
        settle.setToolTip(plain_tip(tr("{verb}: {name}", verb=remedy[0], name=about)))
        settle.setAccessibleName(tr("{verb}: {name} {text}", verb=remedy[0], name=about, text=wrong))
    line = QWidget()
    icon, urgency = _SIGNS[item.tone]
    sign = Icon(theme, icon, item.tone, 16)
    sign.setAccessibleName(str(urgency))
    sign.setToolTip(plain_tip(str(urgency)))
    if whole:
        said = row(sign, column(subject, text, spacing=0), settle, later, button, spacing=8)
        said.setStretch(1, 1)
        line.setLayout(said)
    else:
        line.setLayout(row(sign, subject, text, settle, later, button, spacing=8))
    return line


def what(header: RevisionHeader | FirstRevision) -> tuple[str, str]:
    """A revision in two parts: what it was, and how much it changed."""
    kind = header.source.split(":")[0]
    name = header.source.partition(":")[2]
    title = str(header.title or header.reason) or name or (tr("Undo") if header.undoes else tr("Edited"))
    if kind in _SOURCES and not title.startswith(str(_SOURCES[kind])):
        title = tr("{source}: {title}", source=_SOURCES[kind], title=title)
    numbers = (
        trn("{count} new", "{count} new", header.created) if header.created else "",
        trn("{count} changed", "{count} changed", header.updated) if header.updated else "",
        trn("{count} deleted", "{count} deleted", header.deleted) if header.deleted else "",
    )
    return title, listing(filter(None, numbers), "unit")


def change_line(header: RevisionHeader | FirstRevision, undo: Callable[[], object], editable: bool) -> QWidget:
    """A recent change: its title, size and time, and a link to the preview of its undo."""
    title, numbers = what(header)
    subject = ElidedText(title)
    amount = ElidedText(numbers, "muted", least=40)
    amount.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    when = ElidedText(ago(header.time), "muted", least=110)
    when.setToolTip(plain_tip(tr("{author}, revision {number}", author=header.author, number=str(header.number))))
    button = LinkButton(trc("verb", "Undo"), undo, hint=tr("See what would be taken back"))
    button.setAccessibleName(tr("Undo: {title}", title=title))
    button.setEnabled(editable and not header.undone_by)
    if header.undone_by:
        button.setToolTip(plain_tip(tr("Taken back already")))
    line = QWidget()
    line.setLayout(row(subject, amount, when, button, spacing=8))
    return line
