"""Batteries: what they were built for, and what they still hold."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, named, rows
from importers.discovery.collector import Content, Section, present

#: Win32_Battery.Chemistry.
_CHEMISTRIES = {3: "Lead acid", 4: "NiCd", 5: "NiMH", 6: "Li-ion", 7: "Zinc air", 8: "Li-poly"}
#: Win32_Battery.BatteryStatus.
_STATES = {
    1: "discharging", 2: "on mains", 3: "full", 4: "low", 5: "critical", **dict.fromkeys((6, 7, 8, 9), "charging"),
}  # fmt: skip
_UNKNOWN = (0, 0xFFFFFFFF)


def _parse(capture: Capture) -> Content:
    plain = rows(capture, "batteries")
    static = rows(capture, "battery-design")
    full, cycles = rows(capture, "battery-capacity"), rows(capture, "battery-cycles")
    batteries, own = [], []
    for at in range(max(len(plain), len(static))):
        shown = plain[at] if at < len(plain) else {}
        built = static[at] if at < len(static) else {}
        instance = text(built, "InstanceName")
        battery, told = _battery(shown, built, _of(full, instance, at), _of(cycles, instance, at))
        batteries.append(battery)
        own.append(told)
    return {"batteries": batteries, "terrier": {"batteries": own}} if batteries else {}


def _of(listed: list[Row], instance: str, at: int) -> Row:
    """The row of a battery: by its instance; where that is not told, by its place."""
    if instance:
        return next((one for one in listed if text(one, "InstanceName") == instance), {})
    return listed[at] if at < len(listed) else {}


def _battery(shown: Row, built: Row, full: Row, cycles: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    name = text(built, "DeviceName") or text(shown, "Name") or text(shown, "DeviceID") or "Battery"
    battery = present(
        name=name,
        manufacturer=text(built, "ManufactureName"),
        serial=text(built, "SerialNumber").strip("0 ") and text(built, "SerialNumber"),
        chemistry=_chemistry(built) or named(_CHEMISTRIES, shown, "Chemistry"),
        voltage=whole(shown, "DesignVoltage") or None,
        capacity=_known(whole(built, "DesignedCapacity")),
        real_capacity=_known(whole(full, "FullChargedCapacity")),
    )
    charge = whole(shown, "EstimatedChargeRemaining")
    told = present(
        charge=min(charge, 100) if charge is not None else None,
        cycles=whole(cycles, "CycleCount") or None,
        state=named(_STATES, shown, "BatteryStatus"),
    )
    return battery, {"name": name, **told}


def _known(capacity: int | None) -> int | None:
    return None if capacity in _UNKNOWN else capacity


def _chemistry(built: Row) -> str:
    """The letters that the number of a chemistry is made of: "LION"."""
    number = whole(built, "Chemistry") or 0
    letters = number.to_bytes(8, "little")[:4].rstrip(b"\0").decode("ascii", "ignore")
    known = {"LION": "Li-ion", "LI-I": "Li-ion", "LIP": "Li-poly", "NIMH": "NiMH", "NICD": "NiCd", "PBAC": "Lead acid"}
    return known.get(letters.upper(), letters if letters.isalpha() else "")


SUBJECT = Subject(
    "batteries",
    _parse,
    ("batteries", "battery-design", "battery-capacity", "battery-cycles"),
    (Section("batteries"),),
)
