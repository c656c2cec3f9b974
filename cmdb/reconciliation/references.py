"""References of observations by name: every mention of an import, collected once.

A mention with values of its own (a person with an e-mail address) is an implied observation, which is identified like
the others.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from cmdb.model.formats import listing
from cmdb.model.name_keys import name_key
from cmdb.model.observation import NamedReference, Observation, Origin
from cmdb.model.person_names import account, address_in, plain
from cmdb.model.place_names import path
from cmdb.model.schema import Schema
from cmdb.reconciliation.defaults import default_class
from cmdb.reconciliation.keys import IdentifiedObservation, Keys
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.place_paths import chain_of, known_paths, may_be_path, written_as

ReferenceKey = tuple[str, str, str, tuple[tuple[str, Any], ...]]
"""A mention: the allowed classes ("server|cluster"), the stated class ("" for any), name, values."""

_ADDRESS = re.compile(r"(.*?)\s*<([^<>@\s]+@[^<>\s]+)>")


def family(schema: Schema, target: str) -> tuple[str, ...]:
    """The names of all classes that ``target`` ("server|cluster") allows."""
    if "|" not in target:
        return schema.family(target)
    return tuple(dict.fromkeys(c for one in target.split("|") for c in schema.family(one)))


def fits(schema: Schema, cls: str, target: str) -> bool:
    """Whether ``target`` allows a class."""
    return any(schema.is_a(cls, one) for one in target.split("|"))


def labels(schema: Schema, target: str) -> str:
    """The labels of the classes that ``target`` allows."""
    return listing((schema.cls(one).label for one in target.split("|")), "or")


class ReferenceIndex:
    """All mentions of an import, each once, with the sources that make it."""

    def __init__(self, schema: Schema, keys: Keys) -> None:
        self._schema = schema
        self._keys = keys
        self._plans: dict[str, tuple[tuple[str, str], ...]] = {}
        self.sources: dict[ReferenceKey, tuple[str, str]] = {}
        """Mention → (source key, observed) of who made it; of several the last."""
        self.optional: set[ReferenceKey] = set()
        """Mentions that may lead nowhere: what they would fill is then left out."""
        self.strict: set[ReferenceKey] = set()
        """Mentions that nothing is created for."""
        self.implied: dict[ReferenceKey, IdentifiedObservation] = {}
        self.levels: dict[ReferenceKey, str] = {}
        """Mention of a place in another → the class that it has if it is new; any place of the name is meant."""
        self.said: list[tuple[str, ReferenceKey]] = []
        """(attribute, mention) of the observations; many observations have the same of these in common."""
        self._paths: dict[ReferenceKey, Origin] = {}
        self._marked: dict[ReferenceKey, Origin] = {}
        """Mentions of places that have another mark than those of paths, and may be one all the same."""
        self._said = ("", "")
        self._noted: dict[int, tuple[str, tuple[str, ReferenceKey], object]] = {}

    def references(self, cls: str) -> tuple[tuple[str, str], ...]:
        """(attribute, target class) of a class's references."""
        plan = self._plans.get(cls)
        if plan is None:
            attributes = self._schema.cls(cls).attributes.values()
            plan = self._plans[cls] = tuple((a.name, "|".join(a.targets)) for a in attributes if a.type == "reference")
        return plan

    def add_observation(self, obs: Observation, said: tuple[str, str]) -> list[tuple[str, ReferenceKey]]:
        """Adds the mentions in an observation's attributes: (attribute, mention)."""
        values = obs.values
        found: list[tuple[str, ReferenceKey]] = []
        if said != self._said:  # Importers use one object for equal mentions. Each is added once per source.
            self._said, self._noted = said, {}
        for attribute, target in self.references(obs.cls):
            mention = values.get(attribute)
            if mention is None:
                continue
            noted = self._noted.get(id(mention))
            if noted is None or noted[0] != attribute or noted[2] is not mention:
                if isinstance(mention, NamedReference):
                    reference_key = (target, mention.cls, mention.name, mention.values)
                else:
                    reference_key = (target, "", str(mention), ())
                if "|" in target:
                    reference_key = self._among_several(reference_key)
                if self.sources.get(reference_key) != said:
                    self.add(reference_key, said, obs.origin)
                noted = self._noted[id(mention)] = (attribute, (attribute, reference_key), mention)
                self.said.append(noted[1])
            found.append(noted[1])
        return found

    def _among_several(self, reference_key: ReferenceKey) -> ReferenceKey:
        """A mention where records of several classes may be meant: one of the first where none is said.

        Of the others only places are created, which a row may name before anything else does.
        """
        target, said, name, values = reference_key
        first = target.partition("|")[0]
        if not said or said == "ci":
            return (target, first, name, values)
        if not fits(self._schema, said, first) and not self._schema.is_a(said, "place"):
            self.strict.add(reference_key)
        return reference_key

    def add(
        self, reference_key: ReferenceKey, said: tuple[str, str], origin: Origin, *, optional: bool = False
    ) -> ReferenceKey:
        """Adds one mention."""
        known = self.sources.get(reference_key)
        if known is not None and (said[1], said[0]) > (known[1], known[0]):
            self._repeat_mention(reference_key, said, origin)
        if known is None:
            self.sources[reference_key] = said
            if optional:
                self.optional.add(reference_key)
            else:
                self._imply(reference_key, said, origin)
        elif not optional and reference_key in self.optional:
            self.optional.discard(reference_key)
            self._imply(reference_key, said, origin)
        return reference_key

    def _repeat_mention(self, reference_key: ReferenceKey, said: tuple[str, str], origin: Origin) -> None:
        """Updates the time of a mention, and of its implied observation, to the latest one."""
        self.sources[reference_key] = said
        seen = self.implied.get(reference_key)
        if seen is not None:
            seen.source, seen.observed = said
            for _, further in seen.refs:
                self.add(further, said, origin)

    def expand_paths(self, lookup: Lookup, own: Container[str]) -> None:
        """Splits names such as “Rotterdam / Floor 2”, unless a place with exactly that name exists.

        A name with other marks (“Rotterdam - Floor 2”) is split if there is a place of that path. ``own``: name keys of
        the import's own observations.
        """
        split = self._split_marked(lookup)
        while self._paths:
            paths, self._paths = self._paths, {}
            whole = {one: (name_key(one[2]), *written_as(split.get(one) or path(one[2]))) for one in paths}
            stored = lookup.by_name(self._schema.family("place"), {key for keys in whole.values() for key in keys})
            for reference_key, origin in paths.items():
                if any(key in stored or key in own for key in whole[reference_key]):
                    continue
                cls, parts = self.class_of(reference_key), split.get(reference_key) or path(reference_key[2])
                above = NamedReference(cls if self._schema.classes[cls].abstract else "place", " / ".join(parts[:-1]))
                values = {"name": parts[-1], "location": above, **dict(reference_key[3])}
                self._take(reference_key, Observation(cls, values, origin), self.sources[reference_key])

    def _split_marked(self, lookup: Lookup) -> dict[ReferenceKey, list[str]]:
        """The parts of names with other marks that are paths after all; they are split like the others."""
        marked, self._marked = self._marked, {}
        if not marked:
            return {}
        beside = (
            chain_of(name, said)
            for target, cls, name, said in self.sources
            if self._is_place(cls or target) and (said or len(path(name)) > 1)
        )
        known = known_paths(self._schema, lookup, {one[2] for one in marked}, beside)
        self._paths.update((one, origin) for one, origin in marked.items() if one[2] in known)
        return {one: known[one[2]] for one in marked if one[2] in known}

    def _is_place(self, cls: str) -> bool:
        return cls in self._schema.classes and self._schema.is_a(cls, "place")

    def _imply(self, reference_key: ReferenceKey, said: tuple[str, str], origin: Origin) -> None:
        cls = self.class_of(reference_key)
        if "|" not in cls and self._schema.is_a(cls, "place"):
            if len(path(reference_key[2])) > 1:
                self._paths[reference_key] = origin
                return
            if not reference_key[3] and may_be_path(reference_key[2]):
                self._marked[reference_key] = origin
        obs = self._observation(reference_key, origin)
        if obs is not None:
            self._take(reference_key, obs, said)

    def _take(self, reference_key: ReferenceKey, obs: Observation, said: tuple[str, str]) -> None:
        refs = self.add_observation(obs, said)
        seen = self._keys.seen(obs, *said)
        seen.refs = refs
        seen.implied = True
        self.implied[reference_key] = seen

    def _observation(self, reference_key: ReferenceKey, origin: Origin) -> Observation | None:
        """The implied observation of a mention with values."""
        _, _, name, said = reference_key
        cls = self.class_of(reference_key)
        values: dict[str, Any] = {"name": " ".join(name.split())} if name.strip() else {}
        values.update(said)
        if cls == "person":
            values = _person(values)
        if len(values) < 2 or "|" in cls:
            return None
        if cls != "place" and "location" in values and self._schema.is_a(cls, "place"):
            self.levels[reference_key] = cls
            cls = "place"
        if self._schema.classes[cls].abstract and not self._schema.is_a(cls, "place"):
            cls = "person" if cls == "party" and "email" in values else default_class(self._schema, cls, name)
            if not cls:
                return None
        known = self._schema.cls(cls).attributes
        values = {a: v for a, v in values.items() if a in known}
        return Observation(cls, values, origin) if len(values) > 1 else None

    def class_of(self, reference_key: ReferenceKey) -> str:
        """The class of a mention: the stated class if it is allowed, otherwise the allowed class."""
        target, said, _, _ = reference_key
        return said if said in self._schema.classes and fits(self._schema, said, target) else target


def _person(values: Mapping[str, Any]) -> dict[str, Any]:
    """The implied person for an address, or a name with an address."""
    found = dict(values)
    name = str(found.get("name", ""))
    match = _ADDRESS.fullmatch(name)
    if match:
        found["name"] = match[1].strip("\"' ") or match[2]
        found.setdefault("email", match[2].casefold())
    elif re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", name):
        found["name"] = address_in(name) or name
        found.setdefault("email", str(found["name"]).casefold())
    if isinstance(found.get("name"), str):
        found["name"] = account(found["name"]) or plain(found["name"])
    return found
