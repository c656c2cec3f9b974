"""What sources say otherwise than what stands, on the command line: listed, and taken over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.records import class_label, labelled, shown
from cmdb.model.claims import source_text
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr, trn
from cmdb.model.schema import fold
from cmdb.model.source_keys import KINDS

if TYPE_CHECKING:
    from app.cli.records import Names
    from app.deviations import DeviationFilter
    from cmdb.model.records import StoredDeviation
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader


def answer_list(context: CommandContext, words: Sequence[str]) -> int:
    """Lists the deviations of some records, or of all."""
    from app.deviations import every_deviation

    with context.read() as reader:
        found = sorted(every_deviation(reader, _filter(context, reader, words)), key=lambda d: (d.name, d.attribute))
        references = reader.schema.reference_names
        values = [v for one in found if one.attribute in references for v in (one.stands, one.said)]
        names = labelled(reader, {str(v) for v in values if v is not None})
        documents = [_document(reader.schema, one, names) for one in found]
        context.answer(documents, lambda: _lines(reader.schema, found, names))
    return DONE


def take_over(context: CommandContext, words: Sequence[str]) -> int:
    """Takes the deviations of some records over, or those of all that the options name, in one revision."""
    from app.cli.revision_report import answer_applied
    from app.deviations import every_deviation, take_over_deviations
    from app.renewal import edit

    args = context.args
    if not (words or args.cls or args.attribute or args.source):
        raise UserError(Message("Name records, or {options}: what is taken over?",
                                options="--class, --attribute, --source"))  # fmt: skip
    store = context.store()

    def make(reader: Reader) -> Revision:
        found = every_deviation(reader, _filter(context, reader, words))
        return take_over_deviations(reader, found, context.author, args.reason)

    applied = edit(store, make, lambda revision: store.apply(revision, context.control()))
    return answer_applied(context, applied)


def _filter(context: CommandContext, reader: Reader, words: Sequence[str]) -> DeviationFilter:
    """What the options ask for. Raises UserError."""
    from app.deviations import DeviationFilter
    from app.sources import named_source

    schema, args = reader.schema, context.args
    cls = schema.find_class(args.cls).name if args.cls else "ci"
    name = ""
    if args.attribute:
        wanted = fold(args.attribute)
        its = schema.all_attributes(cls).values()
        known = next((one for one in its if wanted in (fold(one.name), fold(one.label))), None)
        if known is None:
            raise UserError(
                Message("{cls} has no attribute “{name}”.", cls=class_label(schema, cls), name=args.attribute)
            )
        name = known.name
    source = args.source if args.source in ("", *KINDS) else named_source(reader, args.source)
    return DeviationFilter(cls, name, source, tuple(reader.find(word).uid for word in words))


def _document(schema: Schema, one: StoredDeviation, names: Names) -> dict[str, Any]:
    return {
        "id": one.uid,
        "class": class_label(schema, one.cls),
        "name": one.name,
        "attribute": one.attribute,
        "value": shown(schema, one.cls, one.attribute, one.stands, names, ""),
        "said": shown(schema, one.cls, one.attribute, one.said, names, ""),
        "source": one.source,
        "observed": one.observed,
        "since": one.since,
        "held": one.held,
    }


def _lines(schema: Schema, found: Sequence[StoredDeviation], names: Names) -> Iterator[str]:
    if not found:
        yield tr("No source says anything else than what stands.")
        return
    yield trn("{count} deviation.", "{count} deviations.", len(found))
    yield ""
    yield from table(
        (tr("Name"), tr("Attribute"), tr("Value"), tr("Source says"), tr("Source"), tr("Observed"), ""),
        [
            (
                one.name,
                schema.attribute(one.cls, one.attribute).label,
                shown(schema, one.cls, one.attribute, one.stands, names, ""),
                shown(schema, one.cls, one.attribute, one.said, names, ""),
                source_text(one.source),
                one.observed[:10],
                tr("held") if one.held else "",
            )
            for one in found
        ],
    )
    yield ""
    yield tr("Take them over with: {command}", command="review take-over RECORD --attribute A")
