"""The question whose tasks are "mine": a person of the estate."""

from __future__ import annotations

from collections.abc import Callable

from app.work.lists import TaskOwner
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column
from ui.widgets.notice import InlineMessage
from ui.widgets.reference import ReferencePicker


def ask_owner(context: Context, owner: TaskOwner | None, then: Callable[[], None]) -> None:
    """Opens a sheet that asks for the person, and calls ``then`` when one was chosen, or none."""
    shell = context.shell
    picker = ReferencePicker(context, "person")
    picker.setAccessibleName(tr("Person"))
    if owner is not None:
        picker.show_ci(owner.person, owner.name)
    error = InlineMessage(context.theme)
    text = tr("Whose tasks are yours? It is kept on this computer, for this estate.")

    def done() -> None:
        if picker.unsettled:
            error.say(tr("Choose a person from the list."), "warning")
            return
        shell.close_sheet()
        context.workspace.identify(context.workspace.author, picker.uid or None)
        then()

    parts = (Text(text, "muted", wrap=True), 4, Text(tr("Person"), "muted"), picker, error, STRETCH)
    buttons = (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("Save"), done))
    shell.sheet(tr("Whose tasks are mine"), box(column(*parts, spacing=4)), buttons)
