"""What a schema knows of headers: which words name columns, and which class several of them are of."""

from __future__ import annotations

from functools import cached_property

from cmdb.model.schema import Schema, fold
from importers.spreadsheets.columns import classes
from importers.spreadsheets.columns.fields import kind_by_columns
from importers.spreadsheets.sheets.group_headers import HeaderNames


class HeaderWords:
    """The words that name columns, in a schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._folded = classes.known_words(schema)

    def knows(self, word: str) -> bool:
        """Whether a text is the name of a column."""
        return fold(word) in self._folded

    @cached_property
    def usual(self) -> frozenset[str]:
        """The words in their usual spellings, so that many cells are compared at once."""
        found: set[str] = set()
        for word in self._folded:
            title, joined = word.title(), word.replace(" ", "_")
            found.update((word, title, word.capitalize(), word.upper(), joined, joined.upper(), title.replace(" ", "")))
        for one in self.schema.classes.values():
            found.update(attribute.label for attribute in one.attributes.values())
        return frozenset(found)

    def may_be_value(self, word: str) -> bool:
        """Whether a text is (also) the name of a class or a relationship, which cells hold as well."""
        return bool(classes.find_class(self.schema, word)) or fold(word) in self._relationships

    def of_special_kind(self, headers: list[str]) -> bool:
        """Whether headers are those of relationships, installed software or assignments ("Entitlement", "Person")."""
        return bool(kind_by_columns(headers, "")[0])

    @cached_property
    def _relationships(self) -> frozenset[str]:
        found = self.schema.relationships.values()
        return frozenset(fold(word) for one in found for word in (one.label, one.inverse, one.name))

    def class_in_title(self, title: str) -> str:
        """The class that a title names, or ""."""
        return classes.class_of_name(self.schema, title)[0]

    def best_class(self, headers: list[str]) -> tuple[str, int]:
        """The class that headers fit best, and how many of them do."""
        return classes.best_of_roots(self.schema, headers)

    def fits(self, cls: str, headers: list[str]) -> int:
        """How many headers name attributes of a class."""
        return classes.score(self.schema, cls, headers)

    def related(self, one: str, other: str) -> bool:
        """Whether one of two classes is the other, or a kind of it."""
        return self.schema.is_a(one, other) or self.schema.is_a(other, one)

    def refers(self, cls: str, header: str, target: str) -> bool:
        """Whether a header names what records of a class refer to of another class ("Assigned to" a person)."""
        found = classes.find_attribute(self.schema, (cls, *self.schema.family(cls)), header) if cls else None
        return (
            found is not None and found.attribute.type == "reference" and self.related(found.attribute.target, target)
        )

    def is_of(self, cls: str, header: str) -> bool:
        """Whether a header names an attribute of a class; the record's name only by its label."""
        found = classes.find_attribute(self.schema, (cls,), header)
        return found is not None and (found.attribute.name != "name" or found.rank < _SYNONYM)


_SYNONYM = 2


def sought_names(schema: Schema, names: HeaderNames) -> list[str]:
    """The words by which columns are looked up: those of a group by their own name, where that of both is unknown, no
    other column has the same, and the group is not named after another record ("Supplier" over "Name").
    """
    if names.labels is None:
        return names.shown
    known = classes.known_words(schema)
    counts = [fold(name) for name in names.own]
    references = {
        fold(word)
        for attribute in schema.every_attribute.values()
        if attribute.type == "reference"
        for word in (attribute.label, attribute.name, *attribute.synonyms)
    }
    found = list(names.shown)
    for i, (name, label) in enumerate(zip(names.own, names.labels, strict=True)):
        plain = fold(name) in known and fold(names.shown[i]) not in known and counts.count(fold(name)) == 1
        if label and name and plain and fold(label) not in references:
            found[i] = name
    return found
