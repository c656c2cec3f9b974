"""Names of hardware that an inventory tells by numbers only: makers of PCI and USB devices, of network adapters (by MAC
address) and of displays (by their three letters), from the files of the computer that reads it.

A name that the inventory says stays as it is, and what identifies a row is left alone, so that an inventory is of the
same things wherever it is read. What the files don't have is absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, cached_property, lru_cache
from typing import Any

from cmdb.model.mac_addresses import adapter_mac
from importers.discovery import edid
from importers.discovery.hardware_names import DeviceNames, MakerNames, given
from importers.discovery.host import Host, Probe
from importers.inventory.fields import Entry, mapping, meaningful, objects, text

_NUMBER = re.compile(r"(?:0x)?([0-9a-f]{4})", re.IGNORECASE)
_NUMBERS = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})(?:$|[: ])", re.IGNORECASE)
_PLUGGED = re.compile(r"(PCI|USB)\\V(?:EN|ID)_([0-9A-F]{4})&(?:DEV|PID)_[0-9A-F]{4}", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{3}")
#: The digits by which the IEEE gives addresses out, the smallest blocks first.
_BLOCKS = (9, 7, 6)


class SystemNames:
    """The files of a computer that name hardware; each is read once, and only where something is asked for in it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.of_letters = lru_cache(1 << 12)(self._of_letters)

    @cached_property
    def pci(self) -> DeviceNames:
        """Of PCI devices."""
        return DeviceNames.of_pci(Probe(self._host)).read_ahead()

    @cached_property
    def usb(self) -> DeviceNames:
        """Of USB devices."""
        return DeviceNames.of_usb(Probe(self._host)).read_ahead()

    def of_mac(self, mac: str) -> str:
        """The maker to whom an address was given, or ""."""
        digits = given(mac)
        return next((name for length in _BLOCKS if (name := self._blocks.get(digits[:length]))), "") if digits else ""

    @cached_property
    def _blocks(self) -> Mapping[str, str]:
        return MakerNames.of_adapters(Probe(self._host)).blocks()

    @cached_property
    def _displays(self) -> MakerNames:
        return MakerNames.of_displays(Probe(self._host))

    def _of_letters(self, letters: str) -> str:
        """The maker of displays with three letters, or ""; what is known by heart comes first."""
        return edid.MAKERS.get(letters) or self._displays.of_letters(letters)


@cache
def system_names() -> SystemNames:
    """Those of this computer."""
    return SystemNames(Host())


def with_makers(content: Entry, names: SystemNames) -> Entry:
    """The content of an inventory with the makers, and the names, that it says by numbers only."""
    filled: dict[str, Any] = {}
    own = {text(one, "name"): one for one in objects(mapping(content, "terrier"), "interfaces")}
    for section, fill in _FILLED.items():
        listed = content.get(section)
        if isinstance(listed, list):
            made = [fill(one, names, own) if isinstance(one, dict) else one for one in listed]
            if any(one is not before for one, before in zip(made, listed, strict=True)):
                filled[section] = made
    return {**content, **filled} if filled else content


def _pci_device(one: Entry, names: SystemNames, own: Mapping[str, Entry]) -> Entry:
    """The maker; and the model of a device whose name is absent or its numbers: the name identifies its row."""
    vendor, product = _number(one, "vendorid"), _number(one, "productid")
    if not vendor:
        return one
    told = text(one, "name")
    nameless = product and told.lower() in ("", f"{vendor}:{product}")
    model = names.pci.device(vendor, product) if nameless and not text(one, "model") else ""
    return _filled(one, manufacturer="" if _maker(one) else names.pci.vendor(vendor), model=model)


def _usb_device(one: Entry, names: SystemNames, own: Mapping[str, Entry]) -> Entry:
    vendor, product = _number(one, "vendorid"), _number(one, "productid")
    if not vendor:
        return one
    name = names.usb.device(vendor, product) if product and not text(one, "name") else ""
    return _filled(one, manufacturer="" if _maker(one) else names.usb.vendor(vendor), name=name)


def _adapter(one: Entry, names: SystemNames, own: Mapping[str, Entry]) -> Entry:
    """The maker to whom the address was given; where it was to none, the maker of the device by its number."""
    if _maker(one) or one.get("virtualdev") is True:
        return one
    mac = text(own.get(text(one, "description"), {}), "permanent_mac") or text(one, "mac")
    return _filled(one, manufacturer=names.of_mac(adapter_mac(mac)) or _of_numbers(one, names))


def _of_numbers(one: Entry, names: SystemNames) -> str:
    plugged = _PLUGGED.match(text(one, "pnpdeviceid"))
    if plugged:
        return (names.pci if plugged[1].upper() == "PCI" else names.usb).vendor(plugged[2].lower())
    numbers = _NUMBERS.match(text(one, "pciid"))
    return names.pci.vendor(numbers[1].lower()) if numbers else ""


def _display(one: Entry, names: SystemNames, own: Mapping[str, Entry]) -> Entry:
    """The maker by three letters: those that stand where its name should, else those of the EDID."""
    told = meaningful(one, "manufacturer", "manufacturers")
    if told and not _LETTERS.fullmatch(told):
        return one
    display = edid.encoded(text(one, "base64"))
    letters = display.maker_id if display else told
    if not letters or told not in ("", letters):
        return one
    name = names.of_letters(letters)
    return _filled(one, manufacturer=name if name != told else "")


_FILLED: Mapping[str, Callable[[Entry, SystemNames, Mapping[str, Entry]], Entry]] = {
    "controllers": _pci_device,
    "usbdevices": _usb_device,
    "networks": _adapter,
    "monitors": _display,
}


def _maker(one: Entry) -> str:
    return meaningful(one, "manufacturer", "manufacturers")


def _number(one: Entry, key: str) -> str:
    """Four hexadecimal digits in lower case, or ""."""
    found = _NUMBER.fullmatch(text(one, key))
    return found[1].lower() if found else ""


def _filled(one: Entry, **names: str) -> Entry:
    """An entry with the names that are not ""; the same one where there are none."""
    found = {key: name for key, name in names.items() if name}
    return {**one, **found} if found else one
