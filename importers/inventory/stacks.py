"""The members of a stack: devices with serial numbers of their own that answer on the network as one device."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cmdb.model.mac_addresses import canonical_mac
from cmdb.model.observation import Link, Observation
from importers.inventory.fields import Entry, filled, meaningful, objects, text, whole
from importers.inventory.references import mention, reference

_LONGEST_NAME = 60
_MOST = 64
"""Members of a stack; what lists more is none: a controller that lists what it manages."""
_NUMBERED = re.compile(r"(?:.*\b(?:switch|unit|member|fpc|chassis)\W{0,3})?(\d{1,3})", re.IGNORECASE)
"""What chassis are called by their positions: "2", "Switch 2", "Stack unit 2"."""


class _Member(NamedTuple):
    position: int
    serial: str
    entry: Entry


def serial_of_stack(content: Entry, stated: str) -> str:
    """The serial number of the record of a device: of a stack that of its first member.

    The device states that of the member which speaks for all, and another one speaks after it was started anew.
    """
    members = _members(content)
    return members[0].serial if stated in (one.serial for one in members) else stated


def is_stack(content: Entry) -> bool:
    """Whether a device is several that answer as one."""
    return bool(_members(content))


def stack_members(content: Entry, stack: Observation) -> Iterator[Observation]:
    """The members of a stack, each a device that is part of it, but for the one whose serial number the stack has."""
    named = mention(stack, ("host_name", "serial_number"))
    own = str(stack.values.get("serial_number", ""))
    for position, serial, entry in _members(content) if named.name else ():
        if serial == own:
            continue
        mac = canonical_mac(text(entry, "mac"))
        mac = "" if mac == stack.values.get("mac_address") else mac
        values: dict[str, Any] = filled(
            name=f"{named.name} - {position}",
            serial_number=serial,
            manufacturer=reference("manufacturer", meaningful(entry, "manufacturer", "manufacturers"))
            or stack.values.get("manufacturer"),
            model=reference("hardware_model", meaningful(entry, "model", "models")),
            firmware_version=text(entry, "version") or text(entry, "firmware"),  # the former is the software's
            mac_address=mac,
            last_seen=stack.values.get("last_seen"),
        )
        evidence = {"mac": [mac]} if mac else {}
        yield Observation(stack.cls, values, stack.origin, evidence=evidence, links=[Link("part_of", named)])


def _members(content: Entry) -> list[_Member]:
    """The chassis with serial numbers of their own, by their positions; none where there are not several.

    What has an address of its own is managed by the device (``managed_devices``), and no part of it.
    """
    found: dict[str, tuple[int | None, int, Entry]] = {}
    for entry in objects(content, "network_components"):
        serial = meaningful(entry, "serial", "serial_numbers")
        if text(entry, "type").casefold() == "chassis" and serial and not text(entry, "ip"):
            found.setdefault(serial, (_stated_position(entry), whole(entry, "index") or 0, entry))
    if not 1 < len(found) <= _MOST:
        return []
    listed = sorted(found.items(), key=lambda one: (one[1][1], one[0]))
    stated = [position for _, (position, _, _) in listed if position is not None]
    numbered = len(stated) == len(set(stated)) == len(listed)
    members = [
        _Member(position if numbered and position is not None else order, serial, entry)
        for order, (serial, (position, _, entry)) in enumerate(listed, 1)
    ]
    return sorted(members, key=lambda one: one.position)


def _stated_position(entry: Entry) -> int | None:
    number = whole(entry, "stack_number")
    if number is not None:
        return number
    named = _NUMBERED.fullmatch(text(entry, "name")[:_LONGEST_NAME])
    return int(named[1]) if named else None
