"""What a draft changes of the licence position, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.licences.position_order import key_of
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn
from cmdb.model.name_keys import name_key

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position

_NAMED = 3
"""How many products are named that are there only without the draft."""


def differs(position: Position, today: Position | None) -> bool:
    """Whether the numbers or the verdict of a position are others without the draft."""
    return today is None or _figures(position) != _figures(today)


def differences_in_words(drafted: Iterable[Position], today: Iterable[Position]) -> str:
    """How many positions the draft changes, and which ones it leaves without demand and supply."""
    before = {key_of(one): one for one in today}
    after = {key_of(one): one for one in drafted}
    changed = sum(differs(one, before.get(key)) for key, one in after.items())
    gone = sorted((one.title for key, one in before.items() if key not in after), key=name_key)
    if not changed and not gone:
        return tr("The draft changes no position.")
    said = (
        trn("The draft changes {count} position.", "The draft changes {count} positions.", changed) if changed else ""
    )
    if not gone:
        return said
    named = listing(gone[:_NAMED], "unit")
    rest = trn(
        "Only without it: {names}, and {count} more.", "Only without it: {names}, and {count} more.",
        len(gone) - _NAMED, names=named,
    ) if len(gone) > _NAMED else tr("Only without it: {names}.", names=named)  # fmt: skip
    return f"{said} {rest}".strip()


def _figures(one: Position) -> tuple[object, ...]:
    return one.entitled, one.unlimited, one.needed, one.short, one.spare, one.verdict
