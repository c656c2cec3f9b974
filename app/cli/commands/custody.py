"""``custody RECORD``: who had it and where it was, or what a person, a team or a place had."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.records import brief
from app.cli.registry import Description
from app.cli.typed_values import typed_moment
from cmdb.model.formats import moment
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from app.custody import Custody
    from cmdb.model.custody_period import CustodyPeriod
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("who had a record and where it was, or what a person had"), "history", example=("{record}",)
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, --on and --known-at."""
    parser.add_argument("record", metavar="RECORD", help=tr("a thing, or a person, team, department or place"))
    parser.add_argument("--on", metavar="DATE", default="", help=tr("only what held at the end of that day"))
    parser.add_argument(
        "--known-at", metavar="T", default="", help=tr("as the register knew it then: a date, a time or a revision")
    )


def run(context: CommandContext) -> int:
    """Prints it, in the order in which it happened."""
    from app.custody import custody_of

    args = context.args
    with context.read() as reader:
        uid = reader.find_ever(args.record)
        known = reader.as_of(context.revision(args.known_at)) if args.known_at else reader
        found = custody_of(known, uid, typed_moment(args.on))
        context.answer([_document(reader, found, one) for one in found.periods], lambda: _lines(reader, found))
    return DONE


def _document(reader: Reader, found: Custody, period: CustodyPeriod) -> dict[str, Any]:
    from cmdb.model.event_times import iso_time

    def named(uid: str | None) -> dict[str, str] | None:
        if uid is None:
            return None
        cls, name = found.names.get(uid, ("", ""))
        label = reader.schema.classes[cls].label if cls in reader.schema.classes else cls
        return brief(uid, {uid: (label, name)})

    document: dict[str, Any] = {
        "item": named(period.record),
        "holder": named(period.holder),
        "place": named(period.place),
        "from": None if period.since is None else iso_time(period.since),
        "until": None if period.until is None else iso_time(period.until),
        "recorded": period.recorded,
    }
    return {**document, "doubtful": True} if period.doubtful else document


def _lines(reader: Reader, found: Custody) -> list[str]:
    if not found.periods:
        return [tr("Nothing is known of its custody.")]
    head = (tr("Item"), tr("Holder"), tr("Place"), tr("From"), tr("Until"), tr("Recorded"), "")
    rows = [
        (
            *(found.names.get(uid or "", ("", "—"))[1] for uid in (one.record, one.holder, one.place)),
            _shown(one.since), _shown(one.until), moment(one.recorded),
            tr("disagrees with what was known before") if one.doubtful else "",
        )
        for one in found.periods
    ]  # fmt: skip
    return list(table(head, rows))


def _shown(at: int | None) -> str:
    from cmdb.model.event_times import shown_time

    return "—" if at is None else shown_time(at)
