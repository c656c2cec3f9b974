"""Licensing rules as data: constants, processor tables and rights, each with its date and source.

Read from ``resources/licensing/*.toml``. A rule book is opened at a date and remembers which constants were used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from cmdb.licences import labels
from cmdb.licences.engine.results import LicenceRule, Text
from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message, declared
from cmdb.model.resources import RESOURCES

_NO_RULE = Message("no rule is known for this metric")
_BY_CHANNEL = {
    "downgrade": Message("downgrade by channel"),
    "down_edition": Message("down-edition by channel"),
    "secondary": Message("secondary use by channel"),
}
#: [up to, factor]; up to 0: without end.
Tiers = list[list[float]]
Constant = int | float | str | Tiers


@dataclass(slots=True)
class RuleBook:
    """The rules as they hold on a day. ``used`` collects what was asked for."""

    at: date
    _documents: Mapping[str, Any]
    used: set[LicenceRule] = field(default_factory=set)
    _scopes: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def open(cls, at: date, extra: Iterable[Mapping[str, object]] = ()) -> RuleBook:
        """The shipped rules with ``extra`` documents of the same form laid over them, as of a day."""
        merged: dict[str, Any] = dict(_shipped(RESOURCES / "licensing"))
        for document in extra:
            for key, value in cast(Mapping[str, Any], document).items():
                known = merged.get(key)
                merged[key] = [*value, *known] if isinstance(known, list) else {**(known or {}), **value}
        return cls(at, merged)

    # -- metrics ----------------------------------------------------------------------------------------------------

    def unit(self, metric: str) -> str:
        """What the metric counts, singular; "" for an unknown metric."""
        entry = self._metric(metric)
        return str(entry["unit"]) if entry else ""

    def sentence(self, metric: str) -> Message:
        """The metric's rule in words."""
        entry = self._metric(metric)
        return declared(str(entry["rule"])) if entry else _NO_RULE

    def _metric(self, name: str) -> Mapping[str, Any] | None:
        """The entry of a metric (its unit and rule), or None for a metric nobody knows."""
        found: Mapping[str, Any] | None = next((m for m in self._documents["metric"] if m["name"] == name), None)
        return found

    # -- constants --------------------------------------------------------------------------------------------------

    def constant(self, metric: str, name: str) -> Constant | None:
        """The value that holds on the day, or None where none holds yet. The newest entry wins."""
        entries = self._entries(metric, name)
        held = [c for c in entries if c["from"] <= self.at]
        if not held:
            return None
        entry = max(held, key=lambda c: c["from"])
        self._use(metric, declared(name), _plain(entry["value"]), entry)
        value: Constant = entry["value"]
        return value

    def whole(self, metric: str, name: str) -> int | None:
        """A whole-number constant, or None where none holds yet."""
        value = self.constant(metric, name)
        return None if value is None or isinstance(value, list) else int(value)

    def tiers(self, metric: str) -> Tiers:
        """The tiers of a metric that counts by them, lowest first."""
        value = self.constant(metric, "tiers")
        return value if isinstance(value, list) else []

    def number(self, metric: str, name: str) -> int:
        """A whole-number constant. Before its first date the first value is taken. Raises SchemaError: no such rule."""
        value = self.whole(metric, name)
        if value is not None:
            return value
        entries = self._entries(metric, name)
        if not entries:
            raise SchemaError(
                Message("The licensing rules have no constant “{name}” for “{metric}”.", name=name, metric=metric)
            )
        entry = min(entries, key=lambda c: c["from"])
        self._use(metric, declared(name), _plain(entry["value"]), entry)
        return int(entry["value"])

    def _entries(self, metric: str, name: str) -> list[Mapping[str, Any]]:
        return [c for c in self._documents["constant"] if c["metric"] == metric and c["name"] == name]

    # -- tables -----------------------------------------------------------------------------------------------------

    def core_factor(self, processor: str) -> tuple[Fraction, str]:
        """Oracle's factor for a processor model, and the family it was taken for."""
        for entry in self._documents["core_factor"]:
            if re.search(entry["match"], _model(processor), re.IGNORECASE):
                self._use(
                    "oracle processor",
                    Message("core factor, {family}", family=declared(str(entry["family"]))),
                    _plain(entry["value"]),
                    entry,
                )
                return Fraction(str(entry["value"])), str(entry["family"])
        raise SchemaError(Message("The core factor table has no last entry that fits everything."))

    def pvu(self, processor: str, sockets: int) -> tuple[int, str] | None:
        """IBM's value units per core for a processor in a server of so many sockets, or None: not in the table."""
        for entry in self._documents["pvu"]:
            if entry["sockets"] and sockets > entry["sockets"]:
                continue
            if re.search(entry["match"], _model(processor), re.IGNORECASE):
                self._use(
                    "ibm pvu",
                    Message("units per core, {family}", family=declared(str(entry["family"]))),
                    _plain(entry["value"]),
                    entry,
                )
                return int(entry["value"]), str(entry["family"])
        return None

    # -- rights -----------------------------------------------------------------------------------------------------

    def channels(self, right: str) -> tuple[str, ...]:
        """The purchase channels that give a right: "downgrade", "down_edition" or "secondary"."""
        entry = self._documents["channels"]
        value = tuple(entry[right])
        given = Message("{channels}", channels=tuple(map(labels.channel, value)))
        self._use("rights", _BY_CHANNEL[right], given, entry)
        return value

    @property
    def assumed_channel(self) -> str:
        """The channel of a purchase that names none."""
        return str(self._documents["channels"]["assumed"])

    @property
    def ladder(self) -> tuple[str, ...]:
        """Editions of products that the catalogue does not list, highest first."""
        return tuple(self._documents["ladder"]["editions"])

    def is_maintenance(self, name: str) -> bool:
        """Whether a purchase of that name is maintenance or an upgrade, and no licence by itself."""
        return any(re.search(p, name, re.IGNORECASE) for p in self._documents["maintenance"]["names"])

    def scope(self, group: str) -> frozenset[str]:
        """Class names of a scope group: client, server, portable."""
        found = self._scopes.get(group)
        if found is None:
            found = self._scopes[group] = frozenset(self._documents["scope"][group])
        return found

    def _use(self, metric: str, name: Message, value: Text, entry: Mapping[str, Any]) -> None:
        note = declared(entry["note"]) if entry.get("note") else ""
        self.used.add(LicenceRule(metric, name, value, entry["from"], entry["source"], note))


def _model(processor: str) -> str:
    return " ".join(processor.replace("(R)", " ").replace("®", " ").replace("™", " ").split())


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(", ".join(f"{v:g}" for v in tier) for tier in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


@lru_cache(maxsize=4)
def _shipped(folder: Path) -> Mapping[str, Any]:
    """The documents of a folder as one. Cached: they are part of the program and don't change while it runs."""
    merged: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            document = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SchemaError(
                Message("{file} is not written as TOML has it: {error}", file=path.name, error=str(error))
            ) from error
        for key, value in document.items():
            if isinstance(value, list):
                merged.setdefault(key, []).extend(value)
            else:
                merged.setdefault(key, {}).update(value)
    return merged
