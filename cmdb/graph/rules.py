"""Rules of impact beyond what a relationship type states.

A type states one direction and one strength. Some rules depend on the classes at its ends, or work in both directions.
They are here by name, and do not apply where a schema lacks the name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cmdb.model.messages import Message, counted
from cmdb.model.schema import RelationshipType, Schema

#: The types of links from a machine to where it runs. If one of its links leads to a cluster, links to hosts are only
#: placement.
PLACING = ("virtualised_on", "runs_on")
VIRTUALISED = "virtualised_on"
CLUSTER = "cluster"

#: Links of these types to these classes carry no impact: an expired licence or contract is no outage.
PAPERS = {"licensed_by": ("entitlement", "agreement", "contract")}

#: With these types the loss of a part degrades the whole, unless a group of the whole sets the number needed.
PARTS = ("part_of",)

#: The subject can replace the object: it joins every group of which the object is a member.
STANDBY = "stands_by_for"


def members(number: int) -> Message:
    """The default word for members of a group."""
    return counted("member", "members", number)


#: The word for the providers of a type of link, by their number.
NOUNS: dict[str, Callable[[int], Message]] = {
    "uplinks_through": lambda number: counted("uplink", "uplinks", number),
    "powered_by": lambda number: counted("power feed", "power feeds", number),
    "member_of": members,
    "virtualised_on": lambda number: counted("host", "hosts", number),
    "located_in": lambda number: counted("location", "locations", number),
    "part_of": lambda number: counted("part", "parts", number),
    "stores_data_on": lambda number: counted("store", "stores", number),
}


def family(schema: Schema, *names: str) -> frozenset[str]:
    """The classes of these names and all their subclasses; names that the schema lacks are left out."""
    return frozenset(c for name in names if name in schema.classes for c in schema.family(name))


def directions(kind: RelationshipType) -> tuple[bool, bool]:
    """Whether the subject depends on the object, and whether the object depends on the subject."""
    if kind.impact == "none":
        return False, False
    if kind.symmetric:
        return True, True
    return kind.impact == "backward", kind.impact == "forward"


def redundant_types(schema: Schema) -> Iterator[RelationshipType]:
    """The types whose links usually come in redundant sets."""
    return (kind for kind in schema.relationships.values() if kind.grouped and kind.impact != "none")
