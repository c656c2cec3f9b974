"""Expansion slots, connectors and power supplies, by the firmware's tables, which only root may read."""

from __future__ import annotations

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.smbios import connectors, power_supplies, slots

_ELEVATE = "expansion slots, connectors and power supplies"


def _collect(probe: Probe) -> Content:
    table = probe.read_bytes("/sys/firmware/dmi/tables/DMI", _ELEVATE)
    return present(slots=slots(table), ports=connectors(table), powersupplies=power_supplies(table))


COLLECTOR = Collector(
    "slots and power supplies",
    _collect,
    sections=(Section("slots", _ELEVATE), Section("ports", _ELEVATE), Section("powersupplies", _ELEVATE)),
)
