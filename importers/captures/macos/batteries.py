"""Batteries: what they were built to hold and what they still hold."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.macos._answers import Entry, items, mapping, plists
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_CELL = 3800
"""Millivolts of a cell, as Apple states batteries: the charge of several cells in a row is told in mAh of one."""


def milliwatt_hours(charge: int | None, millivolts: int | None) -> int | None:
    """Milliwatt hours of a charge in mAh, by the number of cells that the present voltage tells."""
    if not charge or not millivolts or not 2500 < millivolts < 20_000:
        return None
    cells = max(1, round(millivolts / _CELL))
    return round(charge * cells * _CELL / 1000)


def _parse(capture: Capture) -> Content:
    told = next((one for one in items(capture, "power") if mapping(one, "sppower_battery_model_info")), {})
    cells = next((one for one in plists(capture, "battery") if one.get("BatteryInstalled") is not False), {})
    model = mapping(told, "sppower_battery_model_info")
    if not model and not cells:
        return {}
    volts = whole(cells, "Voltage")
    name = text(model, "sppower_battery_device_name") or text(cells, "DeviceName") or "Battery"
    battery = present(
        name=name,
        manufacturer=text(model, "sppower_battery_manufacturer") or text(cells, "Manufacturer"),
        serial=text(model, "sppower_battery_serial_number") or text(cells, "Serial"),
        voltage=volts,
        capacity=milliwatt_hours(whole(cells, "DesignCapacity"), volts),
        real_capacity=milliwatt_hours(_full(cells), volts),
    )
    health = mapping(told, "sppower_battery_health_info")
    charge = mapping(told, "sppower_battery_charge_info")
    own = present(
        charge=whole(charge, "sppower_battery_state_of_charge"),
        cycles=_first(whole(health, "sppower_battery_cycle_count"), whole(cells, "CycleCount")),
        state=_state(charge),
    )
    return {"batteries": [battery], "terrier": {"batteries": [{"name": name, **own}]}}


def _first(*values: int | None) -> int | None:
    return next((one for one in values if one is not None), None)


def _full(cells: Entry) -> int | None:
    """The charge that the battery still holds, in mAh: of an Apple chip "MaxCapacity" is a share in percent."""
    raw = whole(cells, "AppleRawMaxCapacity") or whole(cells, "MaxCapacity")
    return raw if raw and raw > 100 else None


def _state(charge: Entry) -> str:
    if text(charge, "sppower_battery_is_charging") == "TRUE":
        return "Charging"
    return "Full" if text(charge, "sppower_battery_fully_charged") == "TRUE" else ""


SUBJECT = Subject("batteries", _parse, ("power", "battery"), (Section("batteries"),))
