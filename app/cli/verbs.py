"""``VERB RECORD… [FIELD=VALUE…] [--at T]``: the register's verbs as commands, made from their entries."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.cli import revision_report as answers
from app.cli.argparse_texts import RECORD
from app.cli.context import DONE, CommandContext
from app.cli.typed_values import currency_of, typed_moment, typed_value
from app.kits import incomplete, kit_move, moves_kits
from app.renewal import edit
from app.verbs import find_among, known_verbs, make
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr, verbatim
from cmdb.model.schema import Attribute, Schema, fold
from cmdb.model.verb import FieldValue, Verb, VerbField

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class VerbCommand:
    """One verb as a command."""

    verb: Verb

    @property
    def name(self) -> str:
        """The word on the command line."""
        return self.verb.word

    @property
    def help(self) -> str:
        """What it does, in one line."""
        return str(self.verb.help)

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """The records, the verb's fields, and when it happened."""
        verb = self.verb
        needed = " ".join(f"{field.name}={_kind(field)}" for field in verb.fields if field.required)
        words = (parser.prog, "[--db FILE|URL] [--json] RECORD...", needed, "[FIELD=VALUE...]", tr("[options]"))
        parser.usage = " ".join(filter(None, words))
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        about = ["", str(verb.about)] if verb.about else []
        parser.epilog = "\n".join([tr("fields:"), *_described(verb), *about])
        parser.add_argument(
            "words",
            metavar="RECORD",
            nargs="+",
            help=str(RECORD),
        )
        parser.add_argument(
            "--at", metavar="T", default="", help=tr("when it happened: an ISO date or time (default: now)")
        )
        parser.add_argument("--reason", default="", help=tr("why, for the journal; the same as {field}", field="note="))

    def run(self, context: CommandContext) -> int:
        """One revision for all records, or none at all."""
        args, store = context.args, context.store()
        words, given = self._sorted_out(args.words)
        for text in (*given.values(), args.reason):
            context.warn_removed(text)
        at = typed_moment(args.at)
        found: list[CI] = []
        late: list[str] = []
        parts: list[Message] = []

        def decide(reader: Reader) -> Revision:
            found[:] = [reader.find(word) for word in words]
            values = self._needed(reader, found, given)
            if args.reason:
                values.setdefault("note", args.reason)
            uids = list(dict.fromkeys(one.uid for one in found))
            parts[:] = [incomplete(reader, kit_move(reader, self.verb, uids, values))] if moves_kits(self.verb) else ()
            try:
                return make(reader, self.verb, uids, values, context.author, at, every=True)
            except InvalidValue as error:
                raise self._with_fields(error, store.schema, found) from error

        def write(revision: Revision) -> AppliedRevision:
            late[:] = _late(store.schema, revision) if at else ()
            try:
                return store.apply(revision, context.control())
            except InvalidValue as error:
                raise self._with_fields(error, store.schema, found) from error

        return self._answer(context, edit(store, decide, write), found, late, parts)

    def _needed(self, reader: Reader, found: list[CI], given: dict[str, str]) -> dict[str, FieldValue]:
        """The values that were given. Raises InvalidValue if a record or a required value is missing."""
        if not found:
            raise InvalidValue(Message("Name a record: {verb} needs one.", verb=self.name))
        values = self._values(reader, found, given)
        for field in self.verb.fields:
            if field.required and not values.get(field.name):
                raise InvalidValue(
                    Message("{verb} needs {field}.", verb=self.name, field=f"{field.name}={_kind(field)}")
                )
        return values

    def _with_fields(self, error: InvalidValue, schema: Schema, found: list[CI]) -> InvalidValue:
        """The error, with the fields that its attributes are typed as."""
        details = tuple(map(verbatim, error.details))
        return InvalidValue(error.message, (*details, *self._named(schema, found, str(error))))

    def _named(self, schema: Schema, found: list[CI], said: str) -> Iterator[Message]:
        """The fields by which the attributes of an error are given: "method= is “Data erasure method”"."""
        for field in self.verb.fields:
            attribute = schema.cls(found[0].cls).attributes.get(field.attribute)
            if attribute is not None and attribute.label in said and fold(attribute.label) != field.name:
                yield Message("{field} is “{attribute}”", field=f"{field.name}=", attribute=attribute.label)
            elif not field.attribute and f"“{field.label}”" in said and fold(str(field.label)) != field.name:
                yield Message("{field} is “{attribute}”", field=f"{field.name}=", attribute=field.label)

    def _sorted_out(self, words: list[str]) -> tuple[list[str], dict[str, str]]:
        """The records, and the fields that were given. Raises InvalidValue."""
        records: list[str] = []
        given: dict[str, str] = {}
        names = {fold(word): field.name for field in self.verb.fields for word in (str(field.label), field.name)}
        for word in words:
            name, equals, text = word.partition("=")
            if not equals:
                records.append(word)
            elif fold(name) in names:
                given[names[fold(name)]] = text
            else:
                raise InvalidValue(
                    Message("{verb} has no field “{field}”.", verb=self.name, field=name),
                    tuple(verbatim(field.name) for field in self.verb.fields),
                )
        return records, given

    def _values(self, reader: Reader, found: list[CI], given: dict[str, str]) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {}
        for field in self.verb.fields:
            text = given.get(field.name, "").strip()
            if text:
                values[field.name] = field_value(reader, field, found, text)
        return values

    def _answer(
        self, context: CommandContext, applied: AppliedRevision, found: list[CI], late: list[str], parts: list[Message]
    ) -> int:
        context.say_meanwhile(applied)
        changed = applied.created | applied.updated | applied.deleted
        label = context.store().schema.cls
        records = [{"id": one.uid, "class": label(one.cls).label, "name": one.name} for one in found]
        document = {**answers.document(applied), "records": [one for one in records if one["id"] in changed]}
        context.answer(document, lambda: _lines(context, applied, late, parts))
        return DONE


