"""The decision about an estate of an older format whose journal was changed from outside."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.places import name_and_folder
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn
from ui.shell.estate import JournalQuestion
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text

#: The number of revisions that are named.
_NAMED = 10
_MEANS = Message(
    "If you have a backup from before that, restore it instead. Taking it over keeps everything as it is now: what was "
    "changed does not come back, it counts as what was written, and the check goes on naming these revisions."
)


def ask_about_journal(theme: Theme, parent: QWidget, question: JournalQuestion) -> Dialog:
    """Asks whether to take it over. Enter and Esc leave it as it is."""
    dialog = Dialog(
        theme,
        parent,
        tr("Take over {estate} although its journal was changed?", estate=name_and_folder(question.where)[0]),
        _what(question),
        Text(str(_MEANS), wrap=True),
        icon="warning",
        token="bad",
    )
    dialog.add_button(Button(tr("Leave it as it is"), dialog.reject), default=True)
    dialog.add_button(Button(tr("Take it over"), dialog.accept, kind="danger"))
    dialog.accepted.connect(lambda: question.accept())
    dialog.rejected.connect(lambda: question.leave())
    dialog.open()
    return dialog


def _what(question: JournalQuestion) -> str:
    """What is broken, and where."""
    named = [str(number) for number in question.numbers[:_NAMED]]
    more = len(question.numbers) - len(named)
    if more:
        named.append(trn("{count} more", "{count} more", more))
    parts = []
    if named:
        parts.append(
            trn(
                "An older Terrier wrote it, and revision {numbers} does not hold what was written: another program has "
                "changed it.",
                "An older Terrier wrote it, and revisions {numbers} do not hold what was written: another program has "
                "changed them.",
                len(question.numbers),
                numbers=listing(named),
            )
        )
    if question.pruned:
        parts.append(
            tr(
                "What was valid at revision {number}, before which the history is not kept, was changed by another "
                "program.",
                number=str(question.pruned),
            )
        )
    return " ".join(parts)
