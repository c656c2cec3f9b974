"""The words of a schema in the reader's language: labels, plurals, choices, sections and help.

What a schema declares is English. An entry of the estate's own schema may have its words in other languages::

    [class.sensor.languages.de]
    label = "Sensor"
    plural = "Sensoren"

The built-in entries are translated with the program's texts. A word that was loaded knows the one that is declared
(``SchemaWord``), which is what estates keep. Words in every language that an entry declares are synonyms, so that
Terrier reads a sheet with English headers in a German session, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from cmdb.model.declarations import Attribute, Choice, CIClass, RecordSection, RelationshipType, Requirement
from cmdb.model.language import current
from cmdb.model.messages import SchemaWord

A = TypeVar("A", bound=Attribute)
Entry = CIClass | Attribute | Choice | RecordSection | RelationshipType | Requirement


def in_language(
    classes: Mapping[str, CIClass], relationships: Mapping[str, RelationshipType]
) -> tuple[dict[str, CIClass], dict[str, RelationshipType]]:
    """The entries of a schema, worded in the current language."""
    known: dict[int, Attribute] = {}  # by identity: subclasses share what they inherit, and hashing one is slow

    def attribute(one: Attribute) -> Attribute:
        if id(one) not in known:
            known[id(one)] = worded(one)
        return known[id(one)]

    return (
        {name: _worded_class(one, attribute) for name, one in classes.items()},
        {name: _worded_relationship(one) for name, one in relationships.items()},
    )


def sections_in_language(sections: Mapping[str, RecordSection]) -> dict[str, RecordSection]:
    """The sections of a schema, worded in the current language."""
    return {name: _worded_section(one) for name, one in sections.items()}


def section_texts(sections: Mapping[str, RecordSection]) -> Iterator[str]:
    """All words of sections in the source language, for translation."""
    for section in sections.values():
        yield from (section.label, section.plural, section.help)
        for column in section.columns.values():
            yield from (column.label, column.help, *(c.label for c in column.choices))


def texts_of(classes: Mapping[str, CIClass], relationships: Mapping[str, RelationshipType]) -> Iterator[str]:
    """All words of a schema but those of its sections in the source language, for translation."""
    for cls in classes.values():
        yield from (cls.label, cls.plural, *(rule.label for rule in cls.requires.values()))
        for attribute in cls.attributes.values():
            yield from (attribute.label, attribute.section, attribute.help, *(c.label for c in attribute.choices))
    for kind in relationships.values():
        yield from (kind.label, kind.inverse, kind.help)


def worded(one: A) -> A:
    """An attribute, worded in the current language."""
    if _is_worded(one, *one.choices):
        return one
    return replace(
        one,
        label=_word(one, "label"),
        section=_word(one, "section"),
        help=_word(one, "help"),
        synonyms=_synonyms(one, "label"),
        choices=tuple(replace(c, label=_word(c, "label"), synonyms=_synonyms(c, "label")) for c in one.choices),
    )


def _worded_class(one: CIClass, attribute: Callable[[Attribute], Attribute]) -> CIClass:
    attributes = {key: attribute(value) for key, value in one.attributes.items()}
    if _is_worded(one, *one.requires.values()):
        same = all(attributes[key] is value for key, value in one.attributes.items())
        return one if same else replace(one, attributes=attributes)
    return replace(
        one,
        label=_word(one, "label"),
        plural=_word(one, "plural"),
        synonyms=_synonyms(one, "label", "plural"),
        attributes=attributes,
        requires={key: replace(value, label=_word(value, "label")) for key, value in one.requires.items()},
    )


def _worded_section(one: RecordSection) -> RecordSection:
    if _is_worded(one, *one.columns.values()):
        return one
    return replace(
        one,
        label=_word(one, "label"),
        plural=_word(one, "plural"),
        help=_word(one, "help"),
        columns={name: worded(column) for name, column in one.columns.items()},
    )


def _worded_relationship(one: RelationshipType) -> RelationshipType:
    if _is_worded(one):
        return one
    return replace(
        one,
        label=_word(one, "label"),
        inverse=_word(one, "inverse"),
        help=_word(one, "help"),
        synonyms=_synonyms(one, "label"),
        inverse_synonyms=_words(one, "inverse"),
    )


def _is_worded(*entries: Entry) -> bool:
    """Whether entries are as the reader's language has them: a schema is loaded whenever an estate is opened."""
    return current().is_source and not any(one.languages for one in entries)


def _word(entry: Entry, name: str) -> SchemaWord:
    """One word of an entry in the current language: its own translation, else the program's."""
    declared: str = getattr(entry, name)
    own = entry.languages.get(current().code, {})
    return SchemaWord(own.get(name) or current().template("", declared), declared)


def _words(entry: Entry, *names: str) -> tuple[str, ...]:
    """The same words in the source language and in all that the entry declares."""
    declared = (getattr(entry, name) for name in names)
    others = (words[name] for words in entry.languages.values() for name in names if name in words)
    return tuple(dict.fromkeys((*declared, *others)))


def _synonyms(entry: CIClass | Attribute | Choice | RelationshipType, *names: str) -> tuple[str, ...]:
    shown = {_word(entry, name) for name in names}
    return (*entry.synonyms, *(word for word in _words(entry, *names) if word not in shown))
