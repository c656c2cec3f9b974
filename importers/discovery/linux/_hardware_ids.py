"""Names of PCI devices by their numbers, from the machine's own copy of pci.ids, where it has one."""

from __future__ import annotations

from importers.discovery.host import Probe

_PLACES = ("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")


class DeviceNames:
    """Looks up numbers in a pci.ids file without reading it line by line: a machine has 30 of its 40,000 devices."""

    def __init__(self, text: bytes) -> None:
        self._text = b"\n" + text

    @classmethod
    def load(cls, probe: Probe) -> DeviceNames:
        """From where distributions keep the file; one without names if the file is missing."""
        return cls(next((t for p in _PLACES if (t := probe.read_bytes(p))), b""))

    def vendor(self, vendor: str) -> str:
        """The vendor's name, or ""."""
        return self._line(b"\n" + vendor.encode() + b"  ", 0, len(self._text))[0]

    def device(self, vendor: str, device: str) -> str:
        """The device's name, or ""."""
        return self._within(b"\n" + vendor.encode() + b"  ", b"\n\t" + device.encode() + b"  ")

    def kind(self, code: str) -> str:
        """The name of a class of devices by its four digits (class and subclass), or ""."""
        return self._within(b"\nC " + code[:2].encode() + b"  ", b"\n\t" + code[2:4].encode() + b"  ")

    def _within(self, block: bytes, line: bytes) -> str:
        _, start = self._line(block, 0, len(self._text))
        if start < 0:
            return ""
        end = start
        while self._text[end + 1 : end + 2] in (b"\t", b"#"):
            end = self._text.find(b"\n", end + 1)
            if end < 0:
                end = len(self._text)
                break
        return self._line(line, start, end)[0]

    def _line(self, mark: bytes, start: int, end: int) -> tuple[str, int]:
        """The rest of the line that begins with a mark, and its end (-1: no such line)."""
        at = self._text.find(mark, start, end)
        if at < 0:
            return "", -1
        stop = self._text.find(b"\n", at + 1)
        stop = stop if stop >= 0 else len(self._text)
        return self._text[at + len(mark) : stop].decode("utf-8", "replace").strip(), stop
