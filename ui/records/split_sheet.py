"""The sheet that splits a record: which of those that were merged into it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from app.merging import merged_into, split_revision
from app.verbs import Uids
from cmdb.model.characters import marked
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column

if TYPE_CHECKING:
    from cmdb.model.record_aliases import MergedRecord
    from ui.context import Context


def open_split_sheet(context: Context, uids: Uids, what: str) -> None:
    """Asks which of the merged records comes back, then splits it. ``what`` is the name of the other record."""
    shell, chooser = context.shell, QComboBox()
    chooser.setAccessibleName(tr("Record that comes back"))
    button = PrimaryButton(tr("Split"), lambda: save())
    button.setEnabled(False)
    kept: list[str] = []

    def show(found: tuple[str, list[MergedRecord]]) -> None:
        kept[:] = [found[0]]
        for one in found[1]:
            tag = one.record.text("asset_tag") or one.record.text("number")
            label = tr("{name}, revision {number}", name=f"{one.record.name} {tag}".strip(), number=Plain(one.number))
            icon = context.theme.icon(context.schema.cls(one.record.cls).icon)
            chooser.addItem(icon, marked(label), (one.record.uid, one.record.name))
        button.setEnabled(bool(found[1]))

    def save() -> None:
        (uid, name), author = chooser.currentData(), context.author
        shell.close_sheet()
        said = Message("{name} split from {kept}", name=name, kept=what)
        context.edit(lambda reader: split_revision(reader, kept[0], uid, author), str(said))

    about = tr(
        "It comes back with what it had when it was merged. What was added or changed since stays with {kept}.",
        kept=what,
    )
    content = column(
        Text(about, "muted", wrap=True), 8, Text(tr("Record that comes back"), "muted"), chooser, STRETCH, spacing=4
    )
    holder = box(content)
    shell.sheet(tr("Split {item}", item=what), holder, (Button(tr("Cancel"), shell.close_sheet), button))
    context.query(lambda reader: (uid := uids(reader)[0], merged_into(reader, uid)), show, key=("split",), owner=holder)
