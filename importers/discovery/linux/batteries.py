"""Batteries: what they were built to hold and what they still hold."""

from __future__ import annotations

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_POWER = "/sys/class/power_supply/"


def milliwatt_hours(energy: int | None, charge: int | None, microvolts: int | None) -> int | None:
    """Milliwatt hours of the energy in µWh, else of the charge in µAh at a voltage in µV; None if both are unknown."""
    if energy:
        return round(energy / 1000)
    return round(charge * microvolts / 1e9) if charge and microvolts else None


def _collect(probe: Probe) -> Content:
    batteries, own = [], []
    for name in probe.names(_POWER):
        base = f"{_POWER}{name}/"
        if probe.value(base + "type") != "Battery" or probe.value(base + "scope") == "Device":  # a mouse's
            continue
        volts = probe.number(base + "voltage_min_design")
        built, full = (
            milliwatt_hours(probe.number(base + "energy_" + what), probe.number(base + "charge_" + what), volts)
            for what in ("full_design", "full")
        )
        batteries.append(
            present(
                name=probe.value(base + "model_name") or name,
                manufacturer=probe.value(base + "manufacturer"),
                serial=probe.value(base + "serial_number").strip("0 ") and probe.value(base + "serial_number"),
                chemistry=probe.value(base + "technology"),
                voltage=volts // 1000 if volts else None,
                capacity=built,
                real_capacity=full,
            )
        )
        told = present(
            charge=probe.number(base + "capacity"),
            cycles=probe.number(base + "cycle_count"),
            state=probe.value(base + "status"),
        )
        own.append({"name": batteries[-1]["name"], **told})
    return {"batteries": batteries, "terrier": {"batteries": own}} if batteries else {}


COLLECTOR = Collector("batteries", _collect, sections=(Section("batteries"),))
