"""What a schema declares: classes, their attributes, choices and requirements, and relationship types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cmdb.model.phase import Phase

#: The value types of attributes. Canonical values are JSON values; see ``cmdb.model.values``.
TYPES = (
    "text", "long_text", "integer", "number", "money", "date", "time", "boolean", "choice", "reference",
    "uuid", "email", "url",
)  # fmt: skip

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
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    """Words of its own in other languages: language → property → word; see ``cmdb.model.schema_languages``."""

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
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)


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
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

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
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)


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
    inverse_synonyms: tuple[str, ...] = ()
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
