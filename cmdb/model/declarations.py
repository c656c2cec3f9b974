"""The declarations of a schema: classes, their attributes, choices and requirements, and relationship types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from cmdb.model.messages import SchemaWord
from cmdb.model.phase import Phase
from cmdb.model.source_orders import Ranked

#: The value types of attributes. Canonical values are JSON values; see ``cmdb.model.values``.
TYPES = (
    "text", "long_text", "integer", "number", "money", "date", "time", "boolean", "choice", "reference",
    "uuid", "email", "url",
)  # fmt: skip

#: The forms that texts can have; see ``cmdb.model.text_forms``.
FORMS = ("mac", "ip", "network", "imei", "iccid", "fingerprint", "host")

Impact = Literal["none", "forward", "backward"]
Strength = Literal["hard", "soft"]


@lru_cache(maxsize=10_000)
def fold(word: str) -> str:
    """The form in which labels and headers are compared: lower case, letters and digits only, single spaces."""
    return " ".join("".join(c if c.isalnum() else " " for c in word.casefold()).split())


ROOT_CLASSES = ("ci", "work")
"""The classes without a parent: each is a tree with a table of its own."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice attribute: the stored value, the label, synonyms, and the name of its tone.

    A choice of a status also has a phase and the verbs that set it; see ``cmdb.model.life_cycle``.
    """

    value: str
    synonyms: tuple[str, ...] = ()
    tone: str = "neutral"
    label: str = ""
    """The shown text; the value by default."""
    phase: Phase | None = None
    verb: tuple[str, ...] = ()
    closes: bool = False
    """Of states of work: it is over."""
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    """Words of its own in other languages: language → property → word; see ``cmdb.model.schema_languages``."""

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", SchemaWord(self.value, self.value))


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
    also: tuple[str, ...] = ()
    """Reference attributes: further classes that may be referred to. An import never creates records of these."""
    relationship: str = ""
    """Reference attributes: the relationship type whose only stored form this attribute is."""
    hierarchy: str = ""
    """Reference attributes: the hierarchy that it is a step of, by default that of its relationship type."""
    currency: str = ""
    """Amounts of money: the attribute of the same class that holds their currency."""
    of_amounts: bool = False
    """The values are codes of currencies (ISO 4217). It is set for what amounts name as their ``currency``."""
    minimum: int | None = None
    """Numbers and amounts: what a value that comes in is at least."""
    maximum: int | None = None
    """Numbers and amounts: what a value that comes in is at most."""
    decisive: bool = False
    """An import rejects the row whose cell can't be read: without it the record would mean something else."""
    form: str = ""
    """Texts that are kept in one form, such as "mac" (see ``cmdb.model.text_forms``); any other text is refused."""
    not_before: str = ""
    """Dates: the attribute of the same class that this one doesn't come before; an import warns where it does."""
    past: bool = False
    """Dates and times of what has happened: an import warns of one that is still to come."""
    inherited: tuple[str, ...] = ()
    """Dates: a date, a reference and a number of months, which are attributes. A record without a value of its own has
    the day so many months after its date, as the record that it refers to says (see ``cmdb.model.inherited_dates``).
    """
    measured: bool = False
    """Scans measure it: by the estate's orders of sources their word outranks a spreadsheet's for this attribute."""
    sources: Ranked = ()
    """The order of sources for this attribute, in this class and below; without it that of the class or the estate."""
    section: str = "Details"
    help: str = ""
    ends: bool = False
    """A date after which something stops (warranty, licence, contract). The overview counts such dates and warns of
    them.
    """
    hidden: bool = False
    """Its values are kept, but forms, tables, filters and imports do not offer it."""
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    @property
    def targets(self) -> tuple[str, ...]:
        """All classes that a reference may refer to."""
        return (self.target, *self.also)


