"""What many items have before they are edited together, and how many of them an edit changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.item_search import names_of

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

_STEP = 1000
"""Items that are read together."""


@dataclass(frozen=True, slots=True)
class PresentValue:
    """The values of an attribute among several items.

    ``common`` is the value that all of them have, None for none or for different ones; ``name`` that of the record it
    refers to. ``different`` is the number of different values, ``empty`` that of items without one.
    """

    common: Any = None
    name: str = ""
    different: int = 0
    empty: int = 0


def selected_records(reader: Reader, ids: Sequence[int]) -> list[CI]:
    """Selected items by their inner ids."""
    return reader.many(ids)


def present_values(reader: Reader, uids: Sequence[str], attributes: Sequence[str]) -> dict[str, PresentValue]:
    """What the items have of each attribute."""
    number, found = 0, {name: dict[Any, int]() for name in attributes}
    for one in _each(reader, uids):
        number += 1
        for name, values in found.items():
            value = one.values.get(name)
            if value is not None:
                values[value] = values.get(value, 0) + 1
    references = reader.schema.reference_names
    common = {name: next(iter(values)) for name, values in found.items() if list(values.values()) == [number]}
    names = names_of(reader, {str(value) for name, value in common.items() if name in references})
    return {
        name: PresentValue(
            common.get(name),
            names[str(common[name])][1] if name in references and str(common.get(name)) in names else "",
            len(values),
            number - sum(values.values()),
        )
        for name, values in found.items()
    }


def number_changed(reader: Reader, uids: Sequence[str], values: Mapping[str, Any]) -> int:
    """How many of the items have another value of at least one of the attributes (None: no value)."""
    return sum(any(one.values.get(name) != value for name, value in values.items()) for one in _each(reader, uids))


def _each(reader: Reader, uids: Sequence[str]) -> Iterator[CI]:
    for first in range(0, len(uids), _STEP):
        yield from reader.by_uid(uids[first : first + _STEP]).values()
