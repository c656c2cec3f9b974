"""References from what an inventory is of: to makers and models by their names, and to devices by what tells them."""

from __future__ import annotations

from collections.abc import Iterable

from cmdb.model.observation import NamedReference, Observation


def reference(cls: str, name: str) -> NamedReference | None:
    """To the one of a class that has the name; None without a name."""
    return NamedReference(cls, name) if name else None


def mention(observation: Observation, keys: Iterable[str]) -> NamedReference:
    """To what was observed, by its name and those of its values (``keys``) that tell it from others of that name."""
    values = observation.values
    said = tuple((key, str(values[key])) for key in keys if key in values)
    return NamedReference(observation.cls, str(values.get("name", "")), said)
