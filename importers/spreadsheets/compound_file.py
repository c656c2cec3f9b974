"""A stream of a compound file (OLE), the container of xls: found by its name in the directory."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_FREE = 0xFFFFFFFA
"""Sector numbers from here on end a chain, or are no sectors."""


class BrokenFile(ValueError):
    """The container's tables contradict each other."""


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """The first stream of one of these names; b"" where there is none. Raises BrokenFile."""
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
        first, _, self._cutoff, mini, _, more, _ = struct.unpack_from("<IIIIIII", data, 48)
        tables = list(struct.unpack_from("<109I", data, 76))
        while more < _FREE and len(tables) < len(data) // self._size + 200:
            sector = self._sector(more)
            numbers = struct.unpack(f"<{len(sector) // 4}I", sector)
            tables += numbers[:-1]
            more = numbers[-1]
        self._next = [n for table in tables if table < _FREE for n in self._numbers(table)]
        self._directory = b"".join(self._chain(first))
        self._mini = [n for part in self._chain(mini) for n in struct.unpack(f"<{len(part) // 4}I", part)]

    def stream(self, names: tuple[str, ...]) -> bytes:
        entries = [self._directory[place : place + 128] for place in range(0, len(self._directory) - 127, 128)]
        for entry in entries:
            length = struct.unpack_from("<H", entry, 64)[0]
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore")
            if name in names and entry[66] == 2:
                start, size = struct.unpack_from("<II", entry, 116)
                if size >= self._cutoff:
                    return b"".join(self._chain(start))[:size]
                root = b"".join(self._chain(struct.unpack_from("<I", entries[0], 116)[0]))
                return self._from_mini(root, start)[:size]
        return b""

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
        if begin >= len(self._data):
            raise BrokenFile("sector")
        return self._data[begin : begin + self._size]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        part = self._sector(sector)
        return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])

    def _chain(self, sector: int) -> Iterator[bytes]:
        for _ in range(len(self._next) + 1):
            if sector >= _FREE:
                return
            yield self._sector(sector)
            sector = self._next[sector]
        raise BrokenFile("circle")

    def _from_mini(self, root: bytes, sector: int) -> bytes:
        parts: list[bytes] = []
        for _ in range(len(self._mini) + 1):
            if sector >= _FREE:
                return b"".join(parts)
            parts.append(root[sector * self._small : (sector + 1) * self._small])
            sector = self._mini[sector]
        raise BrokenFile("circle")
