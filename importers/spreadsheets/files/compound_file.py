"""A stream of a compound file (OLE), the container of xls: found by its name in the directory."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

#: Sector numbers from here on end a chain, or are no sectors.
_FREE = 0xFFFFFFFA
#: Streams of fewer bytes stand in the mini stream, whatever the header says.
_CUTOFF = 4096


class BrokenFile(ValueError):
    """The container's tables contradict each other."""


@dataclass(frozen=True, slots=True)
class FoundStream:
    """The bytes of a stream, and where its pieces (``size`` bytes each) stand in the file."""

    content: bytes = b""
    places: tuple[int, ...] = ()
    size: int = 512

    def place(self, offset: int) -> int:
        """Where a byte of the stream stands in the file."""
        return self.places[offset // self.size] + offset % self.size


def find_stream(data: bytes, names: tuple[str, ...]) -> FoundStream:
    """The first stream of one of these names; an empty one where there is none. Raises BrokenFile."""
    try:
        return _Compound(data).stream(names)
    except (struct.error, IndexError, MemoryError) as error:
        raise BrokenFile(str(error)) from error


class _Compound:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        self._small = 1 << struct.unpack_from("<H", data, 32)[0]
        if self._size not in (512, 4096) or self._small != 64:
            raise BrokenFile("sector size")
        first, _, _, mini, _, more, _ = struct.unpack_from("<IIIIIII", data, 48)
        tables = list(struct.unpack_from("<109I", data, 76))
        while more < _FREE and len(tables) < len(data) // self._size + 200:
            numbers = self._numbers(more)
            tables += numbers[:-1]
            more = numbers[-1]
        self._next = [n for table in tables if table < _FREE for n in self._numbers(table)]
        self._directory = b"".join(self._chain(first))
        self._mini = [
            n for part in self._chain(mini) for n in struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])
        ]

    def stream(self, names: tuple[str, ...]) -> FoundStream:
        entries = [self._directory[place : place + 128] for place in range(0, len(self._directory) - 127, 128)]
        for entry in entries:
            length = struct.unpack_from("<H", entry, 64)[0]
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore")
            if name in names and entry[66] == 2:
                start, size = struct.unpack_from("<II", entry, 116)
                if size >= _CUTOFF:
                    sectors = list(self._sectors(start, self._next))
                    content = b"".join(map(self._sector, sectors))[:size]
                    return FoundStream(content, tuple((one + 1) * self._size for one in sectors), self._size)
                return self._from_mini(
                    list(self._sectors(struct.unpack_from("<I", entries[0], 116)[0], self._next)), start, size
                )
        return FoundStream()

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size  # beyond the end in a file that was cut short
        return self._data[begin : begin + self._size]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        part = self._sector(sector)
        return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])

    def _chain(self, sector: int) -> Iterator[bytes]:
        return map(self._sector, self._sectors(sector, self._next))

    def _sectors(self, sector: int, following: list[int]) -> Iterator[int]:
        """The numbers of a chain's sectors."""
        for _ in range(len(following) + 1):
            if sector >= _FREE:
                return
            yield sector
            sector = following[sector] if sector < len(following) else _FREE
        raise BrokenFile("circle")

    def _from_mini(self, root: list[int], start: int, size: int) -> FoundStream:
        """A small stream: its pieces stand in the sectors of the root."""
        each = self._size // self._small
        places = [
            (root[one // each] + 1) * self._size + one % each * self._small
            for one in self._sectors(start, self._mini)
            if one // each < len(root)
        ]
        content = b"".join(self._data[place : place + self._small] for place in places)[:size]
        return FoundStream(content, tuple(places), self._small)
