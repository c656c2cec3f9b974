"""Schemas as documents: read from TOML, laid over each other, and made into classes with all that they inherit."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from cmdb.model.declarations import (
    ROOT_CLASSES,
    Attribute,
    Choice,
    CIClass,
    RecordSection,
    RelationshipType,
    Requirement,
    SectionColumn,
    Transition,
)
from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message, SchemaWord, counted
from cmdb.model.phase import Phase
from cmdb.model.source_orders import GENERAL, MEASURED, Ranked, read_order

_PROPERTIES: dict[type, tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(kind))
    for kind in (
        Attribute,
        Choice,
        CIClass,
        RecordSection,
        RelationshipType,
        Requirement,
        SectionColumn,
        Transition,
    )
}
"""The names of the properties of each kind of entry."""

_REQUIRED: dict[type, tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)
    for kind in _PROPERTIES
}
"""The properties that each kind of entry must have."""

_WORDS = ("label", "plural", "inverse")
"""The properties that are words of the schema."""

_CURRENCY = "currency"
"""The attribute that holds the currency of amounts which name none: in entries of estates older than the property."""

T = TypeVar("T")


def read_documents(
    folder: Path, extra: Iterable[Mapping[str, object]]
) -> tuple[dict[str, CIClass], dict[str, RelationshipType]]:
    """The classes and relationship types of the TOML files of a folder, with ``extra`` documents laid over them.

    Raises SchemaError where they are not TOML or contradict each other.
    """
    paths = sorted(folder.glob("*.toml"))
    shipped = [_document(path, path.stat().st_mtime_ns) for path in paths]
    documents = [*shipped, *extra]
    classes: dict[str, dict[str, Any]] = {}
    relationships: dict[str, dict[str, Any]] = {}
    for document in documents:
        for name, entry in _table(document, "class"):
            merged = classes.setdefault(name, {})
            attributes = merged.get("attributes", {})
            own = {n: _over(attributes.get(n, {}), values) for n, values in _table(entry, "attributes")}
            required = merged.get("requires", {})
            rules = {n: {**required.get(n, {}), **rule} for n, rule in _table(entry, "requires")}
            moves = merged.get("transitions", {})
            lines = {n: {**moves.get(n, {}), **line} for n, line in _table(entry, "transitions")}
            rows = {**merged.get("section_sources", {}), **dict(_entries(entry, "section_sources"))}
            merged.update(
                {
                    **entry,
                    "attributes": {**attributes, **own},
                    "requires": {**required, **rules},
                    "transitions": {**moves, **lines},
                    "section_sources": rows,
                }
            )
        for name, entry in _table(document, "relationship"):
            relationships.setdefault(name, {}).update(entry)
    types = {name: _relationship(name, entry) for name, entry in relationships.items()}
    estates = {
        (name, attribute)
        for document in documents[len(shipped) :]
        for name, entry in _table(document, "class")
        for attribute, _ in _table(entry, "attributes")
    }
    return _inherit(classes, estates), types


def read_sections(folder: Path, extra: Iterable[Mapping[str, object]]) -> dict[str, RecordSection]:
    """The sections that the TOML files in ``sections`` of a folder declare, with ``extra`` documents laid over them.

    They stand apart, because most who need a schema ask for none. Raises SchemaError.
    """
    paths = sorted((folder / "sections").glob("*.toml"))
    sections: dict[str, dict[str, Any]] = {}
    for document in (*(_document(path, path.stat().st_mtime_ns) for path in paths), *extra):
        for name, entry in _table(document, "section"):
            merged = sections.setdefault(name, {})
            columns = merged.get("columns", {})
            merged.update(entry)
            merged["columns"] = {**columns, **{n: {**columns.get(n, {}), **v} for n, v in _table(entry, "columns")}}
    return {name: _section(name, entry) for name, entry in sections.items()}


def read_sources(folder: Path, extra: Iterable[Mapping[str, object]]) -> dict[str, Ranked]:
    """The orders of sources of an estate that the documents declare, by name. Raises SchemaError."""
    paths = sorted(folder.glob("*.toml"))
    found: dict[str, Any] = {}
    for document in (*(_document(path, path.stat().st_mtime_ns) for path in paths), *extra):
        found.update(_entries(document, "sources"))
    for name in found:
        if name not in (GENERAL, MEASURED):
            raise SchemaError(Message("Sources: there is no property “{unknown}”.", unknown=name))
    return {name: read_order(Message("Sources “{name}”", name=name), entries) for name, entries in found.items()}


@lru_cache(maxsize=32)
def _document(path: Path, _changed: int) -> Mapping[str, Any]:
    """One file of a schema; read once, as every store that is opened needs it."""
    import tomllib  # only now: most commands import this module, and few read a schema

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SchemaError(
            Message("{file} is not written as TOML has it: {error}", file=path.name, error=str(error))
        ) from error


def _entries(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What stands under a key of a document, by name. Raises SchemaError where it is no table."""
    found = document.get(name, {})
    if not isinstance(found, Mapping):
        raise SchemaError(Message("“{name}” must be a table.", name=name))
    return found


