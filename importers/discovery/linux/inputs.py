"""Keyboards and pointing devices, as the kernel lists them."""

from __future__ import annotations

from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_LIST = "/proc/bus/input/devices"
#: The bus of a device by its number (linux/input.h).
_BUSES = {"0003": "USB", "0005": "Bluetooth", "0011": "PS/2", "0018": "I2C", "0019": "built in"}
_LEDS = "LED="  # keyboards of people have lights; buttons and remote controls that are also keyboards have none


def devices(text: str) -> list[dict[str, Any]]:
    """The keyboards and pointing devices of the list, in the form of the inventory's ``inputs``."""
    found = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        name = next((line.partition("=")[2].strip('" ') for line in lines if line.startswith("N: Name=")), "")
        handlers = next((line.partition("=")[2].split() for line in lines if line.startswith("H: Handlers=")), [])
        bus = next((line[len("I: Bus=") :][:4] for line in lines if line.startswith("I: Bus=")), "")
        pointing = any(one.startswith("mouse") for one in handlers)
        keyboard = "kbd" in handlers and any(line.startswith(f"B: {_LEDS}") for line in lines)
        if name and (pointing or keyboard):
            kind = "pointing" if pointing else "keyboard"
            found.append(present(name=name, caption=name, type=kind, interface=_BUSES.get(bus)))
    return found


def _collect(probe: Probe) -> Content:
    found = devices(probe.read(_LIST))
    return {"inputs": found} if found else {}


COLLECTOR = Collector("input devices", _collect, sections=(Section("inputs"),))
