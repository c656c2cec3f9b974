"""Exceptions of licence positions: the list of all, and those about one position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cmdb.licences.engine.results import ExceptionLine
from cmdb.model.messages import Message, counted

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position, Positions

#: Kinds that are hidden at first: they are many, and nothing is wrong with them.
QUIET = frozenset({"exempt", "maintenance", "unrecognised", "seat"})
#: Kinds that need a person's attention, with their tones; all others are neutral.
TONES = {
    "ineligible": "bad",
    "unknown": "warning",
    "never inventoried": "warning",
    "retired but seen": "bad",
    "overlapping": "warning",
    "not counted": "warning",
    "left": "bad",
}


def all_exceptions(found: Positions) -> list[ExceptionLine]:
    """All exceptions, and what was found but not recognised as a product."""
    made = list(found.exceptions)
    for one in found.unrecognised:
        text = Message(
            "{installations} on {computers}",
            installations=counted("{count} installation", "{count} installations", one.installations),
            computers=counted("{count} computer", "{count} computers", one.computers),
        )
        if one.kind != "unrecognised":
            text = Message("{kind}; {statement}", kind=one.kind, statement=text)
        made.append(ExceptionLine("unrecognised", one.product, one.publisher, "", one.version, text))
    return made


def exceptions_about(position: Position, exceptions: Iterable[ExceptionLine]) -> list[ExceptionLine]:
    """The exceptions of a position: about its title, or about its product and a record in it."""
    about = (position.title, position.product)
    near = [one for one in exceptions if one.kind != "unknown" and one.product in about]
    asked = {one.subject_id for one in near if one.product != position.title}
    inside = {line.entitlement_id for line in position.supply}
    if asked:
        inside |= {line.holder_id for line in position.demand if line.holder_id in asked}
    return [one for one in near if one.product == position.title or one.subject_id in inside]
