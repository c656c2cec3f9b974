"""Which exceptions are about a licence position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdb.licences.engine.results import ExceptionLine, Position


def exceptions_about(position: Position, exceptions: Iterable[ExceptionLine]) -> list[ExceptionLine]:
    """The exceptions about a position: of its title, or of its product and something in it."""
    about = (position.title, position.product)
    near = [one for one in exceptions if one.kind != "unknown" and one.product in about]
    asked = {one.subject_id for one in near if one.product != position.title}
    inside = {line.entitlement_id for line in position.supply}
    if asked:
        inside |= {line.holder_id for line in position.demand if line.holder_id in asked}
    return [one for one in near if one.product == position.title or one.subject_id in inside]
