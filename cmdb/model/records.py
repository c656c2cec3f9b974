"""Records of a register: configuration items, their relationships, installations, claims and sightings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cmdb.model.messages import Message
from cmdb.model.values import Value


@dataclass(frozen=True, slots=True)
class CI:
    """A configuration item. ``values`` hold name and status too; references are ids."""

    id: int
    uid: str
    cls: str
    name: str
    values: Mapping[str, Value]
    revision: int

    def text(self, name: str) -> str:
        """The value of a text, choice, date or reference; "" for a missing value."""
        return str(self.values.get(name, ""))


@dataclass(frozen=True, slots=True)
class GroupMembership:
    """A dependency group that a relationship is in: its id, its label, and how many of its members it needs."""

    group: str
    label: str
    needs: str


@dataclass(frozen=True, slots=True)
class Related:
    """The other end of a relationship of a CI. ``inverse``: the CI itself is the object.

    ``attribute`` names the reference attribute that stores it, "" for a relationship record; ``label`` reads from the
    CI. ``groups`` are the dependency groups that it is in, by label; ``alone``: it stands by itself, too. ``stated_by``
    are the sources that state a relationship record; none: made by hand.
    """

    type: str
    inverse: bool
    uid: str
    cls: str
    name: str
    attribute: str
    label: str
    groups: tuple[GroupMembership, ...] = ()
    alone: bool = True
    stated_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedKind:
    """One kind of relationship of a CI: ``number`` of related records, and the ``first`` of them by name.

    ``attribute`` is the reference attribute that stores it ("": relationship records). With ``inverse`` the others
    refer to this CI. ``classes`` are the classes of the others.
    """

    label: str
    type: str
    inverse: bool
    attribute: str
    number: int
    classes: tuple[str, ...] = ()
    first: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Installation:
    """A software release on a computer; ``computer`` and ``user`` are ids.

    ``stated_by`` are the sources that say so; none where it was entered by hand.
    """

    computer: str
    publisher: str
    product: str
    edition: str
    version: str
    scope: str
    user: str
    environment: str
    installed_on: str
    last_used: str
    origin: str
    stated_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """The value that one source states for an attribute, and whether it ``wins`` by the ``rule``."""

    source: str
    value: Value | None
    observed: str
    wins: bool
    rule: Message


@dataclass(frozen=True, slots=True)
class StoredDeviation:
    """What a source says of an attribute of a record, and what stands there (None: nothing)."""

    uid: str
    cls: str
    name: str
    attribute: str
    stands: Value | None
    said: Value
    source: str
    observed: str
    held: bool
    """Whether the order of sources holds what the source says."""
    since: str
    """Since when both is so: the source says this, and that stands."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The time at which a source last inspected a section of a record."""

    source: str
    section: str
    observed: str
