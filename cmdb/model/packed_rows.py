"""The rows of sections that a source saw of a thing, packed until they are compared: an inventory has a thousand."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterator, Mapping

from cmdb.model.values import Value

_Rows = list[dict[str, Value]]


class PackedRows(Mapping[str, _Rows]):
    """Section → its rows, which are unpacked each time that they are asked for."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self._packed = packed

    def __getitem__(self, section: str) -> _Rows:
        found: _Rows = marshal.loads(zlib.decompress(self._packed[section]))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def packed_rows(rows: Mapping[str, _Rows]) -> Mapping[str, _Rows]:
    """The same rows, packed; as they are where a value is none that can be packed."""
    try:
        return PackedRows({name: zlib.compress(marshal.dumps(its), 1) for name, its in rows.items()})
    except ValueError:  # an amount, for example
        return rows
