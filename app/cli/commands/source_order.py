"""``source-order [PLACE [SOURCE…]]``: whose value counts where sources differ, and what becomes of what each says.

With sources the order becomes theirs, as one revision; ``--dry-run`` says what that would do.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.cli import revision_report as report
from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import table
from app.cli.records import class_label
from app.cli.registry import Description
from cmdb.model.claims import entry_text
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr
from cmdb.model.schema import fold
from cmdb.model.source_keys import KINDS, PERSON
from cmdb.model.source_orders import APPLY, DOES, GENERAL, MEASURED, RankedSource

if TYPE_CHECKING:
    from app.schema.change import PlanSummary, SchemaChange
    from app.schema.source_orders import OrderPlace, PresentOrder
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

_SECTION = "section."
"""Before the name of a section that has the name of an attribute."""

DESCRIPTION = Description(
    Message("which source counts where they differ, and what is applied, asked about or held"), "estate",
    example=("laptop.memory", "sheet", "scan=hold", "--dry-run"), drafted=False,
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """The place, and its order."""
    parser.add_argument(
        "place", metavar="PLACE", nargs="?", default="",
        help=tr(
            "a class, such as Laptop, an attribute or section of it, such as {attribute}, a section that is called as "
            "an attribute, such as {section}, or of the estate “{measured}” (what scans measure) or “{general}” "
            "(everything else); without it, the orders of this estate are listed",
            attribute="laptop.memory", section=f"laptop.{_SECTION}operating_system", measured=MEASURED, general=GENERAL,
        ),
    )  # fmt: skip
    parser.add_argument(
        "sources", metavar="SOURCE[=WORD]", nargs="*",
        help=tr(
            "the order, the best source first: kinds such as scan or sheet, or single ones such as {source}; “=ask”: "
            "what it says is asked about in Review, “=hold”: it is held",
            source="“sheet:HR *”",
        ),
    )  # fmt: skip
    parser.add_argument("--inherit", action="store_true", help=tr("the order becomes the one that is inherited"))
    parser.add_argument("--dry-run", action="store_true", help=tr("only show what would follow"))


def run(context: CommandContext) -> int:
    """Lists, shows, or changes in one revision."""
    from app.schema.plan import plan, revise
    from app.schema.source_orders import present_order

    args = context.args
    if not args.place:
        return _list(context)
    if not (args.sources or args.inherit):
        with context.read() as reader:
            place = _place(reader.schema, args.place)
            present = present_order(reader.schema, place)
            schema = reader.schema
        context.answer(_document(schema, place, present), lambda: _lines(schema, place, present))
        return DONE
    if args.dry_run:
        with context.read() as reader:
            summary = plan(reader, _change(reader.schema, args))
        context.answer({"revision": None, **_planned(summary)}, lambda: _plan_lines(summary))
        return WITH_REMARKS if summary.refusals else DONE
    store = context.store()
    seen: list[PlanSummary] = []

    def make(reader: Reader) -> Revision:
        from app.schema.change import NO_ANSWERS

        summary = plan(reader, _change(reader.schema, args))
        if summary.refusals:
            raise UserError(summary.refusals[0], summary.refusals[1:])
        seen[:] = [summary]
        return revise(reader, summary, NO_ANSWERS, context.author)

    from app.renewal import edit

    applied = edit(store, make, lambda revision: store.apply(revision, context.control()))
    context.say_meanwhile(applied)
    context.answer({**report.written(applied), **_planned(seen[0])}, lambda: _done_lines(context, applied, seen[0]))
    return DONE


def _change(schema: Schema, args: argparse.Namespace) -> SchemaChange:
    from app.schema.source_orders import change_order, inherit_order

    place = _place(schema, args.place)
    if args.inherit and args.sources:
        raise UserError(Message("Name sources, or {option}: not both.", option="--inherit"))
    return inherit_order(schema, place) if args.inherit else change_order(schema, place, _ranked(args.sources))


def _ranked(words: Iterable[str]) -> tuple[RankedSource, ...]:
    """The order that words say; a person comes first, said or not. Raises UserError."""
    found = [RankedSource(PERSON)]
    for word in words:
        source, equals, does = word.rpartition("=")
        known = bool(equals) and does in DOES
        if source in KINDS and not known:
            raise UserError(Message("“{word}”: after “=” stands one of {words}.", word=word, words=DOES))
        if source == PERSON and does != APPLY:
            raise UserError(Message("What a person says always counts most: it is neither asked about nor held."))
        one = RankedSource(source, does) if known else RankedSource(word, APPLY)
        if one != found[0]:
            found.append(one)
    return tuple(found)


def _place(schema: Schema, word: str) -> OrderPlace:
    """The place that a word names. Raises UserError."""
    from app.schema.source_orders import ESTATE_PLACES, OrderPlace

    estate = next((one for one in ESTATE_PLACES if one.name == word), None)
    if estate is not None:
        return estate
    cls, dot, name = word.partition(".")
    found = schema.find_class(cls)
    if not dot:
        return OrderPlace(found.name)
    section_name = name.removeprefix(_SECTION)
    wanted = fold(section_name)
    for one in found.attributes.values() if section_name == name else ():
        if wanted in (fold(one.name), fold(one.label)):
            return OrderPlace(found.name, one.name)
    for section in schema.sections.values():
        if wanted in (fold(section.name), fold(section.label), fold(section.plural)):
            return OrderPlace(found.name, section.name, of_section=True)
    raise UserError(
        Message("{cls} has no attribute or section “{name}”.", cls=class_label(schema, found.name), name=name)
    )


def _word(schema: Schema, place: OrderPlace) -> str:
    """The word that names a place on the command line."""
    hidden = place.of_section and place.name in schema.classes[place.cls].attributes
    return ".".join(filter(None, (place.cls, f"{_SECTION if hidden else ''}{place.name}")))


def _list(context: CommandContext) -> int:
    """The orders of the estate, and what it says otherwise for classes, attributes and sections."""
    from app.schema.source_orders import own_orders

    with context.read() as reader:
        schema, found = reader.schema, own_orders(reader.schema)
    context.answer([_document(schema, *one) for one in found], lambda: _listed(schema, found))
    return DONE


def _document(schema: Schema, place: OrderPlace, present: PresentOrder) -> dict[str, Any]:
    return {
        "class": class_label(schema, place.cls) if place.cls else "",
        "name": place.name,
        "section": place.of_section,
        "own": present.here,
        "origin": str(present.origin),
        "sources": [one._asdict() for one in present.ranked],
    }


def _listed(schema: Schema, found: Sequence[tuple[OrderPlace, PresentOrder]]) -> Iterator[str]:
    from app.schema.source_orders import order_words

    yield from table(
        (tr("Place"), tr("For"), tr("Sources, the best first"), tr("From")),
        [(_word(schema, place), place.label(schema), order_words(one.ranked), one.origin) for place, one in found],
        wrapped=True,
    )


def _lines(schema: Schema, place: OrderPlace, present: PresentOrder) -> Iterator[str]:
    from app.schema.source_orders import DOES as WORDS

    yield tr("Sources for {place}", place=place.label(schema))
    yield tr("It comes from: {origin}.", origin=present.origin)
    yield ""
    yield from table(
        (tr("Source"), tr("What it says is")), [(entry_text(one.source), WORDS[one.does]) for one in present.ranked]
    )


def _planned(summary: PlanSummary) -> dict[str, Any]:
    values = {
        what: [{"class": one.cls, "attribute": one.attribute, "records": one.records} for one in its]
        for what, its in (("values", summary.values), ("kept", summary.kept))
    }
    return {
        "records": summary.records,
        **values,
        "lines": [str(one) for one in summary.lines],
        "refusals": [str(one) for one in summary.refusals],
    }


def _plan_lines(summary: PlanSummary) -> Iterator[str]:
    if summary.change.is_empty:
        yield tr("Nothing to change.")
        return
    yield str(summary.change.title)
    for one in (*summary.refusals, *summary.lines):
        yield f"  {one}"
    if not (summary.lines or summary.refusals):
        yield "  " + tr("No value is changed.")
    if summary.change.note:
        yield f"  {summary.change.note}"


def _done_lines(context: CommandContext, applied: AppliedRevision, summary: PlanSummary) -> Iterator[str]:
    yield from _plan_lines(summary)
    if applied.number:
        yield from report.lines(context, applied)
