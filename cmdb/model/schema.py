"""The estate's classes as data: CI classes with inheritance, their attributes, and relationship types.

A schema is read from TOML (``resources/schema/*.toml``); the user's own entries are kept in the estate in the same form
and merged over it. All code that shows, checks or reads records uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cmdb.model.declarations import ROOT_CLASSES as ROOT_CLASSES
from cmdb.model.declarations import TYPES as TYPES
from cmdb.model.declarations import Attribute as Attribute
from cmdb.model.declarations import Choice as Choice
from cmdb.model.declarations import CIClass as CIClass
from cmdb.model.declarations import Impact as Impact
from cmdb.model.declarations import RecordSection as RecordSection
from cmdb.model.declarations import RelationshipType as RelationshipType
from cmdb.model.declarations import Requirement as Requirement
from cmdb.model.declarations import Strength as Strength
from cmdb.model.declarations import fold as fold
from cmdb.model.errors import SchemaError
from cmdb.model.hierarchies import Hierarchy, hierarchies
from cmdb.model.language import Language, current
from cmdb.model.messages import Message
from cmdb.model.resources import RESOURCES
from cmdb.model.schema_checks import check_schema
from cmdb.model.schema_documents import read_documents, read_sections, read_sources
from cmdb.model.schema_languages import in_language, sections_in_language
from cmdb.model.section_checks import check_section
from cmdb.model.source_orders import GENERAL, MEASURED, NO_ORDERS, ClassOrders, Ranked, SourceOrder


class SourceRule(NamedTuple):
    """The order of sources of an attribute or section, and where it is said."""

    order: SourceOrder
    of: str
    """"attribute", "section", "class" or "estate"."""
    cls: str = ""
    """The class in which it is said."""
    own: bool = False
    """Whether the estate says it, and not Terrier's own schema."""


