"""Verbs: what one does with records, as data. Sheets, menus, keys, help and the command line derive from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Attribute, Choice, Schema
from cmdb.model.values import Value

FieldValue = Value | None
"""A field's value; None for a blank one, or to clear an attribute."""
Values = Mapping[str, FieldValue]
"""A verb's values by field; references are ids, dates ISO dates."""


class Records(Protocol):
    """What a verb asks of a register: its schema and its records."""

    @property
    def schema(self) -> Schema:
        """The estate's classes."""

    def get(self, uid: str) -> CI:
        """One record. Raises NotFound."""

    def by_uid(self, uids: Iterable[str]) -> dict[str, CI]:
        """Those of the records that exist, by id."""


Make = Callable[[Records, Sequence[str], Values, str, str], Revision]
"""(records, ids, values, author, at) → the revision. ``at`` is the ISO date or time at which it happened."""


@dataclass(frozen=True, slots=True)
class VerbField:
    """One thing that a verb asks for.

    With ``attribute`` it is asked for as that attribute of the records' class is (its type, choices and help), and left
    out where the class lacks it. Otherwise ``type`` is a value type of the schema, or "class": a concrete class.
    """

    name: str
    label: str
    type: str = "text"
    attribute: str = ""
    targets: tuple[str, ...] = ()
    """References: the classes of which one is wanted."""
    required: bool = False
    help: str = ""

    def in_class(self, schema: Schema, cls: str) -> Attribute | None:
        """The attribute that describes the field for records of a class; None where they have no such thing."""
        if self.attribute:
            known = schema.cls(cls).attributes.get(self.attribute) or schema.all_attributes(cls).get(self.attribute)
            if known is None:
                return None
            return replace(known, name=self.name, label=self.label, required=self.required)
        of_classes = self.type == "class"
        kind = "choice" if of_classes else self.type
        choices = tuple(Choice(one.name, label=one.label) for one in schema.concrete()) if of_classes else ()
        target = self.targets[0] if len(self.targets) == 1 else "ci" if self.targets else ""
        return Attribute(
            self.name, self.label, kind, choices=choices, target=target, required=self.required, help=self.help
        )


def _every(_schema: Schema, _cls: str) -> bool:
    return True


def _nothing(_schema: Schema, _record: CI) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Verb:
    """One entry of the register's verbs."""

    name: str
    """As code has it: "hand_over"."""
    title: str
    """As menus have it, without dots: "Hand over"."""
    icon: str
    help: str
    """What it does, in one line: lower case, no full stop."""
    done: str
    """What is said afterwards, of "{records}" and with the fields' values: "{records} handed over to {to}"."""
    make: Make
    classes: tuple[str, ...] = ("ci",)
    fits: Callable[[Schema, str], bool] = _every
    """Whether a class of ``classes`` has what the verb needs."""
    why_not: Callable[[Schema, CI], str] = _nothing
    """Why a record can't be acted on now, to be read behind its name ("is in stock already"); "" where it can."""
    fields: tuple[VerbField, ...] = ()
    keys: str = ""
    """The shortcut, as in "Ctrl+H"."""
    command: str = ""
    """The word on the command line, where it isn't the name with dashes."""
    about: str = ""
    """A sentence for who is about to do it: what it means for the records."""
    dated: bool = True
    """Whether it is asked when it happened."""
    order: int = 100
    """Its place in menus; every hundred begins a group of its own."""
    common: bool = False
    """Done so often that it gets a button of its own."""
    danger: bool = False
    """Asks before it acts."""

    @property
    def word(self) -> str:
        """Its name on the command line."""
        return self.command or self.name.replace("_", "-")

    def applies_to(self, schema: Schema, cls: str) -> bool:
        """Whether records of a class, or of some class below it, can be acted on."""
        return any(
            self.fits(schema, name) and any(schema.is_a(name, one) for one in self.classes)
            for name in schema.family(cls)
            if not schema.cls(name).abstract
        )

    def reason(self, schema: Schema, record: CI) -> str:
        """Why it can't be done with a record now, to be read behind its name; "" where it can."""
        if not self.applies_to(schema, record.cls):
            return f"is of class {schema.cls(record.cls).label}"
        return self.why_not(schema, record)
