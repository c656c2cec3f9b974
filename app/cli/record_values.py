"""Values of a record as they are typed on the command line: ATTRIBUTE=VALUE; an empty VALUE is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.cli.typed_values import currency_of, typed_value
from cmdb.model.errors import Ambiguous, InvalidValue, NotFound, SchemaError
from cmdb.model.messages import Message, verbatim
from cmdb.model.schema import Attribute, Schema

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.values import Value
    from cmdb.store.reading.reader import Reader


def values_of(reader: Reader, cls: str, words: Sequence[str], present: Mapping[str, object]) -> dict[str, Value | None]:
    """The values of a record of a class; ``present`` are those that it has. References are any RECORD.

    Raises InvalidValue, SchemaError for an attribute that the class lacks, NotFound.
    """
    typed: dict[str, str] = {}
    attributes: dict[str, Attribute] = {}
    for word in words:
        attribute, text = _typed(reader.schema, cls, word)
        if attribute.name in typed:
            raise InvalidValue(Message("{attribute} is given twice.", attribute=attribute.label))
        attributes[attribute.name], typed[attribute.name] = attribute, text
    return {
        name: _value(reader, attributes[name], text, currency_of(attributes[name], present, typed))
        for name, text in typed.items()
    }


def links_of(reader: Reader, cls: str, words: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The words without those that link a new record of a class: TYPE=RECORD, its type and the other record's id.

    An attribute of the class comes before a relationship type of the same name. Raises NotFound, and InvalidValue for a
    type that the class can't be the subject of.
    """
    schema, values, links = reader.schema, list[str](), list[tuple[str, str]]()
    for word in words:
        name, equals, text = word.partition("=")
        kind = schema.relationship_of(name) if equals and schema.find_attribute(cls, name) is None else None
        if kind is None:
            values.append(word)
            continue
        if not any(schema.is_a(cls, one) for one in kind.subjects):
            raise InvalidValue(
                Message("Class {cls} has no relationship “{type}”.", cls=schema.cls(cls).label, type=kind.label)
            )
        links.append((kind.name, reader.find(text).uid))
    return values, links


def _typed(schema: Schema, cls: str, word: str) -> tuple[Attribute, str]:
    name, equals, text = word.partition("=")
    if not equals:
        raise InvalidValue(Message("“{word}” is not of the form {form}.", word=word, form="ATTRIBUTE=VALUE"))
    attribute = schema.find_attribute(cls, name)
    if attribute is None:
        label = schema.cls(cls)
        raise SchemaError(
            Message("{cls} has no attribute “{name}”.", cls=label.label, name=name),
            tuple(verbatim(a.label) for a in label.attributes.values()),
        )
    return attribute, text


def _value(reader: Reader, attribute: Attribute, text: str, currency: str) -> Value | None:
    if not text.strip():
        return None
    if attribute.type == "reference":
        if attribute.also:
            return _find_holder(reader, attribute, text)
        return find_of_class(reader, attribute.target, text).uid
    return typed_value(attribute, text, currency)


def _find_holder(reader: Reader, attribute: Attribute, text: str) -> str:
    """The id of the record that a person means where one of several classes is wanted."""
    from app.verbs import find_among

    try:
        return find_among(reader, attribute.targets, text).uid
    except NotFound:
        labels = tuple(reader.schema.cls(one).label for one in attribute.targets)
        raise NotFound(Message("There is no record “{word}” of class {cls}.", word=text, cls=labels)) from None


def find_of_class(reader: Reader, cls: str, word: str) -> CI:
    """The record a person means by ``word`` where one of class ``cls`` is wanted. Raises NotFound, InvalidValue."""
    try:
        found = reader.find(word)
    except (Ambiguous, NotFound):
        try:
            return reader.find(f"{cls}:{word}")
        except NotFound:
            label = reader.schema.cls(cls).label
            raise NotFound(Message("There is no record “{word}” of class {cls}.", word=word, cls=label)) from None
    if not reader.schema.is_a(found.cls, cls):
        try:
            return reader.find(f"{cls}:{word}")
        except NotFound:
            wanted, got = reader.schema.cls(cls).label, reader.schema.cls(found.cls).label
            raise InvalidValue(
                Message("{name} is of class {got}, not {wanted}.", name=found.name, got=got, wanted=wanted)
            ) from None
    return found
