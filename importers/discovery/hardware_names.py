"""Names of hardware by its numbers, from a machine's own files: PCI and USB devices, makers of network adapters (by
MAC address) and of displays (by their three letters). What a machine's files don't have stays a number.

The files are searched, not read line by line: a machine has 30 of 40,000 devices. Who asks for those of many machines
has them read once.
"""

from __future__ import annotations

import re

from importers.discovery.host import Probe

_PCI = ("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")
_USB = ("/usr/share/misc/usb.ids", "/usr/share/hwdata/usb.ids", "/var/lib/usbutils/usb.ids")
_PNP = ("/usr/share/hwdata/pnp.ids", "/usr/share/misc/pnp.ids")
_OUI = ("/usr/share/hwdata/oui.txt", "/usr/share/ieee-data/oui.txt", "/var/lib/ieee-data/oui.txt")
_HWDB = ("/usr/lib/udev/hwdb.d/", "/lib/udev/hwdb.d/")
_MOST = 1 << 24
"""The bytes of a file that are read at the most: the largest is 6 MB."""
_VENDOR = re.compile(rb"\n[0-9a-f]{4}  ")
#: The next line that is neither indented nor a note.
_NEXT = re.compile(rb"\n[^\t#]")


#: A block of addresses and whom it was given to, in the IEEE's list and in systemd's records.
_LINE = re.compile(rb"\n([0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{2})   \(hex\)([^\n]*)")
_RECORD = re.compile(rb"\nOUI:([0-9A-F]{6,9})\*?\n ID_OUI_FROM_DATABASE=([^\n]*)")


def given(mac: str) -> str:
    """The twelve digits of an address that the IEEE gave to a maker; "" for one that is made up, or for several."""
    digits = mac.replace(":", "").replace("-", "").upper()
    given_out = len(digits) == 12 and digits.isalnum() and digits.isascii() and digits[1] in "048C"
    return digits if given_out else ""


class DeviceNames:
    """The names in a file of the form of pci.ids and usb.ids; none without a file.

    Vendors stand in the order of their numbers, so a vendor is found by halving; in a file where it is not found so,
    by searching all of it.
    """

    def __init__(self, text: bytes) -> None:
        self._text = b"\n" + text
        self._blocks: dict[bytes, tuple[int, int]] = {}
        self._starts: dict[bytes, int] | None = None

    @classmethod
    def of_pci(cls, probe: Probe) -> DeviceNames:
        """Of PCI devices."""
        return cls(_first(probe, _PCI))

    @classmethod
    def of_usb(cls, probe: Probe) -> DeviceNames:
        """Of USB devices."""
        return cls(_first(probe, _USB))

    def read_ahead(self) -> DeviceNames:
        """The same, which knows where each vendor stands; it takes longer than to search for a machine's."""
        self._starts = {found[0]: found.start() for found in _VENDOR.finditer(self._text)}
        return self

    def vendor(self, vendor: str) -> str:
        """The vendor's name, or ""."""
        start, _ = self._block(b"\n" + _number(vendor) + b"  ")
        return _rest(self._text, start + len(vendor) + 3) if start >= 0 else ""

    def device(self, vendor: str, device: str) -> str:
        """The device's name, or ""."""
        return self._within(b"\n" + _number(vendor) + b"  ", b"\n\t" + _number(device) + b"  ")

    def kind(self, code: str) -> str:
        """The name of a class of devices by its four digits (class and subclass), or ""."""
        return self._within(b"\nC " + _number(code[:2]) + b"  ", b"\n\t" + _number(code[2:4]) + b"  ")

    def _within(self, block: bytes, line: bytes) -> str:
        start, end = self._block(block)
        at = self._text.find(line, start, end) if start >= 0 else -1
        return _rest(self._text, at + len(line)) if at >= 0 else ""

    def _block(self, line: bytes) -> tuple[int, int]:
        """Where the line that begins so stands, and where the lines that are indented below it end; -1 of none."""
        known = self._blocks.get(line)
        if known is None:
            start = self._text.rfind(line) if line.startswith(b"\nC") else self._place(line)
            after = _NEXT.search(self._text, start + 1) if start >= 0 else None
            known = self._blocks[line] = (start, after.start() if after else len(self._text))
        return known

    def _place(self, line: bytes) -> int:
        if self._starts is not None:
            return self._starts.get(line, -1)
        low, high = 0, len(self._text)
        while low < high:
            middle = (low + high) // 2
            found = _VENDOR.search(self._text, middle, high)
            if found is None or found[0] > line:
                high = middle
            elif found[0] == line:
                return found.start()
            else:
                low = found.end()
        return self._text.find(line)


