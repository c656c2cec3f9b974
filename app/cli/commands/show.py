"""``show RECORD``: one record, its relationships, its software, its sections, and why each value is what it is."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator, Mapping
from itertools import chain as chained
from typing import TYPE_CHECKING, Any

from app.cli import section_lines
from app.cli.argparse_texts import RECORD
from app.cli.commands.attachments import lines as file_lines
from app.cli.context import DONE, CommandContext
from app.cli.output import declared, table
from app.cli.records import Names, attributes, brief, labelled, reference_names, shown, shown_of
from app.cli.registry import Description
from cmdb.model.claims import source_text
from cmdb.model.formats import listing
from cmdb.model.messages import EMPTY, Message, chain, tr
from cmdb.model.values import show_with_unit

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment
    from cmdb.model.records import CI, Claim, GroupMembership, Installation, Related
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader
    from cmdb.store.reading.section_view import Sections

DESCRIPTION = Description(
    Message("show one record, its relationships, and why each value"), "records", example=("{record}",)
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, --section and --as-of."""
    parser.add_argument(
        "record",
        metavar="RECORD",
        help=str(RECORD),
    )
    parser.add_argument(
        "--section",
        metavar="S",
        default="",
        help=tr("only the rows of this section, such as {section}", section="disks"),
    )
    parser.add_argument("--as-of", metavar="T", default="", help=tr("a date, a time, a revision or a baseline's name"))


def run(context: CommandContext) -> int:
    """Prints it."""
    from app.attachments.documents import documents
    from app.inherited import dates_of
    from app.merging import also_known_as
    from cmdb.store.reading.attachments import attachments_of

    with context.read(context.args.as_of) as reader:
        record = reader.find(context.args.record)
        if context.args.section:
            return _one_section(context, reader, record)
        claims = reader.claims(record.uid)
        related = reader.relationships(record.uid)
        installed = reader.installations(record.uid)
        former = also_known_as(reader, record.uid)
        sections = reader.sections(record.uid)
        files = attachments_of(reader, [record.uid])
        names = {**reference_names(reader, [record]), **_claimed_names(reader, record, claims)}
        users = labelled(reader, {one.user for one in installed if one.user})
        document = {
            "id": record.uid,
            "class": reader.schema.cls(record.cls).label,
            "name": record.name,
            "attributes": attributes(reader.schema, record, names),
            "why": {name: _why(reader, record, name, found, names) for name, found in claims.items()},
            "relationships": [_relationship(reader.schema, one) for one in sorted(related, key=_order)],
            "installations": [_installation(one, users) for one in installed],
            "sections": section_lines.documents(sections),
        }
        if files:
            document["attachments"] = documents(files)
        by_model = dates_of(reader, [record]).get(record.uid, {})
        if by_model:
            document["inherited"] = by_model
        if former:
            document["also_known_as"] = [{"kind": one.kind, "value": one.spelling} for one in former]
        called = tuple(dict.fromkeys(one.spelling for one in former))
        context.answer(
            document,
            lambda: chained(
                _lines(reader, record, called, claims, related, installed, names, by_model),
                _sections(reader.schema, sections),
                _files(files),
            ),
        )
    return DONE


def _one_section(context: CommandContext, reader: Reader, record: CI) -> int:
    """Prints the rows of one section."""
    schema = reader.schema
    name = section_lines.one_section(schema, record, context.args.section, lambda: reader.sections(record.uid))
    rows = reader.sections_of([record.uid], [name])[record.uid].get(name, [])
    cls = schema.cls(record.cls).label
    document = {
        "id": record.uid,
        "class": cls,
        "name": record.name,
        "sections": section_lines.documents({name: rows}),
    }

    def lines() -> Iterator[str]:
        yield f"{record.name}  ({cls}, {record.uid})"
        yield ""
        yield from section_lines.lines(schema, name, rows)

    context.answer(document, lines)
    return DONE


def _claimed_names(reader: Reader, record: CI, claims: dict[str, list[Claim]]) -> Names:
    declared = reader.schema.cls(record.cls).attributes
    references = {name for name in claims if name in declared and declared[name].type == "reference"}
    wanted = {claim.value for name in references for claim in claims[name] if isinstance(claim.value, str)}
    return labelled(reader, wanted)


