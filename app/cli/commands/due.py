"""``due [--days N]``: what ends, comes back, or is to be done."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, CommandContext
from app.cli.output import table, wrote
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import day
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from app.due.model import DueRow
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("what ends, comes back, or is to be done soon, and what is overdue"), "questions")
_MOST = 36_500


def arguments(parser: argparse.ArgumentParser) -> None:
    """--days and --out."""
    parser.add_argument(
        "--days", metavar="N", type=whole_number, default=None, help=tr("so many days ahead (by default 30)")
    )
    parser.add_argument("--out", metavar="FILE", default="", help=tr("a calendar: {ending}", ending=".ics"))


def run(context: CommandContext) -> int:
    """Prints it, or writes it as a calendar."""
    from app.due import due, due_sources
    from app.due.calendar_file import ENDING, write_calendar
    from app.due.model import DAYS, asked

    days = DAYS if context.args.days is None else context.args.days
    if not 0 <= days <= _MOST:
        raise UserError(Message("--days is a number from 0 to {most}.", most=_MOST))
    out = context.output_path(context.args.out, (ENDING,)) if context.args.out else None
    kinds = {one.name: str(one.title) for one in due_sources()}
    with context.read() as reader:
        rows = due(asked(reader, days, control=context.control()))
        names = {uid: name for uid, (_, name) in reader.last_names({row.who for row in rows if row.who}).items()}
        document: dict[str, Any] = {"days": days, "due": [_document(reader, row, names) for row in rows]}
        if out is None:
            context.answer(document, lambda: _lines(reader, rows, kinds, names))
            return DONE
        number = write_calendar(rows, kinds, names, out)
    context.answer({**document, "path": str(out), "rows": number}, [wrote(number, out)])
    return DONE


def _document(reader: Reader, row: DueRow, names: Mapping[str, str]) -> dict[str, Any]:
    from app.verbs import known_verbs

    verb = known_verbs().get(row.remedy)
    found = {
        "date": row.day.isoformat(), "kind": row.kind, "id": row.uid, "name": row.name, "what": str(row.what),
        "class": reader.schema.cls(row.cls).label if row.cls else "", "who": names.get(row.who, ""),
        "remedy": verb.word if verb is not None else "", "key": row.key,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _lines(reader: Reader, rows: Sequence[DueRow], kinds: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    if not rows:
        yield tr("Nothing is due.")
        return
    head = (tr("On"), tr("Kind"), tr("What"), tr("Name"), tr("Class"), tr("Who"))
    yield from table(head, [
        (day(row.day), kinds[row.kind], str(row.what), row.name,
         reader.schema.cls(row.cls).label if row.cls else "", names.get(row.who, ""))
        for row in rows
    ])  # fmt: skip
