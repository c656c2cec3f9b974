"""The estate's classes as data: CI classes with inheritance, their attributes, and relationship types.

A schema is read from TOML (``resources/schema/*.toml``); the user's own entries are kept in the estate in the same form
and merged over it. Everything that shows, checks or reads records derives from it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from cmdb.model.errors import SchemaError
from cmdb.model.phase import Phase

RESOURCES = Path(__file__).resolve().parents[2] / "resources"

#: The value types of attributes. Canonical values are JSON values; see ``cmdb.model.values``.
TYPES = (
    "text", "long_text", "integer", "number", "money", "date", "time", "boolean", "choice", "reference",
    "uuid", "email", "url",
)  # fmt: skip

T = TypeVar("T")
Impact = Literal["none", "forward", "backward"]
Strength = Literal["hard", "soft"]


def fold(word: str) -> str:
    """The form in which labels and headers are compared: lower case, letters and digits only, single spaces."""
    return " ".join("".join(c if c.isalnum() else " " for c in word.casefold()).split())


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice attribute: what is stored, what is shown, what else people call it, and its tone's name.

    A choice of a status also says what it means (``phase``) and which verbs set it; see ``cmdb.model.life_cycle``.
    """

    value: str
    synonyms: tuple[str, ...] = ()
    tone: str = "neutral"
    label: str = ""
    """What is shown; the value where none is given."""
    phase: Phase | None = None
    verb: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", self.value)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a class."""

    name: str
    label: str
    type: str = "text"
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    unique: bool = False
    identifying: bool = False
    indexed: bool = False
    synonyms: tuple[str, ...] = ()
    target: str = ""
    """Reference attributes: the class that is referred to."""
    relationship: str = ""
    """Reference attributes: the relationship type whose only stored form this attribute is."""
    measured: bool = False
    """A scan's word outranks a spreadsheet's for this attribute."""
    section: str = "Details"
    help: str = ""
    ends: bool = False
    """A date after which something stops (warranty, licence, contract): it is counted on the overview and warned of."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a record must say of itself to come into a phase: all attributes of any one of the alternatives.

    A class inherits its parent's; without alternatives it asks for nothing.
    """

    name: str
    phase: Phase
    any: tuple[tuple[str, ...], ...] = ()
    label: str = ""
    """What it is about, for messages: "what was done to its data"."""

    def is_met(self, values: Mapping[str, object]) -> bool:
        """Whether the values of a record have all of one alternative."""
        return not self.any or any(all(values.get(name) is not None for name in names) for names in self.any)


@dataclass(frozen=True, slots=True)
class CIClass:
    """A class of configuration items. ``attributes`` includes what it inherits, in order of declaration."""

    name: str
    label: str
    plural: str
    parent: str = ""
    abstract: bool = False
    icon: str = "box"
    synonyms: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    requires: Mapping[str, Requirement] = field(default_factory=dict)
    """What its records must say of themselves to come into a phase, by a name; see ``Requirement``."""


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """A type of relationship. ``label`` reads subject → object ("runs on"), ``inverse`` object → subject ("runs").

    ``impact`` says whose failure hits whom: ``backward`` is object → subject (what I run on fails, so do I),
    ``forward`` subject → object, ``none`` documentation only. ``grouped`` marks types that often come in redundant
    sets.
    """

    name: str
    label: str
    inverse: str
    subjects: tuple[str, ...] = ("ci",)
    objects: tuple[str, ...] = ("ci",)
    impact: Impact = "none"
    strength: Strength = "hard"
    grouped: bool = False
    symmetric: bool = False
    synonyms: tuple[str, ...] = ()
    help: str = ""


