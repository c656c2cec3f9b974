"""Names of PCI devices by their numbers, from the machine's own copy of pci.ids, where it has one."""

from __future__ import annotations

import re

from importers.discovery.host import Probe

_PLACES = ("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")


_VENDOR = re.compile(rb"\n[0-9a-f]{4}  ")
#: The next line that is neither indented nor a note.
_NEXT = re.compile(rb"\n[^\t#]")


class DeviceNames:
    """Looks up numbers in a pci.ids file without reading it line by line: a machine has 30 of its 40,000 devices.

    Vendors stand in the order of their numbers, so a vendor is found by halving; in a file where it is not found so,
    by searching all of it.
    """

    def __init__(self, text: bytes) -> None:
        self._text = b"\n" + text
        self._blocks: dict[bytes, tuple[int, int]] = {}

    @classmethod
    def load(cls, probe: Probe) -> DeviceNames:
        """From where distributions keep the file; one without names if the file is missing."""
        return cls(next((t for p in _PLACES if (t := probe.read_bytes(p))), b""))

    def vendor(self, vendor: str) -> str:
        """The vendor's name, or ""."""
        return self._rest(self._block(b"\n" + vendor.encode())[0], len(vendor) + 3)

    def device(self, vendor: str, device: str) -> str:
        """The device's name, or ""."""
        return self._within(b"\n" + vendor.encode(), device)

    def kind(self, code: str) -> str:
        """The name of a class of devices by its four digits (class and subclass), or ""."""
        return self._within(b"\nC " + code[:2].encode(), code[2:4])

    def _within(self, line: bytes, code: str) -> str:
        """The name of a number in the block below a line."""
        start, end = self._block(line)
        mark = b"\n\t" + code.encode() + b"  "
        return self._rest(self._text.find(mark, start, end), len(mark)) if start >= 0 and code else ""

    def _block(self, line: bytes) -> tuple[int, int]:
        """Where the line that begins so stands, and where the lines that are indented below it end; -1 of none."""
        known = self._blocks.get(line)
        if known is None:
            start = self._text.rfind(line + b"  ") if line.startswith(b"\nC") else self._place(line)
            after = _NEXT.search(self._text, start + 1) if start >= 0 else None
            known = self._blocks[line] = (start, after.start() if after else len(self._text))
        return known

    def _place(self, line: bytes) -> int:
        low, high = 0, len(self._text)
        while low < high:
            middle = (low + high) // 2
            found = _VENDOR.search(self._text, middle, high)
            if found is None or found[0] > line + b"  ":
                high = middle
            elif found[0] == line + b"  ":
                return found.start()
            else:
                low = found.end()
        return self._text.find(line + b"  ")

    def _rest(self, start: int, skip: int) -> str:
        """The rest of the line that begins there, without what leads to it; "" for no line."""
        if start < 0:
            return ""
        stop = self._text.find(b"\n", start + 1)
        return self._text[start + skip : stop if stop >= 0 else None].decode("utf-8", "replace").strip()
