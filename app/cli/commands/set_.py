"""``set RECORD ATTRIBUTE=VALUE…``: changes values of one record; an empty VALUE clears."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.context import CommandContext
from app.cli.registry import Description
from app.cli.revision_report import answer_applied
from app.cli.typed_values import currency_of, typed_value
from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.messages import Message, tr, verbatim

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("change values of a record"), "records", example=("{record}", "notes=seen"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD and the values."""
    parser.add_argument("record", metavar="RECORD")
    parser.add_argument("values", metavar="ATTRIBUTE=VALUE", nargs="+", help=tr("an empty value clears the attribute"))
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """One revision."""
    from app.renewal import edit
    from cmdb.register.edits import set_values

    store = context.store()
    for word in (*context.args.values, context.args.reason):
        context.warn_removed(word)

    def decide(reader: Reader) -> Revision:
        record = reader.find(context.args.record)
        currency = _currency(reader, record, context.args.values)
        values = dict(_value(reader, record, word, currency) for word in context.args.values)
        return set_values(reader, [record.uid], values, context.author, context.args.reason)

    return answer_applied(context, edit(store, decide, store.apply))


def _currency(reader: Reader, record: CI, words: list[str]) -> str:
    """The currency that the record's amounts are of when the values are set."""
    named = (word.partition("=") for word in words)
    attributes = ((reader.schema.find_attribute(record.cls, name), text) for name, _, text in named)
    return currency_of(record.values, {one.name: text for one, text in attributes if one is not None})


def _value(reader: Reader, record: CI, word: str, currency: str) -> tuple[str, Any]:
    name, equals, text = word.partition("=")
    if not equals:
        raise InvalidValue(Message("“{word}” is not of the form {form}.", word=word, form="ATTRIBUTE=VALUE"))
    attribute = reader.schema.find_attribute(record.cls, name)
    if attribute is None:
        label = reader.schema.cls(record.cls)
        raise SchemaError(
            Message("{cls} has no attribute “{name}”.", cls=label.label, name=name),
            tuple(verbatim(a.label) for a in label.attributes.values()),
        )
    if not text.strip():
        return attribute.name, None
    if attribute.type == "reference":
        return attribute.name, find_of_class(reader, attribute.target, text).uid
    return attribute.name, typed_value(attribute, text, currency)


def find_of_class(reader: Reader, cls: str, word: str) -> CI:
    """The record a person means by ``word`` where one of class ``cls`` is wanted. Raises NotFound, InvalidValue."""
    from cmdb.model.errors import Ambiguous, NotFound

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
