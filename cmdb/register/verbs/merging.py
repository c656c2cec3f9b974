"""Merging: records that are one thing become one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from cmdb.model.audits import AUDIT
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import NOTE, noted

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


def merge(records: Records, uids: Sequence[str], values: Values, author: str, _at: str) -> Revision:
    """Makes one record of several. ``into`` is kept; if it is one of the records itself, the others go into it."""
    from cmdb.register import merging  # It reads far more than other verbs.

    reader = cast("Reader", getattr(records, "reader", records))  # What is merged is what is there now.
    made = merging.merge(reader, uids, str(values["into"]), author)
    return replace(made, reason=noted(made.reason, values.get("note")))


def _merged(name: str, number: int, shown: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} merged into {into}", name=name, into=shown["into"])
    return counted("{count} item merged into {into}", "{count} items merged into {into}", number, into=shown["into"])


def _is_one_thing(schema: Schema, cls: str) -> bool:
    """Whether two records of a class may be one: an audit looked at its own time."""
    return not schema.is_a(cls, AUDIT)


VERBS = (
    Verb(
        name="merge",
        title=Message("Merge"),
        icon="merge",
        help=Message("make one record of several that are the same thing"),
        done=_merged,
        make=merge,
        classes=("ci", "work"),
        roots=("ci", "work"),
        fits=_is_one_thing,
        fields=(
            VerbField(
                "into",
                Message("Into"),
                "reference",
                alike=True,
                required=True,
                help=Message("The record that stays. The others become part of it."),
            ),
            NOTE,
        ),
        about=Message(
            "One record stays, with its names and what people said of it. It gets what is said of the others, what "
            "belongs to them, and what names them; of imports and scans the later observation stays. The ids, tags and "
            "names of the others still find it; undo or split brings them back."
        ),
        order=315,
    ),
)
