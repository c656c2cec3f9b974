"""``cancel-reservation RECORD [for=PERSON] [from=DAY]``: a reservation ends before it was fulfilled."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.context import CommandContext
from app.cli.registry import Description
from app.cli.revision_report import answer_applied
from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.messages import Message, counted, tr, verbatim

if TYPE_CHECKING:
    from cmdb.model.reservations import Reservation
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("end a reservation that was not fulfilled"),
    "records",
    example=("{record}",),
    before=(("create", "person", "name=Robin Reserver"), ("reserve", "{record}", "for=Robin Reserver")),
)
_FIELDS = ("for", "from")


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, and which of its reservations."""
    parser.add_argument("record", metavar="RECORD", help=tr("what is reserved, or the id of a reservation"))
    parser.add_argument(
        "fields",
        metavar="FIELD=VALUE",
        nargs="*",
        help=tr("{fields}: which of several, by the person or the first day", fields="for=, from="),
    )
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """One revision. Of several reservations it must be said which."""
    from app.renewal import edit
    from app.reservations import cancelling

    given = _given(context.args.fields)
    store, reason = context.store(), context.args.reason
    context.warn_removed(reason)

    def decide(reader: Reader) -> Revision:
        return cancelling(reader, [_wanted(reader, context.args.record, given).uid], context.author, reason)

    return answer_applied(context, edit(store, decide, lambda made: store.apply(made, context.control())))


def _given(words: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or name.strip().casefold() not in _FIELDS:
            raise InvalidValue(
                Message("{verb} has no field “{field}”.", verb="cancel-reservation", field=name),
                tuple(map(verbatim, _FIELDS)),
            )
        found[name.strip().casefold()] = text.strip()
    return found


def _wanted(reader: Reader, word: str, given: dict[str, str]) -> Reservation:
    from app.cli.typed_values import typed_moment
    from cmdb.model.reservations import shown_days
    from cmdb.store.reading.reservations import every_reservation, reservations_of

    by_id = next((one for one in every_reservation(reader) if one.uid == word.strip().lower()), None)
    if by_id is not None:
        return by_id
    subject = reader.find(word)
    found = reservations_of(reader, [subject.uid])
    if given.get("for"):
        who = reader.find(given["for"]).uid
        found = [one for one in found if one.by == who]
    if given.get("from"):
        found = [one for one in found if shown_days(one.during)[0] == typed_moment(given["from"])]
    if not found:
        raise NotFound(Message("{name} is not reserved.", name=subject.name))
    if len(found) > 1:
        raise InvalidValue(
            counted(
                "{name} is reserved once.",
                "{name} is reserved {count} times: state which one with for= or from=.",
                len(found),
                name=subject.name,
            )
        )
    return found[0]
