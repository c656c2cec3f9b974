"""Verbs for the record itself: change its class, delete it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.verb import Records, Values, Verb, VerbField
from cmdb.register import edits
from cmdb.register.edits import each
from cmdb.register.verbs.shared_fields import NOTE, has_status, noted, same_phase


def change_class(records: Records, uids: Sequence[str], values: Values, author: str, _at: str) -> Revision:
    """Changes the class of CIs.

    Values that the new class lacks are kept and come back with the class. A status that the new class lacks is replaced
    by one with the same phase, if one exists.
    """
    schema = records.schema
    cls = schema.find_class(str(values["class"])).name
    changed = edits.change_class(records, uids, cls, author)
    statuses = [
        Edit(ci(one.uid), "status", status, same_phase(schema, one, cls))
        for one in each(records, uids)
        if (status := one.text("status")) and one.cls != cls and not has_status(schema, cls, status)
    ]
    return replace(changed, edits=[*changed.edits, *statuses], reason=noted(changed.reason, values.get("note")))


def delete(records: Records, uids: Sequence[str], values: Values, author: str, _at: str) -> Revision:
    """Deletes CIs with their links, and clears references to them."""
    return edits.delete(records, uids, author, str(values.get("note") or ""))


def _made(name: str, number: int, shown: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} is of class {cls} now", name=name, cls=shown["class"])
    return counted(
        "{count} item is of class {cls} now", "{count} items are of class {cls} now", number, cls=shown["class"]
    )


def _deleted(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} deleted", name=name)
    return counted("{count} item deleted", "{count} items deleted", number)


VERBS = (
    Verb(
        name="change_class",
        title=Message("Change class"),
        icon="edit",
        help=Message("make records of another class"),
        done=_made,
        make=change_class,
        fields=(
            VerbField("class", Message("Class"), "class", required=True, help=Message("The class that they get.")),
            NOTE,
        ),
        about=Message("Values that the new class has no place for are kept aside, and come back if the class does."),
        order=310,
    ),
    Verb(
        name="delete",
        title=Message("Delete"),
        icon="trash",
        help=Message("delete records with their relationships; undo brings them back"),
        done=_deleted,
        make=delete,
        fields=(NOTE,),
        classes=("ci", "work"),
        roots=("ci", "work"),
        about=Message(
            "Its links go with it, and what refers to it is cleared. You can undo this at any time, also days later."
        ),
        keys="Del",
        order=320,
        danger=True,
    ),
)