def _why(reader: Reader, record: CI, name: str, claims: list[Claim], names: Names) -> dict[str, Any]:
    declared = reader.schema.cls(record.cls).attributes.get(name)
    reference = declared is not None and declared.type == "reference"

    def value(claim: Claim) -> Any:
        return brief(claim.value, names) if reference and isinstance(claim.value, str) else claim.value

    winner = next((c for c in claims if c.wins), None)  # What is held alone has none.
    return {
        "source": winner.source if winner is not None else "",
        "observed": winner.observed if winner is not None else "",
        "rule": str(claims[0].rule),
        "losers": [{"source": c.source, "observed": c.observed, "value": value(c)} for c in claims if not c.wins],
    }


def _order(one: Related) -> str:
    """Relationships stand in the order of their declared labels, which is the same in every language."""
    label: str = declared(one.label)
    return label.casefold()


def _relationship(schema: Schema, one: Related) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": schema.relationships[one.type].label if one.type in schema.relationships else one.label,
        "direction": "in" if one.inverse else "out",
        "label": one.label,
        "id": one.uid,
        "class": schema.cls(one.cls).label,
        "name": one.name,
    }
    if one.attribute:
        document["attribute"] = one.attribute
    if one.groups:
        first = one.groups[0]
        document |= {key: value for key, value in (("group", first.label), ("needs", first.needs)) if value}
        document["groups"] = [{"group": of.label, "needs": of.needs} for of in one.groups]
        document["alone"] = one.alone
    if one.stated_by:
        document["stated_by"] = list(one.stated_by)
    return document


def _installation(one: Installation, users: Names) -> dict[str, Any]:
    document = {name: value for name, value in dataclasses.asdict(one).items() if value and name != "computer"}
    if one.stated_by:
        document["stated_by"] = list(one.stated_by)
    if one.user in users:
        document["user"] = brief(one.user, users)
    return document


def _lines(
    reader: Reader,
    record: CI,
    called: tuple[str, ...],
    claims: dict[str, list[Claim]],
    related: list[Related],
    installed: list[Installation],
    names: Names,
    by_model: Mapping[str, str],
) -> Iterator[str]:
    schema = reader.schema
    cls = schema.cls(record.cls)
    yield f"{record.name}  ({cls.label}, {record.uid})"
    if called:
        yield tr("Also known as {names}", names=called)
    yield ""
    values = []
    for name, attribute in cls.attributes.items():
        found = claims.get(name, [])
        if name not in record.values and name in by_model:
            values.append((attribute.label, show_with_unit(attribute, by_model[name]), tr("from the model"), EMPTY))
            continue
        if name not in record.values and all(c.wins or c.value is None for c in found):
            continue
        currency = record.text(attribute.currency)
        source = next((f"{source_text(c.source)} {c.observed[:10]}" for c in found if c.wins), "")
        others = chain(
            Message("{source}: {value}", source=source_text(c.source),
                    value=shown(schema, record.cls, name, c.value, names, currency))
            for c in found
            if not c.wins
        )  # fmt: skip
        values.append((attribute.label, shown_of(schema, record, name, names), source, others))
    yield from table((tr("Attribute"), tr("Value"), tr("Said by"), tr("Others say")), values)
    if related:
        yield ""
        yield from table(
            (tr("Relationship"), tr("Class"), tr("Name"), tr("Group")),
            [(r.label, schema.cls(r.cls).label, r.name, _groups(r)) for r in related],
        )
    if installed:
        from app import recognition

        yield ""
        yield from table(
            (tr("Software"), tr("Version"), tr("Edition"), tr("Publisher"), tr("From")),
            [(recognition.called(i.product), i.version, i.edition, i.publisher, i.origin) for i in installed],
        )


def _sections(schema: Schema, found: Sections) -> Iterator[str]:
    if found:
        yield ""
        yield from section_lines.summary(schema, found)


def _files(found: list[Attachment]) -> Iterator[str]:
    if found:
        yield ""
        yield from file_lines(found)


def _groups(one: Related) -> str:
    """The redundancy groups that a relationship belongs to, with how many of each are needed."""
    its = [_needed(of) for of in one.groups]
    return listing([*its, tr("by itself")] if its and one.alone else its)


def _needed(of: GroupMembership) -> str:
    return tr("{group}: {number} needed", group=of.label, number=of.needs) if of.label and of.needs else of.label
