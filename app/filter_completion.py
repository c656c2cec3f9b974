"""Completions of a filter that is being typed: attributes, operators, and values from the schema and the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.filter_words import attribute_at, attributes_of, operator_words, operators_of
from app.item_search import matching
from cmdb.model import query
from cmdb.model.formats import number
from cmdb.model.messages import tr
from cmdb.model.query_completion import Expected, TypedPart
from cmdb.model.schema import Attribute, Schema
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

MOST = 12
"""Completions that are offered at once."""
_DAYS = ("today", "today-30d", "today+30d", "today+90d", "today-1y")
_COUNTED = ("text", "email", "url", "ip", "mac", "long_text", "uuid", "integer", "boolean")
"""Types of which the values that stand in the column are offered."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A text that takes the place of what was typed from ``start`` on; ``label`` and ``hint`` say what it is."""

    text: str
    label: str
    start: int
    hint: str = ""


def known_completions(schema: Schema, cls: str, asked: Expected) -> list[Completion]:
    """What the schema offers."""
    found: list[Completion] = []
    if asked.attribute is not None and asked.attribute.text:
        found += _attributes(schema, cls, asked.attribute)
    about = attribute_at(schema, cls, asked.path) if asked.path else None
    if asked.operator is not None and about is not None:
        found += _operators(schema, about[1], asked.operator)
    if asked.value is not None and about is not None:
        found += _values(about[1], asked.value)
    if asked.joiner is not None and (asked.joiner.text or asked.value is None):
        typed, start = asked.joiner
        words = {"and": tr("and"), "or": tr("or")}
        found += [
            Completion(f"{word} ", word, start, "" if shown == word else shown)
            for word, shown in words.items()
            if word.startswith(typed.casefold()) and word != typed.casefold()
        ]
    return found[:MOST]


def asks_register(schema: Schema, cls: str, asked: Expected) -> bool:
    """Whether the register may know values that ``value_completions`` offers."""
    about = attribute_at(schema, cls, asked.path) if asked.value is not None and asked.path else None
    return about is not None and (about[1].type == "reference" or about[1].type in _COUNTED)


def value_completions(reader: Reader, cls: str, asked: Expected) -> list[Completion]:
    """The values in the register that contain what is typed: names of records, or what stands in the column.

    Raises nothing for a value that can't be read: then there are none.
    """
    about = attribute_at(reader.schema, cls, asked.path) if asked.value is not None else None
    if asked.value is None or about is None:
        return []
    (owner, attribute), (typed, start) = about, asked.value
    if attribute.type == "reference":
        found = matching(reader, attribute.target, typed, MOST)
        label = reader.schema.cls
        return [Completion(f"{query.quote(one.name)} ", one.name, start, label(one.cls).label) for one in found]
    where = f"{query.quote(attribute.name)} ~ {query.quote(typed)}" if typed and attribute.type != "integer" else ""
    counts = reader.facet(Selection(owner, where), attribute.name)
    texts = {str(value): many for value, many in counts.items() if value is not None}
    likely = sorted(texts.items(), key=lambda one: (not one[0].casefold().startswith(typed.casefold()), -one[1]))
    wanted = [one for one in likely if typed.casefold() in one[0].casefold()][:MOST]
    return [Completion(f"{query.quote(text)} ", text, start, number(many)) for text, many in wanted]


def _attributes(schema: Schema, cls: str, part: TypedPart) -> list[Completion]:
    *path, typed = part.text.split(".")
    if path:
        through = attribute_at(schema, cls, tuple(path))
        if through is None or through[1].type != "reference":
            return []
        cls = through[1].target
    key, before = typed.casefold(), "".join(f"{one}." for one in path)
    begins, contains = [], []
    for one in attributes_of(schema, cls):
        also = one.synonyms if " " not in key else ()  # a whole word before a space is no synonym's beginning
        words = [word.casefold() for word in (one.name, one.label, *also)]
        if any(word.startswith(key) for word in words):
            begins.append(one)
        elif any(key in word for word in words[:2]):
            contains.append(one)
    found: list[Completion] = []
    for one in [*begins, *contains]:
        found.append(Completion(f"{query.quote(before + one.name)} ", one.label, part.start, before + one.name))
        if one.type == "reference" and one in begins:
            label = tr("{attribute}: …", attribute=one.label)
            found.append(Completion(f"{before}{one.name}.", label, part.start, f"{before}{one.name}."))
    return found[:MOST]


def _operators(schema: Schema, attribute: Attribute, part: TypedPart) -> list[Completion]:
    key = part.text.casefold()
    found = []
    for op in operators_of(schema, attribute):
        words = operator_words(attribute, op)
        if op.startswith(key) or words.casefold().startswith(key):
            found.append(Completion(f"{op} ", words, part.start, op))
    return found


def _values(attribute: Attribute, part: TypedPart) -> list[Completion]:
    if attribute.type == "boolean":
        offered = {"yes": tr("Yes"), "no": tr("No")}
    elif attribute.type in ("date", "time"):
        offered = {word: word for word in _DAYS}
    else:
        offered = {choice.value: str(choice.label) for choice in attribute.choices}
    key = part.text.casefold()
    words = [(value, label, value.casefold(), label.casefold()) for value, label in offered.items()]
    found = [one for one in words if key in one[3] or one[2].startswith(key)]
    found.sort(key=lambda one: not (one[2].startswith(key) or one[3].startswith(key)))  # Tab takes the first
    return [
        Completion(f"{query.quote(value)} ", label, part.start, value if value != label else "")
        for value, label, _, _ in found
    ]
