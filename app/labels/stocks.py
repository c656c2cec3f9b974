"""The sheets and rolls of labels that are known, by the maker's number: data in ``resources/labels``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import msgspec

from app.printing.label_sheet import LabelStock
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from cmdb.model.resources import RESOURCES

_FOLDER = RESOURCES / "labels"


@cache
def stocks() -> Mapping[str, LabelStock]:
    """All of them by name, sheets first."""
    found = {}
    for file in ("sheets.toml", "rolls.toml"):
        for name, entry in tomllib.loads((_FOLDER / file).read_text("utf-8")).items():
            found[name] = msgspec.convert({"name": name, **entry}, LabelStock)
    return MappingProxyType(found)


def stock_named(word: str) -> LabelStock:
    """The one that is called or numbered so, also as "Avery L7160". Raises NotFound."""
    wanted = word.casefold().strip()
    for one in stocks().values():
        if wanted in (one.name.casefold(), one.label.casefold(), *map(str.casefold, one.also)):
            return one
    raise NotFound(Message("There are no labels “{name}”: see {command}.", name=word, command="labels --list"))
