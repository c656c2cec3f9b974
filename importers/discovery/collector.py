"""The type of collectors, and the outcome of each in a scan. A collector is one file in a platform's folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cmdb.model.messages import EMPTY, Message

if TYPE_CHECKING:
    from importers.discovery.host import Probe

#: A piece of an inventory's ``content``: section → object or list, in GLPI's inventory format; what that format has no
#: place for stands under ``terrier``.
Content = dict[str, Any]

COLLECTED = "collected"
TIMED_OUT = "timed out"
NOT_PERMITTED = "not permitted"
ABSENT = "absent"
FAILED = "failed"


class Section(NamedTuple):
    """A section that a collector lists completely, so that absence from the list can mean removal.

    ``elevate`` are the collector's words for data without which the section is incomplete, if it may not be read.
    """

    name: str
    elevate: str = ""


class WatchedConnections(Protocol):
    """The connections that were seen while they were watched."""

    def look(self, moment: str) -> None:
        """Looks which there are now; ``moment`` is the time (ISO, UTC)."""

    def content(self) -> Content:
        """The piece of the inventory of all looks, in the place of what the collector found at one moment."""


class Collector(NamedTuple):
    """One part of a scan.

    ``collect`` reads through the probe and returns a piece of the inventory, empty where the machine has no such
    thing. ``limit`` is its own time limit in seconds. ``watched`` begins to watch connections. What is ``asked`` can
    hold secrets, and is collected only where a person asks for it.
    """

    name: str
    collect: Callable[[Probe], Content]
    limit: float = 5.0
    sections: tuple[Section, ...] = ()
    watched: Callable[[Probe], WatchedConnections] | None = None
    asked: bool = False


class CollectorOutcome(NamedTuple):
    """The outcome of one collector: ``state`` is collected, timed out, not permitted, absent or failed (a bug, named in
    ``note``); ``elevate`` names what a scan as administrator would get besides; ``complete`` and ``incomplete`` the
    sections that it did and did not see the whole of.
    """

    name: str
    state: str
    seconds: float
    note: Message = EMPTY
    elevate: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """The outcome as written in the inventory file."""
        found: dict[str, Any] = {"name": self.name, "state": self.state, "seconds": round(self.seconds, 3)}
        if self.note:
            found["note"] = str(self.note)
        if self.elevate:
            found["elevate"] = list(self.elevate)
        if self.complete:
            found["complete"] = list(self.complete)
        if self.incomplete:
            found["incomplete"] = list(self.incomplete)
        return found


def merge(into: Content, part: Content) -> Content:
    """Lays a piece of an inventory over another, in place: objects are joined, lists are appended to."""
    for key, value in part.items():
        known = into.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merge(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            known.extend(value)
        else:
            into[key] = value
    return into


def present(**values: Any) -> dict[str, Any]:
    """A mapping without missing values: the format has no null and no empty text."""
    return {key: value for key, value in values.items() if value or value == 0}
