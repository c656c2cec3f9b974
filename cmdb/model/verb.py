"""Verbs: the operations on records, as data. Forms, menus, shortcuts, help and commands are made from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cmdb.model.formats import sentence_case
from cmdb.model.messages import EMPTY, Message
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Attribute, Choice, Schema
from cmdb.model.values import Value

FieldValue = Value | None
"""A field's value; None for a blank one, or to clear an attribute."""
Values = Mapping[str, FieldValue]
"""A verb's values by field; references are ids, dates ISO dates. Of a field that is not given a verb does what it does
by itself.
"""


class Records(Protocol):
    """What a verb reads of a register: its schema, its records and their relationships."""

    @property
    def schema(self) -> Schema:
        """The estate's classes."""

    def get(self, uid: str) -> CI:
        """One record. Raises NotFound."""

    def by_uid(self, uids: Iterable[str]) -> dict[str, CI]:
        """Those of the records that exist, by id."""

    def linked(self, kind: str, sources: Collection[int]) -> dict[int, list[int]]:
        """The targets of relationships of a type, by source (all ids inner)."""

    def linked_to(self, kind: str, targets: Collection[int]) -> dict[int, list[int]]:
        """The sources of relationships of a type, by target (all ids inner)."""

    def outer(self, ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        """Inner id → (id, class, name)."""


Make = Callable[[Records, Sequence[str], Values, str, str], Revision]
"""(records, ids, values, author, at) → the revision. ``at`` is the ISO date or time at which it happened."""
Done = Callable[[str, int, Mapping[str, str]], Message]
"""(name of the only record or "", number of records, the fields' values as shown) → what is said afterwards."""


@dataclass(frozen=True, slots=True)
class VerbField:
    """One value that a verb asks for.

    With ``attribute``, the type and choices are those of this attribute of the records' class, and the help where the
    field has none; the field is left out where the class lacks it. Otherwise ``type`` is a value type of the schema, or
    "class": a concrete class.
    """

    name: str
    label: Message
    type: str = "text"
    attribute: str = ""
    of: str = ""
    """With ``attribute``: the class whose attribute it is, where it isn't that of the records."""
    targets: tuple[str, ...] = ()
    """Of references: the classes that the record may have."""
    required: bool = False
    help: Message = EMPTY
    keeps: str = ""
    """Of yes and no: the name of the field in place of which it is given. What the records have there stays."""
    alike: bool = False
    """Of references: it is a record that could be the same thing as those that the verb is done with."""

    def in_class(self, schema: Schema, cls: str) -> Attribute | None:
        """The attribute that describes the field for records of a class; None where the class lacks it."""
        if self.of and self.of not in schema.classes:
            return None
        if self.attribute:
            cls = self.of or cls
            known = schema.cls(cls).attributes.get(self.attribute) or schema.all_attributes(cls).get(self.attribute)
            if known is None:
                return None
            about = str(self.help) or known.help
            return replace(known, name=self.name, label=str(self.label), required=self.required, help=about)
        of_classes = self.type == "class"
        kind = "choice" if of_classes else self.type
        choices = tuple(Choice(one.name, label=one.label) for one in schema.concrete()) if of_classes else ()
        others = self.targets[0] if len(self.targets) == 1 else "ci" if self.targets else ""
        return Attribute(
            self.name,
            str(self.label),
            kind,
            choices=choices,
            target=schema.kin(cls) if self.alike else others,
            required=self.required,
            help=str(self.help),
        )


def _every(_schema: Schema, _cls: str) -> bool:
    return True


def _no_doubt(_records: Records, _values: Values) -> Message:
    return EMPTY


def _always(_schema: Schema, _record: CI) -> Message:
    return EMPTY


@dataclass(frozen=True, slots=True)
class Verb:
    """One entry of the register's verbs."""

    name: str
    """The identifier in code: "hand_over"."""
    title: Message
    """The text of menus, without dots: "Hand over"."""
    icon: str
    help: Message
    """What it does, in one line: lower case, no full stop."""
    done: Done
    """What is said afterwards: "LT-2001 handed over to Ann Lee", "12 items retired"."""
    make: Make
    classes: tuple[str, ...] = ("ci",)
    roots: tuple[str, ...] = ("ci",)
    """The roots of these classes: the pages of the window that list them offer it."""
    fits: Callable[[Schema, str], bool] = _every
    """Whether a class of ``classes`` has what the verb needs."""
    why_not: Callable[[Schema, CI], Message] = _always
    """Why it can't be done with a record now, a sentence with the record as ``name`` and without a full stop; an empty
    text where it can.
    """
    doubt: Callable[[Records, Values], Message] = _no_doubt
    """What the person should think about before it is done with these values, a sentence; an empty text for nothing."""
    fields: tuple[VerbField, ...] = ()
    keys: str = ""
    """The shortcut: "Ctrl+H"."""
    command: str = ""
    """The word on the command line, where it differs from the name with dashes."""
    about: Message = EMPTY
    """A sentence that is shown before it is done: the consequences for the records."""
    order: int = 100
    """The position in menus; every hundred begins a group."""
    common: bool = False
    """Whether it has a button of its own, as it is done often."""
    danger: bool = False
    """Whether it is confirmed before it is done."""

    @property
    def word(self) -> str:
        """The name on the command line."""
        return self.command or self.name.replace("_", "-")

    @property
    def hint(self) -> str:
        """What it does, worded as a sentence's beginning: for tips."""
        return sentence_case(self.help)

    def applies_to(self, schema: Schema, cls: str) -> bool:
        """Whether it can be done with records of a class or of one of its subclasses."""
        return any(
            self.fits(schema, name) and any(schema.is_a(name, one) for one in self.classes)
            for name in schema.family(cls)
            if not schema.cls(name).abstract
        )

    def reason(self, schema: Schema, record: CI) -> Message:
        """Why it can't be done with a record now, without a full stop; an empty text where it can."""
        if not self.applies_to(schema, record.cls):
            return Message("{name} is of class {cls}", name=record.name, cls=schema.cls(record.cls).label)
        return self.why_not(schema, record)
