"""The sheet that makes a task, from nothing or about records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.verbs import Uids
from app.work.new_task import asked, new_task
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.form import Form
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column
from ui.widgets.notice import InlineMessage
from ui.widgets.reference import ReferencePicker


def make_task(
    context: Context,
    values: Mapping[str, Any] | None = None,
    about: Uids | None = None,
    what: str = "",
    then: Callable[[str], None] | None = None,
) -> None:
    """Opens the sheet. ``values`` are there to begin with; ``what`` describes the records that it is ``about``.

    Where it is about nothing yet, one record can be chosen. ``then`` gets the id of the task that was made.
    """
    shell = context.shell
    form = Form(context, asked(context.schema))
    form.set_values(values or {})
    error = InlineMessage(context.theme)
    picker = ReferencePicker(context, "ci")
    picker.setAccessibleName(tr("About"))

    def save() -> None:
        given = form.values()
        if given is None:
            return
        if picker.unsettled:
            error.say(tr("Choose what it is about from the list, or leave it empty."), "warning")
            return
        chosen, author = picker.uid, context.author
        shell.close_sheet()
        context.edit(
            lambda reader: new_task(
                reader, given, about(reader) if about is not None else [chosen] if chosen else [], author
            ),
            tr("Task “{name}” made", name=str(given["name"])),
            lambda applied: then(next(iter(applied.created))) if then is not None else None,
        )

    form.submitted.connect(save)
    label = Text(tr("About"), "muted")
    label.setBuddy(picker)
    parts = [form, label, picker, error] if about is None else [label, Text(what, wrap=True), error, 8, form]
    buttons = (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("Make the task"), save))
    shell.sheet(tr("New task"), box(column(*parts, STRETCH, spacing=4)), buttons)