class Schema:
    """Classes and relationship types, checked against each other. Immutable once made."""

    def __init__(self, classes: Mapping[str, CIClass], relationships: Mapping[str, RelationshipType]) -> None:
        self.classes = dict(classes)
        self.relationships = dict(relationships)
        self._check()

    @classmethod
    def load(cls, folder: Path | None = None, extra: Iterable[Mapping[str, object]] = ()) -> Schema:
        """The schema of ``folder`` (Terrier's own by default) with ``extra`` documents of the same form laid over it.

        Raises SchemaError where the documents are not TOML or contradict each other.
        """
        paths = sorted((folder or RESOURCES / "schema").glob("*.toml"))
        documents = [*(_document(path, path.stat().st_mtime_ns) for path in paths), *extra]
        classes: dict[str, dict[str, Any]] = {}
        relationships: dict[str, dict[str, Any]] = {}
        for document in documents:
            for name, entry in _table(document, "class"):
                merged = classes.setdefault(name, {})
                attributes = merged.get("attributes", {})
                own = {n: _over(attributes.get(n, {}), values) for n, values in _table(entry, "attributes")}
                required = merged.get("requires", {})
                rules = {n: {**required.get(n, {}), **rule} for n, rule in _table(entry, "requires")}
                merged.update({**entry, "attributes": {**attributes, **own}, "requires": {**required, **rules}})
            for name, entry in _table(document, "relationship"):
                relationships.setdefault(name, {}).update(entry)
        types = {name: _relationship(name, entry) for name, entry in relationships.items()}
        return cls(_inherit(classes), types)

    # -- looking up -------------------------------------------------------------------------------------------------

    def cls(self, name: str) -> CIClass:
        """The class of that name. Raises SchemaError."""
        try:
            return self.classes[name]
        except KeyError:
            raise SchemaError(f"There is no class {name!r}.") from None

    def find_class(self, word: str) -> CIClass:
        """The class that a person means by ``word``: its name, label, plural or a synonym. Raises SchemaError."""
        found = self._class_words.get(fold(word))
        if found is None:
            raise SchemaError(f"There is no class {word!r}. Classes: {', '.join(c.label for c in self.concrete())}.")
        return self.classes[found]

    def relationship(self, name: str) -> RelationshipType:
        """The relationship type of that name. Raises SchemaError."""
        try:
            return self.relationships[name]
        except KeyError:
            raise SchemaError(f"There is no relationship type {name!r}.") from None

    def find_relationship(self, word: str) -> tuple[RelationshipType, bool]:
        """The type a person means by ``word``, and whether they named its inverse. Raises SchemaError."""
        found = self._relationship_words.get(fold(word))
        if found is None:
            labels = ", ".join(t.label for t in self.relationships.values())
            raise SchemaError(f"There is no relationship type {word!r}. Types: {labels}.")
        return self.relationships[found[0]], found[1]

    def attribute(self, class_name: str, name: str) -> Attribute:
        """Attribute ``name`` of a class. Raises SchemaError."""
        try:
            return self.classes[class_name].attributes[name]
        except KeyError:
            label = self.classes[class_name].label if class_name in self.classes else class_name
            raise SchemaError(f"{label} has no attribute {name!r}.") from None

    def find_attribute(self, class_name: str, word: str) -> Attribute | None:
        """The attribute of a class that ``word`` names (name, label or synonym), or None."""
        return self._attribute_words(class_name).get(fold(word))

    def concrete(self) -> list[CIClass]:
        """The classes that records can have, in tree order."""
        return [c for c in self.tree() if not c.abstract]

    def tree(self, root: str = "ci") -> Iterator[CIClass]:
        """``root`` and its descendants, depth first, in order of declaration."""
        yield self.classes[root]
        for child in self.children(root):
            yield from self.tree(child.name)

    def children(self, name: str) -> list[CIClass]:
        """The direct subclasses of a class."""
        return [self.classes[c] for c in self._children.get(name, ())]

    def family(self, name: str) -> tuple[str, ...]:
        """Names of the class and all its subclasses."""
        return self._families[name]

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether class ``name`` is ``ancestor`` or one of its subclasses."""
        return name in self._families.get(ancestor, ())

    def ancestors(self, name: str) -> list[str]:
        """The class and what it inherits from, nearest first."""
        chain = []
        while name:
            chain.append(name)
            name = self.classes[name].parent
        return chain

    def all_attributes(self, root: str = "ci") -> dict[str, Attribute]:
        """Every attribute of a class and its subclasses, by name; the class's own form first.

        A choice takes what any of the classes takes: all items can be asked for a status that only hardware has.
        """
        found = self._all.get(root)
        if found is None:
            found = self._all[root] = {}
            for one in self.tree(root):
                for name, attribute in one.attributes.items():
                    known = found.setdefault(name, attribute)
                    if known.choices != attribute.choices:
                        more = tuple(c for c in attribute.choices if c.value not in {k.value for k in known.choices})
                        found[name] = replace(known, choices=known.choices + more)
        return found

    def reference_types(self, class_name: str) -> dict[str, str]:
        """Attribute name → relationship type, for the references of a class that stand for relationships."""
        return {a.name: a.relationship for a in self.classes[class_name].attributes.values() if a.relationship}

    def referring(self, class_name: str) -> frozenset[str]:
        """The names of the attributes by which records may refer to one of a class."""
        return self._referring.get(class_name, frozenset())

    # -- derived ----------------------------------------------------------------------------------------------------

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self.classes.values():
            if one.parent:
                found.setdefault(one.parent, []).append(one.name)
        return found

    @cached_property
    def _families(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(c.name for c in self.tree(name)) for name in self.classes}

    @cached_property
    def _referring(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        pairs = {(a.name, a.target) for c in self.classes.values() for a in c.attributes.values() if a.target}
        for name, target in pairs:
            for cls in self.family(target):
                found.setdefault(cls, set()).add(name)
        return {cls: frozenset(names) for cls, names in found.items()}

    @cached_property
    def _class_words(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for pick in (lambda c: (c.name, c.label), lambda c: (c.plural,), lambda c: c.synonyms):
            for one in self.classes.values():
                for word in pick(one):
                    words.setdefault(fold(word), one.name)
        return words

    @cached_property
    def _relationship_words(self) -> dict[str, tuple[str, bool]]:
        words: dict[str, tuple[str, bool]] = {}
        for one in self.relationships.values():
            words.setdefault(fold(one.name), (one.name, False))
            words.setdefault(fold(one.label), (one.name, False))
        for one in self.relationships.values():
            words.setdefault(fold(one.inverse), (one.name, True))
            for word in one.synonyms:
                words.setdefault(fold(word), (one.name, False))
        return words

    @cached_property
    def _all(self) -> dict[str, dict[str, Attribute]]:
        return {}

    @cached_property
    def _attribute_cache(self) -> dict[str, dict[str, Attribute]]:
        return {}

    def _attribute_words(self, class_name: str) -> dict[str, Attribute]:
        words = self._attribute_cache.get(class_name)
        if words is None:
            words = self._attribute_cache[class_name] = {}
            attributes = self.cls(class_name).attributes.values()
            for pick in (lambda a: (a.name, a.label), lambda a: a.synonyms):
                for one in attributes:
                    for word in pick(one):
                        words.setdefault(fold(word), one)
        return words

    def _check(self) -> None:
        if "ci" not in self.classes:
            raise SchemaError("The schema has no root class 'ci'.")
        kinds: dict[str, tuple[str, str]] = {}
        for one in self.classes.values():
            for a in one.attributes.values():
                where = f"{one.label}: {a.label}"
                if a.type not in TYPES:
                    raise SchemaError(f"{where}: unknown type {a.type!r}. Types: {', '.join(TYPES)}.")
                if a.type == "choice" and not a.choices:
                    raise SchemaError(f"{where}: a choice needs choices.")
                _check_choices(where, a.choices)
                if a.type == "reference" and a.target not in self.classes:
                    raise SchemaError(f"{where}: refers to class {a.target!r}, which does not exist.")
                if a.relationship and a.relationship not in self.relationships:
                    raise SchemaError(f"{where}: relationship type {a.relationship!r} does not exist.")
                known = kinds.setdefault(a.name, (a.type, where))
                if known[0] != a.type:
                    raise SchemaError(f"{where} is {a.type}, but {known[1]} is {known[0]}: one name, one type.")
            for name in {n for rule in one.requires.values() for names in rule.any for n in names}:
                if name not in one.attributes:
                    raise SchemaError(f"{one.label}: a phase requires {name!r}, which is none of its attributes.")
        for t in self.relationships.values():
            if t.impact not in get_args(Impact) or t.strength not in get_args(Strength):
                words = " ".join((*get_args(Impact), *get_args(Strength)))
                raise SchemaError(f"Relationship type {t.label!r}: impact and strength are of: {words}.")
            for end in (*t.subjects, *t.objects):
                if end not in self.classes:
                    raise SchemaError(f"Relationship type {t.label!r} names class {end!r}, which does not exist.")


@lru_cache(maxsize=32)
def _document(path: Path, _changed: int) -> Mapping[str, Any]:
    """One file of a schema; read once, as every store that is opened wants it."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"{path.name}: {error}") from error


