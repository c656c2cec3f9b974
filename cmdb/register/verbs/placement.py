"""Moving things: to a place, or into a rack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cmdb.model.errors import InvalidValue
from cmdb.model.guards import FieldGuard
from cmdb.model.messages import Message, counted
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import FieldValue, Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import NOTE, WHOLE_KIT, day_of, is_gone, revision


def move(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Moves CIs to a place, out of their racks; or into a rack, and to the place of that rack.

    Raises InvalidValue if the target is neither, is one of the CIs, or cannot hold a CI's class.
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
        raise InvalidValue(Message("{name} is not a place.", name=target.name))

    def of(one: CI) -> Values:
        if needed not in schema.cls(one.cls).attributes:
            cls, label = schema.cls(one.cls).label, schema.every_attribute[needed].label
            raise InvalidValue(
                Message("{name} is of class {cls}, which has no “{label}”.", name=one.name, cls=cls, label=label)
            )
        if one.uid == target.uid:
            raise InvalidValue(Message("{name} can't be moved into itself.", name=one.name))
        return set_

    reason = Message("Moved to {name} on {day}", name=target.name, day=day_of(at))
    made = revision(records, uids, of, author, reason, values.get("note"))
    if needed == "location":
        return made
    return replace(made, guards=(FieldGuard(target.uid, "location", target.values.get("location")),))


def _has_location(schema: Schema, cls: str) -> bool:
    return "location" in schema.cls(cls).attributes


def _moved(name: str, number: int, shown: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} moved to {to}", name=name, to=shown["to"])
    return counted("{count} item moved to {to}", "{count} items moved to {to}", number, to=shown["to"])


VERBS = (
    Verb(
        name="move",
        title=Message("Move"),
        icon="move",
        help=Message("move records to a place or into a rack"),
        done=_moved,
        make=move,
        fits=_has_location,
        why_not=is_gone,
        fields=(
            VerbField(
                "to",
                Message("To"),
                "reference",
                targets=("place", "rack"),
                required=True,
                help=Message("The site, building, floor, room or rack."),
            ),
            WHOLE_KIT,
            NOTE,
        ),
        keys="Ctrl+M",
        command="relocate",
        order=30,
        common=True,
    ),
)