@dataclass(frozen=True, slots=True)
class Requirement:
    """The values that a record needs to enter a phase: all attributes of at least one alternative.

    A class inherits its parent's requirements. A requirement without alternatives is none.
    """

    name: str
    phase: Phase
    any: tuple[tuple[str, ...], ...] = ()
    label: str = ""
    """The subject of the requirement, for messages: "what was done to its data"."""
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    def is_met(self, values: Mapping[str, object]) -> bool:
        """Whether the values of a record have all of one alternative."""
        return not self.any or any(all(values.get(name) is not None for name in names) for names in self.any)


@dataclass(frozen=True, slots=True)
class Transition:
    """A line of a class's state table: by a verb, from some states to another. ``name`` is the verb's.

    ``needs`` are attributes that the record must have then.
    """

    name: str
    before: tuple[str, ...]
    after: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CIClass:
    """A class of configuration items, or of another root.

    ``attributes`` includes what it inherits, in order of declaration.
    """

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
    """The requirements for entering a phase, by name; see ``Requirement``."""
    prefix: str = ""
    """What the numbers of its records begin with; "" where they have none."""
    transitions: Mapping[str, Transition] = field(default_factory=dict)
    """The state table, by verb; empty where every change of state is allowed."""
    hidden: bool = False
    """It is not offered for new records."""
    sources: Ranked = ()
    """The order of sources for its attributes that have none of their own, in this class and below."""
    section_sources: Mapping[str, Ranked] = field(default_factory=dict)
    """Section → the order of sources for its rows, in this class and below."""
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    @property
    def shown_attributes(self) -> Mapping[str, Attribute]:
        """The attributes that are offered in forms, tables, filters and imports."""
        return {name: one for name, one in self.attributes.items() if not one.hidden}

    @property
    def standing(self) -> Attribute:
        """The attribute that says how a record stands: an item's status, or the state of work."""
        return self.attributes["status"] if "status" in self.attributes else self.attributes["state"]


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """A type of relationship. ``label`` reads subject → object ("runs on"), ``inverse`` object → subject ("runs").

    ``impact`` is the direction in which a failure spreads: ``backward`` is object → subject (a service fails with the
    server that it runs on), ``forward`` subject → object, ``none`` documentation only. ``grouped`` marks types that
    often come in redundant sets.
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
    hierarchy: str = ""
    """The hierarchy in which the object is above the subject; see ``cmdb.model.hierarchies``."""
    synonyms: tuple[str, ...] = ()
    help: str = ""
    inverse_synonyms: tuple[str, ...] = ()
    hidden: bool = False
    """It is not offered for new relationships."""
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class SectionColumn(Attribute):
    """One column of a section's rows; of its properties as an attribute, those of a plain value count."""

    volatile: bool = False
    """It changes all the time (free space, charge): only the last value is kept, without a history."""
    searched: bool = False
    """Its values find the record: serial numbers, hardware addresses."""


CUT = "…"
"""Between the beginning of a long key of a section's row and its hash."""


@dataclass(frozen=True, slots=True)
class RecordSection:
    """A section: rows of detail that a source sees of a record, such as the memory modules of a computer.

    Records of the classes in ``of`` and of their subclasses can have it. ``identifies`` are the columns by which a row
    is known again; rows that have the same values there are numbered.
    """

    name: str
    label: str
    of: tuple[str, ...]
    columns: Mapping[str, SectionColumn] = field(default_factory=dict)
    plural: str = ""
    identifies: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    """The columns in their order, where a person made them, as an estate keeps its entries by name. Others follow."""
    volatile: bool = False
    """Its rows come and go all the time (processes): only the last ones are kept, without a history."""
    help: str = ""
    icon: str = "box"
    hidden: bool = False
    """Its rows are kept, but records do not show it."""
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    @property
    def shown_columns(self) -> list[SectionColumn]:
        """The columns as they are shown and exported: what identifies a row stands first."""
        first = [self.columns[name] for name in self.identifies]
        return [*first, *(one for name, one in self.columns.items() if name not in self.identifies)]

    def is_volatile(self, column: str) -> bool:
        """Whether only the last value of a column is kept."""
        found = self.columns.get(column)
        return self.volatile or (found is not None and found.volatile)
