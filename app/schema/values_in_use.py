"""The values that records have of an attribute: the choices that it may get when it becomes a choice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cmdb.model.schema import fold
from cmdb.model.values import show
from cmdb.store.reading.stated_values import stated_values

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

MOST = 100
"""How many different values are proposed at most."""


def values_in_use(reader: Reader, name: str) -> tuple[str, ...]:
    """The values of an attribute as they are shown, those of most records first; each spelling once, the commonest."""
    attribute = reader.schema.every_attribute[name]
    found: Counter[str] = Counter()
    for said in stated_values(reader, name):
        if said.value is not None:
            found[show(attribute, said.value)] += 1
    spellings: dict[str, str] = {}
    for text, _ in found.most_common():
        if fold(text):
            spellings.setdefault(fold(text), text)
    return tuple(spellings.values())[:MOST]