def _late(schema: Schema, revision: Revision) -> list[str]:
    """The labels of the fields whose present values stay, as something newer is known."""
    from app.verb_preview import previewed

    return list(dict.fromkeys(one.attribute.label for one in previewed(schema, revision) if one.late))


def _lines(context: CommandContext, applied: AppliedRevision, late: list[str], parts: list[Message]) -> Iterator[str]:
    yield from answers.lines(context, applied)
    yield from (str(one) for one in parts if one)
    if late:
        yield tr("Something newer is known. What is so today stays as it is: {attributes}.", attributes=tuple(late))


def field_value(reader: Reader, field: VerbField, found: list[CI], text: str) -> FieldValue:
    """The canonical value of what was typed. Raises InvalidValue where a record's class has no such thing."""
    attribute: Attribute | None = None
    for one in found:
        attribute = field.in_class(reader.schema, one.cls)
        if attribute is None:
            label = reader.schema.cls(one.cls).label
            raise InvalidValue(
                Message(
                    "{name} is of class {cls}, which has no “{field}”.", name=one.name, cls=label, field=field.label
                )
            )
    assert attribute is not None
    if attribute.type == "reference":
        return find_among(reader, field.targets or attribute.targets, text).uid
    currencies = {currency_of(attribute, one.values, {}) for one in found}
    value: FieldValue = typed_value(attribute, text, currencies.pop() if len(currencies) == 1 else "")
    return value


def _kind(field: VerbField) -> str:
    """The placeholder of a field's value in the usage: PERSON|PLACE, CLASS, DATE, TEXT."""
    plain = "RECORD" if field.alike else "TEXT" if field.attribute else field.type.upper()
    return "|".join(field.targets).upper().replace("_", "-") or plain


def _described(verb: Verb) -> Iterator[str]:
    for field in verb.fields:
        shown = f"{field.name}={_kind(field)}"
        about = tr("{help} (needed)", help=field.help) if field.required else str(field.help)
        yield f"  {shown:<22}{about}" if len(shown) < 21 else f"  {shown}\n{'':24}{about}"


@lru_cache(maxsize=1)
def verb_commands() -> dict[str, VerbCommand]:
    """Every verb by its word on the command line."""
    return {verb.word: VerbCommand(verb) for verb in known_verbs().values()}
