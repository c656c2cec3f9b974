"""What relationship types mean for impact, beyond what a type by itself can say.

A type states one direction and one strength. A few facts hang on the classes at its ends, or go both ways; they stand
here by name and simply do not apply where a schema lacks the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from cmdb.model.schema import RelationshipType, Schema

#: Types by which a machine says where it runs. If one of its links leads to a cluster, those to hosts are placement.
PLACING = ("virtualised_on", "runs_on")
VIRTUALISED = "virtualised_on"
CLUSTER = "cluster"

#: An expired paper is no outage: links of these types to these classes carry no impact.
PAPERS = {"licensed_by": ("entitlement", "agreement", "contract")}

#: Types whose whole is degraded by the loss of a part, unless a group of the whole says how many it needs.
PARTS = ("part_of",)

#: The subject takes the object's place: it joins every group of which the object is a member.
STANDBY = "stands_by_for"

#: What a dependent calls the other end: one, several.
NOUNS = {
    "uplinks_through": ("uplink", "uplinks"),
    "powered_by": ("power feed", "power feeds"),
    "member_of": ("member", "members"),
    "virtualised_on": ("host", "hosts"),
    "located_in": ("location", "locations"),
    "part_of": ("part", "parts"),
    "stores_data_on": ("store", "stores"),
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
