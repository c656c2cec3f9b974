"""The words of filters: operators that an attribute takes, and conditions as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping

from cmdb.model import query
from cmdb.model.life_cycle import PHASE
from cmdb.model.messages import Message, in_context, tr
from cmdb.model.schema import Attribute, Choice, Schema, fold
from cmdb.model.schema_languages import worded

CLASS = "class"
"""By what a filter asks for classes, their subclasses included, as if it were an attribute."""
EMPTY, NOT_EMPTY = "is empty", "is not empty"
_WORDS: Mapping[str, Message] = {
    "=": Message("is"),
    "!=": Message("is not"),
    "~": Message("contains"),
    "<": Message("less than"),
    "<=": Message("at most"),
    ">": Message("more than"),
    ">=": Message("at least"),
    query.WITHIN: Message("is within"),
    EMPTY: Message("is empty"),
    NOT_EMPTY: Message("is not empty"),
}
_DATES: Mapping[str, Message] = {
    "<": in_context("date", "before"),
    "<=": in_context("date", "until"),
    ">": in_context("date", "after"),
    ">=": in_context("date", "from"),
}


def attributes_of(schema: Schema, cls: str) -> list[Attribute]:
    """What a class can be filtered by: its attributes, of items the phase, and the class itself where it has others."""
    phases = [worded(PHASE)] if schema.root_of(cls) == "ci" else []
    family = [schema.cls(name) for name in schema.family(cls)]
    choices = tuple(Choice(one.name, label=one.label) for one in family if not one.hidden and one.name != cls)
    classes = [Attribute(CLASS, tr("Class"), "choice", choices=choices)] if choices else []
    return [*schema.shown_attributes(cls).values(), *phases, *classes]


def attribute_at(schema: Schema, cls: str, path: tuple[str, ...]) -> tuple[str, Attribute] | None:
    """The class and the attribute at the end of a path of references; None where there is no such attribute."""
    for word in path[:-1]:
        found = _named(schema, cls, word)
        if found is None or found.type != "reference":
            return None
        cls = found.target
    last = _named(schema, cls, path[-1])
    return (cls, last) if last is not None else None


def _named(schema: Schema, cls: str, word: str) -> Attribute | None:
    key = fold(word)
    known = attributes_of(schema, cls)
    exact = next((one for one in known if key in (fold(one.name), fold(one.label))), None)
    return exact or next((one for one in known if key in map(fold, one.synonyms)), None)


def operators_of(schema: Schema, attribute: Attribute) -> list[str]:
    """The operators that an attribute takes, the usual one first."""
    kind = attribute.type
    if kind in ("choice", "boolean"):
        found = ["=", "!="]
    elif kind in ("date", "time", "integer", "number", "money"):
        found = ["<", "<=", ">", ">=", "=", "!="]
    elif kind == "reference":
        found = ["=", "~", "!="]
        if any(name in schema.all_attributes(attribute.target) for one in schema.hierarchies.values()
               for its in one.attributes.values() for name in its):  # fmt: skip
            found.insert(1, query.WITHIN)
    else:
        found = ["~", "=", "!="]
    return found if attribute.name == CLASS else [*found, EMPTY, NOT_EMPTY]


def operator_words(attribute: Attribute, op: str) -> str:
    """An operator as a person reads it behind an attribute."""
    dates = _DATES if attribute.type in ("date", "time") else {}
    return str(dates.get(op) or _WORDS[op])


def condition_words(schema: Schema, cls: str, leaf: query.Compare | query.Empty) -> str:
    """A condition as a person reads it: "Status is Lost", "Assigned to: Department is Sales"."""
    op = (NOT_EMPTY if leaf.negated else EMPTY) if isinstance(leaf, query.Empty) else leaf.op
    found = attribute_at(schema, cls, leaf.path)
    if found is None:
        name, words = ".".join(leaf.path), str(_WORDS[op])
    else:
        labels = [attribute_at(schema, cls, leaf.path[: n + 1]) for n in range(len(leaf.path))]
        name = ": ".join(one[1].label for one in labels if one is not None)
        words = operator_words(found[1], op)
    if isinstance(leaf, query.Empty):
        return tr("{attribute} {operator}", attribute=name, operator=words)
    return tr("{attribute} {operator} {value}", attribute=name, operator=words, value=_value(found, leaf.value))


def _value(found: tuple[str, Attribute] | None, value: str) -> str:
    """A value as it is shown: the label of a choice."""
    if found is not None:
        for choice in found[1].choices:
            if fold(value) == fold(choice.value):
                return str(choice.label)
    return value
