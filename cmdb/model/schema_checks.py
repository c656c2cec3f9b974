"""Checks of a schema: what its classes, attributes and relationship types say of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from cmdb.model.declarations import (
    FORMS,
    TYPES,
    Attribute,
    Choice,
    CIClass,
    Impact,
    RelationshipType,
    Strength,
    fold,
)
from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message

Classes = Mapping[str, CIClass]
Relationships = Mapping[str, RelationshipType]


def check_schema(classes: Classes, relationships: Relationships) -> None:
    """Checks classes and relationship types against each other. Raises SchemaError."""
    if "ci" not in classes:
        raise SchemaError(Message("The schema has no root class “ci”."))
    kinds: dict[str, tuple[str, str]] = {}
    checked: set[int] = set()  # identities: subclasses share what they inherit
    for one in classes.values():
        for a in one.attributes.values():
            if id(a) in checked:
                continue
            checked.add(id(a))
            where = f"{one.label}: {a.label}"
            _check_attribute(where, a, classes, relationships)
            known = kinds.setdefault(a.name, (a.type, where))
            if known[0] != a.type:
                raise SchemaError(
                    Message(
                        "{where} is {type}, but {other} is {other_type}: one name, one type.",
                        where=where,
                        type=a.type,
                        other=known[1],
                        other_type=known[0],
                    )
                )
        for a in one.attributes.values():
            _check_currency(one, a)
            _check_order(one, a)
        _check_transitions(one)
        for name in {n for rule in one.requires.values() for names in rule.any for n in names}:
            if name not in one.attributes:
                raise SchemaError(
                    Message(
                        "{cls}: a phase requires “{name}”, which is none of its attributes.",
                        cls=one.label,
                        name=name,
                    )
                )
    for t in relationships.values():
        _check_relationship(t, classes)


def _check_transitions(one: CIClass) -> None:
    state = one.attributes.get("state")
    known = {choice.value for choice in state.choices} if state is not None else set()
    for line in one.transitions.values():
        for word in (*line.before, line.after):
            if word not in known:
                raise SchemaError(
                    Message("{cls}: the transition “{name}” names the state “{state}”, which it does not have.",
                            cls=one.label, name=line.name, state=word)
                )  # fmt: skip
        for word in line.needs:
            if word not in one.attributes:
                raise SchemaError(
                    Message("{cls}: the transition “{name}” needs “{attribute}”, which is none of its attributes.",
                            cls=one.label, name=line.name, attribute=word)
                )  # fmt: skip


def _check_attribute(where: str, a: Attribute, classes: Classes, relationships: Relationships) -> None:
    if a.type not in TYPES:
        raise SchemaError(
            Message(
                "{where}: unknown type “{type}”. Types: {types}.",
                where=where,
                type=a.type,
                types=tuple(TYPES),
            )
        )
    if a.form and a.form not in FORMS:
        raise SchemaError(
            Message("{where}: unknown form “{form}”. Forms: {forms}.", where=where, form=a.form, forms=FORMS)
        )
    if a.type == "choice" and not a.choices:
        raise SchemaError(Message("{where}: a choice needs choices.", where=where))
    _check_choices(where, a.choices)
    for target in a.targets if a.type == "reference" else ():
        if target not in classes:
            raise SchemaError(
                Message("{where}: refers to class “{target}”, which does not exist.", where=where, target=target)
            )
    if a.also and a.type != "reference":
        raise SchemaError(Message("{where}: only a reference names classes.", where=where))
    if a.hierarchy and a.type != "reference":
        raise SchemaError(Message("{where}: only a reference can be a step of a hierarchy.", where=where))
    if a.inherited and (a.type != "date" or len(a.inherited) != 3):
        raise SchemaError(
            Message("{where}: only a date is inherited, by a date, a reference and a number of months.", where=where)
        )
    if a.relationship and a.relationship not in relationships:
        raise SchemaError(
            Message(
                "{where}: relationship type “{relationship}” does not exist.",
                where=where,
                relationship=a.relationship,
            )
        )


def _check_relationship(t: RelationshipType, classes: Classes) -> None:
    if t.impact not in get_args(Impact) or t.strength not in get_args(Strength):
        words = (*get_args(Impact), *get_args(Strength))
        raise SchemaError(
            Message("Relationship type “{type}”: impact and strength are of: {words}.", type=t.label, words=words)
        )
    if t.hierarchy and t.symmetric:
        raise SchemaError(
            Message("Relationship type “{type}” is symmetric, so it cannot be a hierarchy.", type=t.label)
        )
    for end in (*t.subjects, *t.objects):
        if end not in classes:
            raise SchemaError(
                Message(
                    "Relationship type “{type}” names class “{cls}”, which does not exist.",
                    type=t.label,
                    cls=end,
                )
            )


def _check_currency(cls: CIClass, a: Attribute) -> None:
    """Raises SchemaError for amounts whose currency nothing says, and for a currency of what is no amount."""
    where = f"{cls.label}: {a.label}"
    if a.type != "money":
        if a.currency:
            raise SchemaError(Message("{where}: only amounts of money have a currency.", where=where))
        return
    if not a.currency:
        raise SchemaError(
            Message(
                "{where}: an amount of money names the attribute that holds its currency: currency = “currency”.",
                where=where,
            )
        )
    held = cls.attributes.get(a.currency)
    if held is None or held.type != "text":
        raise SchemaError(
            Message(
                "{where}: its currency is in “{name}”, which is no text attribute of the class.",
                where=where,
                name=a.currency,
            )
        )


def _check_order(cls: CIClass, a: Attribute) -> None:
    """Raises SchemaError for a date that is ordered by what is no date of the class."""
    if a.not_before and getattr(cls.attributes.get(a.not_before), "type", "") not in ("date", "time"):
        raise SchemaError(
            Message(
                "{where}: it doesn't come before “{name}”, which is no date of the class.",
                where=f"{cls.label}: {a.label}",
                name=a.not_before,
            )
        )


def _check_choices(where: str, choices: tuple[Choice, ...]) -> None:
    """Raises SchemaError where a label is also another choice's, or a verb sets two of them."""
    labelled = [one for one in choices if one.label != one.value]
    words = [(other, {fold(other.value), fold(other.label)}) for other in choices] if labelled else []
    for one in labelled:
        label = fold(one.label)
        for other, known in words:
            if label in known and other.value != one.value:
                raise SchemaError(
                    Message(
                        "{where}: “{value}” and “{other}” are both called “{label}”.",
                        where=where,
                        value=one.value,
                        other=other.value,
                        label=one.label,
                    )
                )
    verbs: dict[str, str] = {}
    for one in choices:
        for verb in one.verb:
            if verbs.setdefault(verb, one.value) != one.value:
                raise SchemaError(
                    Message(
                        "{where}: the verb “{verb}” cannot set both “{other}” and “{value}”.",
                        where=where,
                        verb=verb,
                        other=verbs[verb],
                        value=one.value,
                    )
                )
