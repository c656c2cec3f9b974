"""A change of an estate's own schema before it is applied: what it says, and what a person answered about values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.schema.entries import Step
from cmdb.model.messages import EMPTY, Message
from cmdb.model.schema import Schema
from cmdb.model.values import Value


@dataclass(frozen=True)
class SchemaChange:
    """What a person wants to be otherwise; ``app.schema.plan`` says what it does to the records."""

    title: Message
    """What is done, as the journal names it: "New attribute “Colour”"."""
    steps: tuple[Step, ...]
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Attribute → choice as it is stored → the one that it becomes."""
    cleared: frozenset[tuple[str, str]] = frozenset()
    """Class and attribute whose values are removed, in the class and below."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Class → the class that its records become."""
    note: Message = EMPTY
    """What a person should know of the change beside what follows from the records."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be otherwise."""
        return not (self.steps or self.renamed or self.cleared or self.moved)


@dataclass(frozen=True)
class Answers:
    """What a person decided about values that have no place after the change."""

    values: Mapping[tuple[str, Value], Value | None] = field(default_factory=dict)
    """Attribute and value → what it becomes; None: it is cleared."""
    clear: frozenset[str] = frozenset()
    """Attributes of which all values without a place are cleared."""
    fill: Mapping[str, Value] = field(default_factory=dict)
    """Attribute → the value of all records that lack it, where it is required now."""

    def knows(self, attribute: str, value: Value) -> bool:
        """Whether it is decided what becomes of a value."""
        return attribute in self.clear or (attribute, value) in self.values

    def of(self, attribute: str, value: Value) -> Value | None:
        """What becomes of a value; None: it is cleared."""
        return self.values.get((attribute, value))


NO_ANSWERS = Answers()


@dataclass(frozen=True)
class HomelessValue:
    """A value that some records have, and that has no place after the change."""

    attribute: str
    label: str
    value: Value
    shown: str
    records: int
    names: tuple[str, ...]
    """The names of some of the records."""
    why: Message
    choices: tuple[tuple[str, str], ...] = ()
    """What it may become instead: stored value and label; empty where it can only be cleared."""
    outvoted: int = 0
    """Of how many more records a source says it that is outvoted there."""
    clearable: bool = True
    """Whether it may be cleared: what is required may not."""


@dataclass(frozen=True)
class MissingValue:
    """An attribute that is required after the change, and that some records lack."""

    attribute: str
    label: str
    records: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class OtherValues:
    """The records of a class that get another value of an attribute, as another order of sources counts."""

    cls: str
    attribute: str
    records: int
    examples: tuple[tuple[str, str, str], ...]
    """Some of the records: name, value before, and after, as they are shown."""


@dataclass(frozen=True)
class KeptValues:
    """The records of a class that keep the value of an attribute, though its source is held after the change."""

    cls: str
    attribute: str
    records: int
    examples: tuple[tuple[str, str], ...]
    """Some of the records: name, and the value as it is shown."""


@dataclass(frozen=True)
class PlanSummary:
    """What a change does, as it is shown before it is applied."""

    change: SchemaChange
    schema: Schema
    """The estate's schema after the change."""
    classes: tuple[str, ...]
    """The labels of the classes that it concerns, those that inherit it included."""
    records: int
    """How many records are of these classes."""
    rewritten: int
    """How many records are written by it."""
    lines: tuple[Message, ...] = ()
    """What happens to values, a sentence each."""
    homeless: tuple[HomelessValue, ...] = ()
    missing: tuple[MissingValue, ...] = ()
    refusals: tuple[Message, ...] = ()
    """Why it cannot be applied, whatever is answered."""
    values: tuple[OtherValues, ...] = ()
    """The values that become others, as another order of sources counts."""
    kept: tuple[KeptValues, ...] = ()
    """The values that stay although their source is held from then on."""
    basis: str = ""
    """What it was worked out on: the entries of the schema as they were."""

    @property
    def ready(self) -> bool:
        """Whether it can be applied: nothing is refused, and no value is without an answer."""
        return not (self.refusals or self.homeless or self.missing)