def _table(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables under a key of a document, by name. Raises SchemaError for a value that is not a table."""
    found = document.get(name, {})
    entries = found.items() if isinstance(found, Mapping) else [(name, found)]
    for key, entry in entries:
        if not isinstance(entry, Mapping):
            raise SchemaError(
                Message(
                    "“{key}” under “{name}” must be a table of properties, not “{entry}”.",
                    key=key,
                    name=name,
                    entry=str(entry),
                )
            )
        yield key, entry


def _made(kind: type[T], what: Message, values: Mapping[str, Any]) -> T:
    """One entry of the schema. Raises SchemaError for properties that it doesn't have or lacks."""
    unknown = values.keys() - set(_PROPERTIES[kind])
    if unknown:
        raise SchemaError(Message("{what}: there is no property “{unknown}”.", what=what, unknown=min(unknown)))
    words = {name: SchemaWord(values[name], values[name]) for name in _WORDS if isinstance(values.get(name), str)}
    lacks = tuple(name for name in _REQUIRED[kind] if name not in values)
    if lacks:
        raise SchemaError(
            counted("{what} lacks the property “{names}”.", "{what} lacks the properties {names}.", len(lacks),
                    what=what, names=lacks)
        )  # fmt: skip
    return kind(**{**values, **words})


def _over(below: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of an attribute, overridden by others. A choice keeps the properties that are not overridden."""
    merged = {**below, **values}
    if "choices" in below and "choices" in values:
        merged["choices"] = _merged_choices(map(_properties, below["choices"]), map(_properties, values["choices"]))
    return merged


def _properties(choice: Any) -> dict[str, Any]:
    return dict(choice) if isinstance(choice, Mapping) else {"value": choice}


def _merged_choices(below: Iterable[dict[str, Any]], own: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The choices, overridden by those with the same values. If several choices name a verb, the last one has it."""
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
    """An attribute, or the inherited attribute with some of its properties overridden."""
    values = dict(entry)
    if "choices" in values:
        inherited = [_declared(c) for c in base.choices] if base else []
        own = _merged_choices(inherited, map(_properties, values["choices"]))
        values["choices"] = tuple(_choice(name, c) for c in own)
    for listed in ("synonyms", "also", "inherited"):
        if listed in values:
            values[listed] = tuple(values[listed])
    if "sources" in values:
        values["sources"] = read_order(Message("Attribute “{name}”", name=name), values["sources"])
    if base is not None:
        values = {**_declared(base), **values}
    return _made(Attribute, Message("Attribute “{name}”", name=name), {"name": name, "label": _label(name), **values})


def _declared(entry: Attribute | Choice | Requirement | Transition) -> dict[str, Any]:
    """The properties of an entry with their values."""
    return {name: getattr(entry, name) for name in _PROPERTIES[type(entry)]}


def _choice(attribute: str, entry: Mapping[str, Any]) -> Choice:
    what = Message("A choice of “{attribute}”", attribute=attribute)
    phase = _phase(what, entry["phase"]) if entry.get("phase") else None
    values = {**entry, "synonyms": tuple(entry.get("synonyms", ())), "verb": _verbs(entry), "phase": phase}
    return _made(Choice, what, values)


def _phase(what: Message, word: str) -> Phase:
    try:
        return Phase(word)
    except ValueError:
        raise SchemaError(
            Message(
                "{what}: there is no phase “{word}”. Phases: {phases}.",
                what=what,
                word=word,
                phases=(*map(str, Phase),),
            )
        ) from None


def _requirement(name: str, entry: Mapping[str, Any], base: Requirement | None) -> Requirement:
    """A requirement, or the inherited requirement with some of its properties overridden."""
    what = Message("The requirement “{name}”", name=name)
    values = {**(_declared(base) if base else {}), **entry}
    if "phase" in values:
        values["phase"] = _phase(what, values["phase"])
    if not all(isinstance(names, list | tuple) for names in values.get("any", ())):
        raise SchemaError(Message("{what}: “any” is a list of lists of attributes.", what=what))
    values["any"] = tuple(tuple(names) for names in values.get("any", ()))
    return _made(Requirement, what, {"name": name, **values})


def _transition(name: str, entry: Mapping[str, Any], base: Transition | None) -> Transition:
    """A line of a state table, or the inherited one with some of its properties overridden."""
    values = {**(_declared(base) if base else {}), **entry, "name": name}
    lists = {key: tuple(values[key]) for key in ("before", "needs") if isinstance(values.get(key), list)}
    return _made(Transition, Message("The transition “{name}”", name=name), {**values, **lists})


def _relationship(name: str, entry: Mapping[str, Any]) -> RelationshipType:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return _made(RelationshipType, Message("Relationship type “{name}”", name=name), {"name": name, **values})


def _section(name: str, entry: Mapping[str, Any]) -> RecordSection:
    label = entry.get("label", _label(name))
    entries = entry["columns"]
    names = dict.fromkeys((*(one for one in entry.get("order", ()) if one in entries), *entries))
    columns = {one: _column(one, entries[one]) for one in names}
    values = {"plural": label, **entry, "name": name, "label": label, "columns": columns}
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return _made(RecordSection, Message("Section “{name}”", name=name), {**values, **lists})


def _column(name: str, entry: Mapping[str, Any]) -> SectionColumn:
    values = {"name": name, "label": _label(name), **entry}
    if "choices" in values:
        values["choices"] = tuple(_choice(name, one) for one in map(_properties, values["choices"]))
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return _made(SectionColumn, Message("Column “{name}”", name=name), {**values, **lists})


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _inherit(raw: Mapping[str, Mapping[str, Any]], own: Container[tuple[str, str]]) -> dict[str, CIClass]:
    """Classes with all that they inherit. Raises SchemaError for parents that are missing or go in a circle.

    ``own``: class and name of the attributes that an estate declares itself.
    """
    made: dict[str, CIClass] = {}

    def make(name: str, trail: tuple[str, ...]) -> CIClass:
        if name in made:
            return made[name]
        if name in trail:
            raise SchemaError(Message("Class “{name}” inherits from itself.", name=name))
        parent_name = raw[name].get("parent", "")
        if parent_name not in raw and (parent_name or name not in ROOT_CLASSES):
            if not parent_name:
                raise SchemaError(Message("Class “{name}” has no parent.", name=name))
            raise SchemaError(
                Message("Class “{name}” has parent “{parent}”, which does not exist.", name=name, parent=parent_name)
            )
        parent = make(parent_name, (*trail, name)) if parent_name else None
        made[name] = _class(name, raw[name], parent, own)
        return made[name]

    for name in raw:
        make(name, ())
    return {name: made[name] for name in raw}


def _name_currencies(cls: str, attributes: dict[str, Attribute], own: Container[tuple[str, str]]) -> None:
    """Amounts that name no currency are in the class's ``currency``, and what holds currencies is marked as that.

    An estate's ``own`` amounts, of a class that has none, bring the attribute along: older estates name no currencies.
    """
    for one in [a for a in attributes.values() if a.type == "money"]:
        if not one.currency and (_CURRENCY in attributes or (cls, one.name) in own):
            attributes.setdefault(_CURRENCY, _attribute(_CURRENCY, {"section": one.section}, None))
            one = attributes[one.name] = replace(one, currency=_CURRENCY)
        held = attributes.get(one.currency)
        if held is not None and held.type == "text" and not held.of_amounts:
            attributes[held.name] = replace(held, of_amounts=True)


def _class(name: str, entry: Mapping[str, Any], parent: CIClass | None, own: Container[tuple[str, str]]) -> CIClass:
    attributes = dict(parent.attributes) if parent else {}
    for attribute, properties in entry["attributes"].items():
        attributes[attribute] = _attribute(attribute, properties, attributes.get(attribute))
    _name_currencies(name, attributes, own)
    requires = dict(parent.requires) if parent else {}
    for rule, properties in entry["requires"].items():
        requires[rule] = _requirement(rule, properties, requires.get(rule))
    transitions = dict(parent.transitions) if parent else {}
    for verb, properties in entry["transitions"].items():
        transitions[verb] = _transition(verb, properties, transitions.get(verb))
    label = entry.get("label", _label(name))
    what = Message("Class “{name}”", name=name)
    rows = {one: read_order(what, its) for one, its in entry["section_sources"].items()}
    values = {
        "plural": label + "s",
        "icon": parent.icon if parent else "box",
        "columns": parent.columns if parent else ("name", "status"),
        **{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()},
        "name": name,
        "label": label,
        "attributes": attributes,
        "requires": requires,
        "transitions": transitions,
        "sources": read_order(what, entry.get("sources", ())) or (parent.sources if parent else ()),
        "section_sources": {**(parent.section_sources if parent else {}), **{n: its for n, its in rows.items() if its}},
    }
    return _made(CIClass, what, values)
