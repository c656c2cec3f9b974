"""Moving things: to a place, or into a rack."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.errors import InvalidValue
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import FieldValue, Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import NOTE, day_of, is_gone, revision


def move(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Moves CIs to a place, out of the racks they are in; or into a rack, and with it to where that stands.

    Raises InvalidValue where the target is neither, is what is moved, or a class can't be put there.
    """
    target, schema = records.get(str(values["to"])), records.schema
    set_: dict[str, FieldValue]
    if schema.is_a(target.cls, "place"):
        needed, set_ = "location", {"location": target.uid, "rack": None}
    elif schema.is_a(target.cls, "rack"):
        needed, set_ = "rack", {"rack": target.uid}
        if "location" in target.values:
            set_["location"] = target.values["location"]
    else:
        raise InvalidValue(f"{target.name} is not a place.")

    def of(one: CI) -> Values:
        if needed not in schema.cls(one.cls).attributes:
            raise InvalidValue(f"{one.name} is a {schema.cls(one.cls).label}: it has no {needed}.")
        if one.uid == target.uid:
            raise InvalidValue(f"{one.name} can't be moved into itself.")
        return set_

    return revision(records, uids, of, author, f"Moved to {target.name} on {day_of(at)}", values.get("note"))


def _has_location(schema: Schema, cls: str) -> bool:
    return "location" in schema.cls(cls).attributes


VERBS = (
    Verb(
        name="move",
        title="Move",
        icon="move",
        help="move records to a place or into a rack",
        done="{records} moved to {to}",
        make=move,
        fits=_has_location,
        why_not=is_gone,
        fields=(
            VerbField(
                "to",
                "To",
                "reference",
                targets=("place", "rack"),
                required=True,
                help="The site, building, floor, room or rack.",
            ),
            NOTE,
        ),
        keys="Ctrl+M",
        command="relocate",
        order=30,
        common=True,
    ),
)
