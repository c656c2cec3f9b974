"""The rows of sections that a source saw of a thing, packed until they are compared: an inventory has a thousand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from cmdb.model.shared_values import Kept, SharedValues
from cmdb.model.values import Value

_Rows = list[dict[str, Value]]
encode_row = msgspec.json.Encoder(order="sorted", decimal_format="number").encode
"""The values of a row in their one form: JSON with its keys in order."""
decode_row = msgspec.json.Decoder(float_hook=Decimal).decode


class PackedRows(Mapping[str, _Rows]):
    """Section → its rows, which are unpacked each time that they are asked for."""

    def __init__(self, packed: Mapping[str, Kept[bytes]], values: SharedValues) -> None:
        self._packed = packed
        self._values = values

    def encoded(self, section: str) -> list[bytes]:
        """The rows of a section, each as ``encode_row`` makes it."""
        return self._values[self._packed[section]] if section in self._packed else []

    def __getitem__(self, section: str) -> _Rows:
        return list(map(decode_row, self._values[self._packed[section]]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def packed_rows(rows: Mapping[str, _Rows], values: SharedValues) -> Mapping[str, _Rows]:
    """The same rows, packed; as they are where a value is none that can be packed."""
    try:
        encoded = {name: list(map(encode_row, its)) for name, its in rows.items()}
    except (TypeError, ValueError, OverflowError):
        return rows
    return PackedRows({name: values.keep(its) for name, its in encoded.items()}, values)


def encoded_rows(rows: Mapping[str, Sequence[Mapping[str, Value]]], section: str) -> list[bytes]:
    """The rows of a section, each as ``encode_row`` makes it."""
    if isinstance(rows, PackedRows):
        return rows.encoded(section)
    return list(map(encode_row, rows.get(section, ())))
