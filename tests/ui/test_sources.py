"""The sources in the side sheet: listed, and one forgotten after a preview."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from tests.ui.conftest import RecordingShell
from ui.context import Context
from ui.proposals.sources import Sources

Settle = Callable[..., None]


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_a_source_is_forgotten_after_a_preview(context: Context, shell: RecordingShell, settle: Settle) -> None:
    store = context.workspace.store
    uids = [new_id(), new_id()]
    said = [[f"LT-9{n}", "2026-03-01T10:00:00Z"] for n in range(2)]
    made = [
        edit
        for uid, name in zip(uids, said, strict=True)
        for edit in (
            Edit(ci(uid), "", None, {"class": "laptop"}),
            Edit(Record("claim", (uid, "sheet:Wrong list.xlsx")), "", None, {"name": name}),
        )
    ]
    store.apply(Revision(made, "tom", "sheet:Wrong list.xlsx"))
    sheets = Sources(context)
    sheets.show()
    settle(lambda: "sheet Wrong list.xlsx" in texts(shell.content))
    assert "2 records · 0 links" in texts(shell.content)
    assert "person" not in texts(shell.content).replace("person.", "")
    buttons = [b for b in shell.content.findChildren(QPushButton) if b.text().strip() == "Forget…"]
    buttons[0].click()
    settle(lambda: "2 records that only it knew go" in texts(shell.content))
    field = shell.content.findChild(QLineEdit)
    field.setText("name = LT-90")
    field.editingFinished.emit()
    settle(lambda: "1 record that only it knew goes" in texts(shell.content))
    field.setText("wings = 2")
    field.editingFinished.emit()
    settle(lambda: "wings" in texts(shell.content))
    sure = next(b for b in shell.buttons if isinstance(b, QPushButton) and b.text().strip() == "Forget it")
    assert not sure.isEnabled()
    field.setText("name = LT-90")
    field.editingFinished.emit()
    settle(lambda: sure.isEnabled())
    sure.click()

    def left() -> list[str]:
        with store.read() as reader:
            return [uid for uid in uids if uid in reader.names(uids)]

    settle(lambda: left() == uids[1:] and context.workspace.undo_stack.can_undo)
    context.workspace.undo_stack.undo()
    assert left() == uids
