"""The actions on items, known before their page is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.verbs import known_verbs
from cmdb.model.messages import Message, in_context
from ui.actions import ActionEntry

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.schema import Schema
    from cmdb.model.verb import Verb

_BOTH, _ITEM = ("edit", "context"), Message("an item that is shown")

_SELECTIONS: dict[tuple[str, ...], Message] = {
    ("ci",): Message("a selection of items in Assets"),
    ("hardware",): Message("a selection of hardware in Assets"),
}
_SUITABLE = Message("a selection in Assets of items that it applies to")


def _of_verb(verb: Verb, before: Verb | None) -> ActionEntry:
    """A verb as an action on the selected items. Every hundred of the order begins a group."""
    starts = before is None or verb.order // 100 != before.order // 100
    return ActionEntry(
        f"assets.{verb.name}",
        Message("{verb}…", verb=verb.title),
        verb.icon,
        verb.keys,
        _BOTH,
        _SELECTIONS.get(verb.classes, _SUITABLE),
        edits=True,
        hint=verb.help,
        separator=starts,
    )


def _of_verbs() -> tuple[ActionEntry, ...]:
    verbs = list(known_verbs().values())
    return tuple(_of_verb(verb, before) for verb, before in zip(verbs, [None, *verbs], strict=False))


ACTIONS = (
    ActionEntry("assets.new", Message("New item…"), "plus", "Ctrl+N", ("edit",), edits=True),
    ActionEntry(
        "assets.edit",
        in_context("verb", "Edit…"),
        "edit",
        "Ctrl+E",
        _BOTH,
        Message("a selection of items in Assets"),
        edits=True,
    ),
    *_of_verbs(),
    ActionEntry("assets.link", Message("Link to…"), "link", "", _BOTH, _ITEM, edits=True),
    ActionEntry("assets.map", Message("Show on the map"), "map", "", _BOTH, _ITEM, separator=True),
    ActionEntry("assets.impact", Message("What fails with it?"), "warning", "Ctrl+I", _BOTH, _ITEM),
    ActionEntry("assets.copy", Message("Copy as a table"), "copy", "", _BOTH, _ITEM),
    ActionEntry(
        "assets.export",
        Message("Export this list…"),
        "export",
        "",
        ("edit",),
        Message("a list that has items"),
        separator=True,
    ),
)


def new_actions(schema: Schema) -> dict[str, ActionEntry]:
    """One for a new item of each class that items can have, by the class's name."""
    return {
        one.name: ActionEntry(f"assets.new.{one.name}", Message("New {cls}…", cls=one.label), one.icon, edits=True)
        for one in schema.concrete()
    }


def class_actions(workspace: Workspace) -> tuple[ActionEntry, ...]:
    """A new item of each class of the estate."""
    return tuple(new_actions(workspace.schema).values())