class Schema:
    """Classes, relationship types and sections, checked against each other. Immutable once made.

    ``sections`` gives the sections; they are read when they are asked for, as most who need a schema ask for none.
    """

    def __init__(
        self,
        classes: Mapping[str, CIClass],
        relationships: Mapping[str, RelationshipType],
        sections: Callable[[], Mapping[str, RecordSection]] = dict,
        sources: Mapping[str, Ranked] = MappingProxyType({}),
    ) -> None:
        self.classes = dict(classes)
        self.relationships = dict(relationships)
        self.sources = dict(sources)
        """The estate's orders of sources, for what no class or attribute says: "general" and "measured"."""
        self._orders: dict[tuple[Ranked, bool], SourceOrder] = {}
        self._class_orders: dict[str, ClassOrders] = {}
        self._read_sections = sections
        check_schema(self.classes, self.relationships)

    @classmethod
    def load(cls, folder: Path | None = None, extra: Iterable[Mapping[str, object]] = ()) -> Schema:
        """The schema of ``folder`` (Terrier's own by default) with ``extra`` documents of the same form laid over it.

        Its labels are worded in the current language. Raises SchemaError where the documents are not TOML or contradict
        each other.
        """
        folder, documents = folder or RESOURCES / "schema", tuple(extra)
        if documents:
            return _made(folder, documents)
        paths = (*folder.glob("*.toml"), *folder.glob("sections/*.toml"))
        return _without_entries(folder, tuple((path, path.stat().st_mtime_ns) for path in sorted(paths)), current())

    # -- looking up -------------------------------------------------------------------------------------------------

    def cls(self, name: str) -> CIClass:
        """The class of that name. Raises SchemaError."""
        try:
            return self.classes[name]
        except KeyError:
            raise SchemaError(Message("There is no class “{name}”.", name=name)) from None

    def find_class(self, word: str) -> CIClass:
        """The class that a person means by ``word``: its name, label, plural or a synonym. Raises SchemaError."""
        found = self.class_of(word)
        if found is None:
            raise SchemaError(self._no_class(word))
        return found

    def class_of(self, word: str) -> CIClass | None:
        """The class that a person means by ``word``, or None."""
        found = self._class_words.get(fold(word))
        return None if found is None else self.classes[found]

    def _no_class(self, word: str) -> Message:
        """That there is no such class, with those that are spelled like it; all of them where none is."""
        from cmdb.model.near_words import near_words  # it needs difflib, which takes long to load

        near = near_words(fold(word), self._class_words, 5, 0.65)
        labels = tuple(dict.fromkeys(self.classes[self._class_words[one]].label for one in near))
        if len(labels) == 1:
            return Message("There is no class “{word}”. Did you mean {cls}?", word=word, cls=labels[0])
        if labels:
            return Message(
                "There is no class “{word}”. Did you mean one of these: {classes}?", word=word, classes=labels
            )
        return Message(
            "There is no class “{word}”. Classes: {classes}.",
            word=word,
            classes=tuple(c.label for c in self.concrete()),
        )

    def relationship(self, name: str) -> RelationshipType:
        """The relationship type of that name. Raises SchemaError."""
        try:
            return self.relationships[name]
        except KeyError:
            raise SchemaError(Message("There is no relationship type “{name}”.", name=name)) from None

    def find_relationship(self, word: str) -> tuple[RelationshipType, bool]:
        """The type a person means by ``word``, and whether they named its inverse. Raises SchemaError."""
        found = self._relationship_words.get(fold(word))
        if found is None:
            labels = tuple(t.label for t in self.relationships.values())
            raise SchemaError(
                Message("There is no relationship type “{word}”. Types: {types}.", word=word, types=labels)
            )
        return self.relationships[found[0]], found[1]

    def relationship_of(self, word: str) -> RelationshipType | None:
        """The type that a person means by ``word``, read from its subject; None where there is none."""
        name, inverse = self._relationship_words.get(fold(word), ("", True))
        return None if inverse else self.relationships[name]

    def section(self, name: str) -> RecordSection:
        """The section of that name. Raises SchemaError."""
        try:
            return self.sections[name]
        except KeyError:
            raise SchemaError(Message("There is no section “{name}”.", name=name)) from None

    def find_section(self, word: str) -> RecordSection | None:
        """The section that a person means by ``word``: its name, label or plural; None where there is none."""
        wanted = fold(word)
        picks = (lambda one: (one.name,), lambda one: (one.label, one.plural))
        return next((one for pick in picks for one in self.sections.values() if wanted in map(fold, pick(one))), None)

    def sections_of(self, class_name: str) -> list[RecordSection]:
        """The sections that records of a class can have, in order of declaration, without hidden ones."""
        sections = (one for one in self.sections.values() if not one.hidden)
        return [one for one in sections if any(self.is_a(class_name, cls) for cls in one.of)]

    def attribute(self, class_name: str, name: str) -> Attribute:
        """Attribute ``name`` of a class. Raises SchemaError."""
        try:
            return self.classes[class_name].attributes[name]
        except KeyError:
            label = self.classes[class_name].label if class_name in self.classes else class_name
            raise SchemaError(Message("{cls} has no attribute “{name}”.", cls=label, name=name)) from None

    def find_attribute(self, class_name: str, word: str) -> Attribute | None:
        """The attribute of a class that ``word`` names (name, label or synonym), or None."""
        return self._attribute_words(class_name).get(fold(word))

    def concrete(self) -> list[CIClass]:
        """The classes that records can have, in tree order."""
        return [c for c in self.tree() if not c.abstract]

    def offered(self, root: str = "ci") -> list[CIClass]:
        """The classes that new records of a root class can have, in tree order: those that are not hidden."""
        return [c for c in self.tree(root) if not (c.abstract or c.hidden)]

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

    def kin(self, name: str) -> str:
        """The broadest class that a record of a class can belong to: hardware, place, …; a person is no other party."""
        chain = self.ancestors(name)
        return "person" if "person" in chain else chain[-2] if len(chain) > 1 else name

    def root_of(self, name: str) -> str:
        """The root class of a class."""
        found = self._roots.get(name)
        return found if found is not None else self.ancestors(name)[-1]

    def joins_items(self, relationship: str) -> bool:
        """Whether both ends of a relationship type are configuration items: only such types are in the graph."""
        found = self.relationships.get(relationship)
        return found is None or all(self.root_of(cls) == "ci" for cls in (*found.subjects, *found.objects))

    def all_attributes(self, root: str = "ci") -> dict[str, Attribute]:
        """All attributes of a class and its subclasses, by name; the declaration of the class itself comes first.

        A choice accepts the values of all these classes: all items can be filtered by a status that only hardware has.
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

    def shown_attributes(self, root: str = "ci") -> dict[str, Attribute]:
        """As ``all_attributes``, without those that are hidden in all these classes."""
        shown = {name for one in self.tree(root) for name in one.shown_attributes}
        return {name: one for name, one in self.all_attributes(root).items() if name in shown}

    @cached_property
    def every_attribute(self) -> Mapping[str, Attribute]:
        """All attributes of all roots, by name; those of items come first, as with ``all_attributes``."""
        found: dict[str, Attribute] = {}
        for root in ROOT_CLASSES:
            if root in self.classes:
                for name, attribute in self.all_attributes(root).items():
                    found.setdefault(name, attribute)
        return found

    @cached_property
    def reference_names(self) -> frozenset[str]:
        """The names of all attributes that refer to records, of every root."""
        return frozenset(a.name for one in self.classes.values() for a in one.attributes.values() if a.target)

    def reference_types(self, class_name: str) -> dict[str, str]:
        """Attribute name → relationship type, for the references of a class that store relationships."""
        return {a.name: a.relationship for a in self.classes[class_name].attributes.values() if a.relationship}

    def referring(self, class_name: str) -> frozenset[str]:
        """The names of the attributes by which records may refer to one of a class."""
        return self._referring.get(class_name, frozenset())

    # -- whose value counts -----------------------------------------------------------------------------------------

    def source_orders(self, class_name: str) -> ClassOrders:
        """The orders of sources of the attributes of a class, ready to be asked; none of a class that there is not."""
        found = self._class_orders.get(class_name)
        if found is None:
            found = self._class_orders[class_name] = self._resolved(class_name)
        return found

    def _resolved(self, class_name: str) -> ClassOrders:
        """The nearest orders: of the attribute, of the class, then of the estate."""
        cls = self.classes.get(class_name)
        if cls is None:
            return NO_ORDERS
        of = {
            name: self._order(one.sources or cls.sources or self._estates(one), one.required or one.identifying)
            for name, one in cls.attributes.items()
        }
        return ClassOrders(of, any(one.holds for one in of.values()), any(one.asks for one in of.values()))

    def _estates(self, attribute: Attribute) -> Ranked:
        return self.sources.get(MEASURED if attribute.measured else GENERAL, ())

    def _order(self, ranked: Ranked, needed: bool) -> SourceOrder:
        found = self._orders.get((ranked, needed))
        if found is None:
            found = self._orders[ranked, needed] = SourceOrder(ranked, needed=needed)
        return found

    def section_order(self, class_name: str, section: str) -> SourceOrder:
        """The order of sources for the rows of a section of records of a class."""
        cls = self.classes.get(class_name)
        said = cls.section_sources.get(section, ()) if cls is not None else ()
        return self._order(said or self.sources.get(MEASURED, ()), needed=False)

    def source_rule(self, class_name: str, attribute: str) -> SourceRule:
        """The order of sources of an attribute of a class, and where it is said. Raises SchemaError."""
        one, cls = self.attribute(class_name, attribute), self.classes[class_name]
        found = self.source_orders(class_name).of[attribute]
        shipped = Schema.load().source_orders(class_name).of.get(attribute)
        own = shipped != found
        if one.sources:
            at = [c for c in self.ancestors(class_name) if _same(self.classes[c].attributes.get(attribute), one)]
            return SourceRule(found, "attribute", at[-1], own)
        if cls.sources:
            at = [c for c in self.ancestors(class_name) if self.classes[c].sources == cls.sources]
            return SourceRule(found, "class", at[-1], own)
        return SourceRule(found, "estate", "", own)

    # -- derived ----------------------------------------------------------------------------------------------------

    @cached_property
    def sections(self) -> Mapping[str, RecordSection]:
        """The sections by name: rows of detail that sources see of records. Raises SchemaError."""
        found = dict(self._read_sections())
        for section in found.values():
            check_section(section, self.classes)
        return found

    @cached_property
    def hierarchies(self) -> Mapping[str, Hierarchy]:
        """The hierarchies by name: what contains, hosts or leads what, never in a circle."""
        return hierarchies(self.classes, self.relationships)

    @cached_property
    def _roots(self) -> dict[str, str]:
        return {name: self.ancestors(name)[-1] for name in self.classes}

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
        attributes = (a for c in self.classes.values() for a in c.attributes.values() if a.target)
        for name, target in {(a.name, target) for a in attributes for target in a.targets}:
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
            for word in one.inverse_synonyms:
                words.setdefault(fold(word), (one.name, True))
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


def _same(inherited: Attribute | None, one: Attribute) -> bool:
    return inherited is not None and inherited.sources == one.sources


@lru_cache(maxsize=4)
def _without_entries(folder: Path, _changed: tuple[tuple[Path, int], ...], _language: Language) -> Schema:
    """The schema of a folder as it is; made once, as every store that is opened needs it."""
    return _made(folder, ())


def _made(folder: Path, documents: tuple[Mapping[str, object], ...]) -> Schema:
    return Schema(
        *in_language(*read_documents(folder, documents)),
        lambda: sections_in_language(read_sections(folder, documents)),
        read_sources(folder, documents),
    )
