"""The actions on items, known before their page is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdb.model.messages import Message, in_context
from ui.actions import ActionEntry
from ui.records.verb_actions import verb_actions

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.schema import Schema

_BOTH, _ITEM = ("edit", "context"), Message("an item that is shown")

_SELECTIONS: dict[tuple[str, ...], Message] = {
    ("ci",): Message("a selection of items in Assets"),
    ("hardware",): Message("a selection of hardware in Assets"),
}
_SUITABLE = Message("a selection in Assets of items that it applies to")


ACTIONS = (
    ActionEntry("assets.new", Message("New item…"), "plus", "Ctrl+N", ("edit",), edits=True),
    ActionEntry(
        "assets.like",
        Message("New like this one…"),
        "copy",
        "Ctrl+D",
        _BOTH,
        _ITEM,
        edits=True,
        hint=Message("a new item with what alike items share: model, place, price; no tag, serial number or holder"),
    ),
    ActionEntry(
        "assets.tag",
        Message("Give the next free tag"),
        "tag",
        "Ctrl+Shift+A",
        ("edit",),
        Message("a selection of hardware in Assets"),
        edits=True,
        hint=Message("asset tags for those that have none, after the highest that was ever given"),
    ),
    ActionEntry(
        "assets.edit",
        in_context("verb", "Edit…"),
        "edit",
        "Ctrl+E",
        _BOTH,
        Message("a selection of items in Assets"),
        edits=True,
    ),
    *verb_actions("assets", "ci", _SELECTIONS, _SUITABLE),
    ActionEntry(
        "assets.split",
        Message("Split…"),
        "",
        "",
        ("edit",),
        Message("an item that is shown, into which another one was merged"),
        edits=True,
        hint=Message("bring back a record that was merged into this one"),
    ),
    ActionEntry(
        "assets.settle",
        Message("Settle what a leaver has…"),
        "person",
        "",
        ("edit",),
        Message("a person that is shown in Assets"),
        edits=True,
        hint=Message("say in one sheet what of the things, seats and records of somebody who leaves comes back"),
    ),
    ActionEntry(
        "assets.comment",
        Message("Comment…"),
        "note",
        "Ctrl+Shift+M",
        _BOTH,
        _ITEM,
        edits=True,
        hint=Message("say something about it, for everyone who opens the estate"),
    ),
    ActionEntry(
        "assets.watch",
        Message("Watch, or watch no longer"),
        "eye",
        "Ctrl+Shift+W",
        _BOTH,
        Message("a selection of items in Assets"),
        edits=True,
        hint=Message("show what others change in them"),
    ),
    ActionEntry(
        "assets.watched",
        Message("Watched items"),
        "eye",
        "Ctrl+Alt+W",
        ("edit",),
        hint=Message("list what you watch, with what others changed in it"),
    ),
    ActionEntry("assets.link", Message("Link to…"), "link", "", _BOTH, _ITEM, edits=True),
    ActionEntry(
        "assets.task",
        Message("Make a task…"),
        "check",
        "Ctrl+Shift+N",
        _BOTH,
        Message("a selection of items in Assets"),
        edits=True,
        hint=Message("write down what is to do with them; one task for all of them"),
    ),
    ActionEntry(
        "assets.attach",
        Message("Add files…"),
        "document",
        "",
        _BOTH,
        _ITEM,
        edits=True,
        hint=Message("keep photos, invoices or contracts with it"),
    ),
    ActionEntry(
        "assets.paste",
        Message("Paste a file or picture"),
        "paste",
        "Ctrl+V",
        ("edit",),
        _ITEM,
        edits=True,
        hint=Message("keep what is on the clipboard with it"),
    ),
    ActionEntry(
        "assets.audit",
        Message("Start an audit of this list…"),
        "audits",
        "",
        ("edit",),
        Message("a list that has items"),
        edits=True,
        hint=Message("scan what is there of these items"),
    ),
    ActionEntry("assets.map", Message("Show on the map"), "map", "", _BOTH, _ITEM, separator=True),
    ActionEntry("assets.impact", Message("What fails with it?"), "warning", "Ctrl+I", _BOTH, _ITEM),
    ActionEntry(
        "assets.compare",
        Message("Compare…"),
        "columns",
        "Ctrl+Shift+D",
        _BOTH,
        Message("a selection of 2 to 6 items in Assets"),
        hint=Message("show the chosen items side by side, with what differs"),
    ),
    ActionEntry("assets.copy", Message("Copy as a table"), "copy", "", _BOTH, _ITEM),
    ActionEntry(
        "assets.find_list",
        Message("Find a pasted list…"),
        "paste",
        "",
        ("edit",),
        separator=True,
        hint=Message("show the items of a pasted column of names, tags, serial numbers or addresses"),
    ),
    ActionEntry(
        "assets.export",
        Message("Export this list…"),
        "export",
        "",
        ("edit",),
        Message("a list that has items"),
        separator=True,
    ),
    ActionEntry(
        "assets.labels",
        Message("Print labels…"),
        "printer",
        "Ctrl+P",
        _BOTH,
        Message("a list that has items"),
        hint=Message("labels with a code for what is selected, or for the whole list, on a sheet or a label printer"),
    ),
    ActionEntry(
        "assets.columns",
        Message("Columns and groups…"),
        "columns",
        "Ctrl+Shift+K",
        ("edit",),
        hint=Message("choose and order the columns of the list, and group its rows"),
    ),
)


def new_actions(schema: Schema) -> dict[str, ActionEntry]:
    """One for a new item of each class that items can have, by the class's name."""
    classes = schema.offered()
    return {
        one.name: ActionEntry(f"assets.new.{one.name}", Message("New {cls}…", cls=one.label), one.icon, edits=True)
        for one in classes
    }


def class_actions(workspace: Workspace) -> tuple[ActionEntry, ...]:
    """A new item of each class of the estate."""
    return tuple(new_actions(workspace.schema).values())
