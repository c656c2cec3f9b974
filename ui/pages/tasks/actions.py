"""The actions on tasks, known before their page is built."""

from __future__ import annotations

from cmdb.model.messages import Message, in_context
from ui.actions import ActionEntry
from ui.records.verb_actions import verb_actions

_EDIT, _BOTH = ("edit",), ("edit", "context")
_SELECTED, _SHOWN = Message("a selection of tasks in Tasks"), Message("a task that is shown")

ACTIONS = (
    ActionEntry(
        "tasks.new", Message("New task…"), "plus", "Ctrl+N", _EDIT, edits=True, hint=Message("write down what is to do")
    ),
    ActionEntry("tasks.edit", in_context("verb", "Edit…"), "edit", "Ctrl+E", _BOTH, _SELECTED, edits=True),
    *verb_actions("tasks", "work", {}, Message("a selection in Tasks that it applies to")),
    ActionEntry("tasks.link", Message("Link to…"), "link", "", _BOTH, _SHOWN, edits=True),
    ActionEntry(
        "tasks.comment",
        Message("Comment…"),
        "note",
        "Ctrl+Shift+M",
        _BOTH,
        _SHOWN,
        edits=True,
        hint=Message("say something about it, for everyone who opens the estate"),
    ),
    ActionEntry(
        "tasks.attach",
        Message("Add files…"),
        "document",
        "",
        _BOTH,
        _SHOWN,
        edits=True,
        hint=Message("keep photos, invoices or contracts with it"),
    ),
    ActionEntry(
        "tasks.paste",
        Message("Paste a file or picture"),
        "paste",
        "Ctrl+V",
        _EDIT,
        _SHOWN,
        edits=True,
        hint=Message("keep what is on the clipboard with it"),
    ),
    ActionEntry("tasks.copy", Message("Copy as a table"), "copy", "", _BOTH, _SHOWN, separator=True),
    ActionEntry("tasks.import", Message("Import tasks…"), "import", "", _EDIT, edits=True, separator=True),
    ActionEntry(
        "tasks.template",
        Message("Template for tasks…"),
        "sheet",
        "",
        _EDIT,
        hint=Message("a sheet with the columns that tasks have, to fill in and import"),
    ),
    ActionEntry(
        "tasks.columns",
        Message("Columns and groups…"),
        "columns",
        "Ctrl+Shift+K",
        ("edit",),
        hint=Message("choose and order the columns of the list, and group its rows"),
    ),
    ActionEntry("tasks.export", Message("Export this list…"), "export", "", _EDIT, Message("a list that has tasks")),
    ActionEntry(
        "tasks.receipt",
        Message("Receipt as PDF…"),
        "printer",
        "",
        _BOTH,
        Message("a selected receipt in Tasks"),
        hint=Message("write the sheet with its items, terms and lines to sign on"),
        separator=True,
    ),
    ActionEntry(
        "tasks.drafts",
        Message("E-mail drafts…"),
        "export",
        "",
        _EDIT,
        hint=Message("one for each person: what to sign, to return or to find"),
    ),
    ActionEntry(
        "tasks.whose",
        Message("Whose tasks are mine…"),
        "person",
        "",
        _EDIT,
        hint=Message("say which person you are, for the lists of your tasks"),
        separator=True,
    ),
)