class MakerNames:
    """Makers by what the IEEE (MAC addresses) and the UEFI forum (letters of displays) gave them."""

    def __init__(self, lines: bytes = b"", records: bytes = b"") -> None:
        self._lines, self._records = b"\n" + lines, b"\n" + records

    @classmethod
    def of_adapters(cls, probe: Probe) -> MakerNames:
        """Of network adapters, by MAC address."""
        records = _first(probe, [folder + "20-OUI.hwdb" for folder in _HWDB])
        return cls(b"" if records else _first(probe, _OUI), records)

    @classmethod
    def of_displays(cls, probe: Probe) -> MakerNames:
        """Of displays, by their three letters."""
        lines = _first(probe, _PNP)
        return cls(lines, b"" if lines else _first(probe, [folder + "20-acpi-vendor.hwdb" for folder in _HWDB]))

    def blocks(self) -> dict[str, str]:
        """All blocks of addresses, by the digits that they begin with, and to whom they were given."""
        found = {_hexadecimal(one[1]): _shown(one[2]) for one in _LINE.finditer(self._lines)}
        found.update((_hexadecimal(one[1]), _shown(one[2])) for one in _RECORD.finditer(self._records))
        return found

    def of_mac(self, mac: str) -> str:
        """The maker to whom an address was given; "" for one that is made up locally, or for several."""
        digits = given(mac)
        if not digits:
            return ""
        found = self._of_block(digits)
        if found:
            return found
        dashed = "-".join((digits[:2], digits[2:4], digits[4:6]))
        mark = ("\n" + dashed + "   (hex)").encode()
        at = self._lines.find(mark)
        return _rest(self._lines, at + len(mark)) if at >= 0 else ""

    def _of_block(self, digits: str) -> str:
        """The maker of the smallest block of addresses that has an address: the IEEE gives smaller ones, too. All begin
        alike, so the records are searched once.
        """
        found, longest = "", 0
        mark = ("\nOUI:" + digits[:6]).encode()
        at = self._records.find(mark)
        while at >= 0:
            block = _rest(self._records, at + 5).rstrip("*")
            if len(block) > longest and digits.startswith(block):
                found, longest = self._value(at, "ID_OUI_FROM_DATABASE"), len(block)
            at = self._records.find(mark, at + 1)
        return found

    def of_letters(self, letters: str) -> str:
        """The maker of displays with three letters ("DEL"), or ""."""
        if len(letters) != 3 or not (letters.isalpha() and letters.isascii() and letters.isupper()):
            return ""
        mark = ("\n" + letters + "\t").encode()
        at = self._lines.find(mark)
        return (
            _rest(self._lines, at + len(mark))
            if at >= 0
            else self._record("acpi:" + letters + "*:", "ID_VENDOR_FROM_DATABASE")
        )

    def _record(self, key: str, name: str) -> str:
        """A value of a record of systemd's hardware database: a line of its key, and lines of values."""
        at = self._records.find(("\n" + key + "\n").encode())
        return self._value(at, name) if at >= 0 else ""

    def _value(self, at: int, name: str) -> str:
        stop = self._records.find(b"\n\n", at)
        mark = ("\n " + name + "=").encode()
        value = self._records.find(mark, at, stop if stop >= 0 else len(self._records))
        return _rest(self._records, value + len(mark)) if value >= 0 else ""


def _first(probe: Probe, places: tuple[str, ...] | list[str]) -> bytes:
    """The first of some files that is there."""
    return next((text for place in places if (text := probe.read_bytes(place, most=_MOST))), b"")


def _number(digits: str) -> bytes:
    """Hexadecimal digits as the files write them."""
    return digits.lower().encode("ascii", "replace")


def _end(text: bytes, at: int) -> int:
    stop = text.find(b"\n", at)
    return stop if stop >= 0 else len(text)


def _rest(text: bytes, at: int) -> str:
    """The rest of a line."""
    return _shown(text[at : _end(text, at)])


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "replace").strip()


def _hexadecimal(digits: bytes) -> str:
    return digits.decode("ascii").replace("-", "")