def _table(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables under a key of a document, by name. Raises SchemaError for what is none."""
    found = document.get(name, {})
    entries = found.items() if isinstance(found, Mapping) else [(name, found)]
    for key, entry in entries:
        if not isinstance(entry, Mapping):
            raise SchemaError(f"{key!r} under {name!r} must be a table of properties, not {entry!r}.")
        yield key, entry


def _made(kind: type[T], what: str, values: Mapping[str, Any]) -> T:
    """One entry of the schema. Raises SchemaError for properties that it doesn't have or lacks."""
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    unknown = [name for name in values if name not in known]
    if unknown:
        raise SchemaError(f"{what}: there is no property {unknown[0]!r}.")
    try:
        return kind(**values)
    except TypeError as error:
        raise SchemaError(f"{what} lacks a property: {error}.") from error


def _over(below: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of an attribute with others laid over them. A choice keeps what is not said of it anew."""
    merged = {**below, **values}
    if "choices" in below and "choices" in values:
        merged["choices"] = _merged_choices(map(_properties, below["choices"]), map(_properties, values["choices"]))
    return merged


def _properties(choice: Any) -> dict[str, Any]:
    return dict(choice) if isinstance(choice, Mapping) else {"value": choice}


def _merged_choices(below: Iterable[dict[str, Any]], own: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Choices over those of the same values. A verb that one of them newly names goes from where it stood."""
    known = {one.get("value"): one for one in below}
    own = list(own)
    claimed = {verb for one in own for verb in _verbs(one)}
    merged = []
    for one in own:
        under = dict(known.get(one.get("value"), {}))
        under["verb"] = tuple(verb for verb in _verbs(under) if verb not in claimed)
        merged.append({**under, **one})
    return merged


def _verbs(choice: Mapping[str, Any]) -> tuple[str, ...]:
    verbs = choice.get("verb", ())
    return (verbs,) if isinstance(verbs, str) else tuple(verbs)


def _attribute(name: str, entry: Mapping[str, Any], base: Attribute | None) -> Attribute:
    """An attribute, or the one that is inherited with some of its properties overridden."""
    values = dict(entry)
    if "choices" in values:
        inherited = [{f.name: getattr(c, f.name) for f in fields(c)} for c in base.choices] if base else []
        own = _merged_choices(inherited, map(_properties, values["choices"]))
        values["choices"] = tuple(_choice(name, c) for c in own)
    if "synonyms" in values:
        values["synonyms"] = tuple(values["synonyms"])
    if base is not None:
        values = {**{f.name: getattr(base, f.name) for f in fields(base)}, **values}
    return _made(Attribute, f"Attribute {name!r}", {"name": name, "label": _label(name), **values})


def _choice(attribute: str, entry: Mapping[str, Any]) -> Choice:
    what = f"A choice of {attribute!r}"
    phase = _phase(what, entry["phase"]) if entry.get("phase") else None
    values = {**entry, "synonyms": tuple(entry.get("synonyms", ())), "verb": _verbs(entry), "phase": phase}
    return _made(Choice, what, values)


def _phase(what: str, word: str) -> Phase:
    try:
        return Phase(word)
    except ValueError:
        raise SchemaError(f"{what}: there is no phase {word!r}. Phases: {', '.join(Phase)}.") from None


def _requirement(name: str, entry: Mapping[str, Any], base: Requirement | None) -> Requirement:
    """A requirement, or the one that is inherited with some of its properties overridden."""
    what = f"The requirement {name!r}"
    values = {**({f.name: getattr(base, f.name) for f in fields(base)} if base else {}), **entry}
    if "phase" in values:
        values["phase"] = _phase(what, values["phase"])
    if not all(isinstance(names, list | tuple) for names in values.get("any", ())):
        raise SchemaError(f"{what}: “any” is a list of lists of attributes.")
    values["any"] = tuple(tuple(names) for names in values.get("any", ()))
    return _made(Requirement, what, {"name": name, **values})


def _check_choices(where: str, choices: tuple[Choice, ...]) -> None:
    """Raises SchemaError where a label is also another choice's, or a verb sets two of them."""
    verbs: dict[str, str] = {}
    for one in choices:
        for other in choices if one.label != one.value else ():
            if other.value != one.value and fold(one.label) in (fold(other.value), fold(other.label)):
                raise SchemaError(f"{where}: {one.value!r} and {other.value!r} are both called {one.label!r}.")
        for verb in one.verb:
            if verbs.setdefault(verb, one.value) != one.value:
                raise SchemaError(f"{where}: the verb {verb!r} cannot set both {verbs[verb]!r} and {one.value!r}.")


def _relationship(name: str, entry: Mapping[str, Any]) -> RelationshipType:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return _made(RelationshipType, f"Relationship type {name!r}", {"name": name, **values})


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _inherit(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, CIClass]:
    """Classes with all that they inherit. Raises SchemaError for parents that are missing or go in a circle."""
    made: dict[str, CIClass] = {}

    def make(name: str, trail: tuple[str, ...]) -> CIClass:
        if name in made:
            return made[name]
        if name in trail:
            raise SchemaError(f"Class {name!r} inherits from itself.")
        parent_name = raw[name].get("parent", "")
        if parent_name not in raw and (parent_name or name != "ci"):
            missing = f"parent {parent_name!r}, which does not exist" if parent_name else "no parent"
            raise SchemaError(f"Class {name!r} has {missing}.")
        parent = make(parent_name, (*trail, name)) if parent_name else None
        made[name] = _class(name, raw[name], parent)
        return made[name]

    for name in raw:
        make(name, ())
    return {name: made[name] for name in raw}


def _class(name: str, entry: Mapping[str, Any], parent: CIClass | None) -> CIClass:
    attributes = dict(parent.attributes) if parent else {}
    for attribute, properties in entry["attributes"].items():
        attributes[attribute] = _attribute(attribute, properties, attributes.get(attribute))
    requires = dict(parent.requires) if parent else {}
    for rule, properties in entry["requires"].items():
        requires[rule] = _requirement(rule, properties, requires.get(rule))
    label = entry.get("label", _label(name))
    values = {
        "plural": label + "s",
        "icon": parent.icon if parent else "box",
        "columns": parent.columns if parent else ("name", "status"),
        **{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()},
        "name": name,
        "label": label,
        "attributes": attributes,
        "requires": requires,
    }
    return _made(CIClass, f"Class {name!r}", values)
