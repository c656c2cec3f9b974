"""The sheets beside a scan: another place, a note, which item an unknown code names, which of several is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from app.codes.resolve import resolve
from cmdb.model.characters import marked
from cmdb.model.messages import tr
from ui.accessible import name_area
from ui.context import Context
from ui.pages.audits.scanner_keys import OWN
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column
from ui.widgets.notice import InlineMessage
from ui.widgets.reference import ReferencePicker


def ask_record(
    context: Context, title: str, about: str, button: str, cls: str, then: Callable[[str], None],
    more: Sequence[QWidget] = (),
) -> None:  # fmt: skip
    """Asks for a record of a class, typed or scanned; ``then`` gets its id."""
    shell = context.shell
    picker = ReferencePicker(context, cls)
    picker.setProperty(OWN, True)
    error = InlineMessage(context.theme)

    def take() -> None:
        if not picker.uid:
            error.say(tr("Choose it from the list, or scan its label."), "warning")
            return
        shell.close_sheet()
        then(picker.uid)

    def scanned() -> None:
        """Enter after a code: what it names is chosen."""
        code = picker.text().strip()
        if picker.uid or not code:
            if picker.uid:
                take()
            return

        def found(read: object) -> None:
            record = getattr(read, "record", None)
            if record is None or not context.schema.is_a(record.cls, cls):
                error.say(tr("Nothing of this kind has the code {code}.", code=code[:80]), "warning")
                return
            picker.finder.hide()
            picker.show_ci(record.uid, record.name)
            error.say("")

        context.query(lambda reader: resolve(reader, code), found, key=("audits", "resolve"), owner=picker)

    picker.returnPressed.connect(scanned)
    content = box(column(Text(about, "muted", wrap=True), 4, picker, error, *more, STRETCH, spacing=4))
    shell.sheet(title, content, (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(button, take)))
    picker.setFocus()


def ask_note(context: Context, name: str, note: str, then: Callable[[str], None]) -> None:
    """Asks for the note on a scan."""
    shell = context.shell
    field = QPlainTextEdit(note)
    name_area(field, tr("Note"))
    set_sizes(field, least_height=120)

    def save() -> None:
        shell.close_sheet()
        then(field.toPlainText().strip())

    content = box(column(Text(tr("It stays with this scan."), "muted", wrap=True), field, STRETCH, spacing=6))
    buttons = (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("Keep the note"), save))
    shell.sheet(tr("Note on {name}", name=name), content, buttons)
    field.setFocus()


def ask_which(context: Context, code: str, items: Sequence[tuple[str, str]], then: Callable[[str], None]) -> None:
    """Asks which of several items with one code is meant."""
    shell = context.shell
    found = QListWidget()
    name_area(found, tr("Items"))
    for uid, name in items:
        item = QListWidgetItem(marked(name), found)
        item.setData(256, uid)
    found.setCurrentRow(0)

    def take() -> None:
        item = found.currentItem()
        if item is not None:
            shell.close_sheet()
            then(str(item.data(256)))

    found.itemActivated.connect(lambda _: take())
    about = tr("These have the code {code}. One of them should get another label.", code=code)
    open_all = [
        Button(tr("Show {name}", name=name), partial(shell.open_ci, uid), kind="plain") for uid, name in items[:6]
    ]
    content = box(column(Text(about, "muted", wrap=True), found, *open_all, STRETCH, spacing=6))
    buttons = (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("It is this one"), take))
    shell.sheet(tr("Which one is it?"), content, buttons)
    found.setFocus()
