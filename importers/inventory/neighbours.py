"""The devices beside a device, as they told it who they are (LLDP, CDP): links to those that are in the register."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from cmdb.model.mac_addresses import canonical_mac
from cmdb.model.observation import Link, NamedReference
from importers.inventory.fields import Entry, is_placeholder, text
from importers.inventory.section_entries import entries

_WITH_SERIAL = re.compile(r"(\S{1,200})\(([A-Z0-9]{8,20})\)")
MOST_NEIGHBOURS = 4_096
"""Neighbours of a device that are looked up; those beyond are rows only."""


def neighbour_links(content: Entry, own: Entry) -> list[Link]:
    """A link for each neighbour that says its address or its name. ``own`` are the values of the device itself."""
    itself = {str(own.get(key, "")).casefold() for key in ("mac_address", "name", "host_name")}
    listed = entries(content, "neighbours", "network_ports")[:MOST_NEIGHBOURS]
    found = dict.fromkeys(names for names in called(listed, itself) if names)
    named = (tuple(NamedReference("hardware", name) for name in names) for names in found)
    return [Link("connected_to", names[0], known_as=names) for names in named]


def called(neighbours: Sequence[Entry], itself: Container[str]) -> list[tuple[str, ...]]:
    """What finds each neighbour of a device (``itself``: its own names, folded), the best first; () if none."""
    shared = _shared_names(neighbours)
    return [
        tuple(name for name in _names(one) if name.casefold() not in itself and name.casefold() not in shared)
        for one in neighbours
    ]


def told_name(neighbour: Entry) -> tuple[str, str]:
    """Its name and its serial number, "" where it tells none. Some devices tell both in one: "core-1(SAL1929KJ2J)"."""
    said = text(neighbour, "sysname")
    both = _WITH_SERIAL.fullmatch(said)
    return (both[1], both[2]) if both is not None else (said, "")


def _shared_names(neighbours: Sequence[Entry]) -> set[str]:
    """Names that several neighbours have: those of a model of phones, say. They name none of them."""
    addresses: dict[str, set[str]] = {}
    for one in neighbours:
        addresses.setdefault(told_name(one)[0].casefold(), set()).add(canonical_mac(text(one, "sysmac")))
    return {name for name, own in addresses.items() if len(own) > 1}


def _names(neighbour: Entry) -> Iterator[str]:
    """What finds a neighbour: its hardware address, its serial number, then its name."""
    mac = canonical_mac(text(neighbour, "sysmac"))
    if mac and not is_placeholder(mac, "macs"):
        yield mac
    name, serial = told_name(neighbour)
    if serial and not is_placeholder(serial, "serial_numbers"):
        yield serial
    if name and not is_placeholder(name, "host_names") and not is_placeholder(name, "any"):
        yield name
