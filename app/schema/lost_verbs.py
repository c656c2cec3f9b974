"""Verbs that had a status to set, and have none after a change of the schema."""

from __future__ import annotations

from collections.abc import Iterator

from app.verbs import known_verbs
from cmdb.model.errors import SchemaError
from cmdb.model.life_cycle import VERBS, status_for
from cmdb.model.messages import Message
from cmdb.model.schema import Schema


def verbs_without_status(before: Schema, after: Schema) -> Iterator[Message]:
    """A sentence for each verb that some classes have no status for any more."""
    known = known_verbs()
    for verb in VERBS:
        lost = [
            cls.label
            for cls in after.concrete()
            if cls.name in before.classes
            and cls.attributes["status"].choices != before.classes[cls.name].attributes["status"].choices
            and _has(before, cls.name, verb)
            and not _has(after, cls.name, verb)
        ]
        if lost:
            title = str(known[verb].title).rstrip("…") if verb in known else verb
            yield Message("“{verb}” has no status to set any more for: {classes}.", verb=title, classes=tuple(lost))


def _has(schema: Schema, cls: str, verb: str) -> bool:
    try:
        status_for(schema, cls, verb)
    except SchemaError:
        return False
    return True
