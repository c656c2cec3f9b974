"""Licence positions on the overview: the worst ones, and a summary of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.licences.position_order import VERDICTS
from cmdb.licences.labels import METRICS, label
from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import name_key

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position, Positions, Verdict

#: Verdicts that need action.
OPEN: tuple[Verdict, ...] = ("short", "unknown", "ineligible")


@dataclass(frozen=True, slots=True)
class LicenceShare:
    """One position as a part of a whole.

    For a short position it is the covered part of the needed units, otherwise the needed part of the entitled units.
    ``needed`` is None if it is unknown, ``entitled`` if there is no limit. ``label`` distinguishes positions with the
    same title, ``key`` identifies the position.
    """

    label: str
    title: str
    metric: str
    verdict: Verdict
    needed: int | None
    entitled: int | None
    part: float
    whole: float
    arithmetic: Message
    key: tuple[str, str, str, str]

    @property
    def tone(self) -> str:
        """The tone of its verdict."""
        return VERDICTS[self.verdict]


def worst_licences(positions: Positions, most: int) -> tuple[LicenceShare, ...]:
    """The ``most`` worst positions; positions with the same title and several metrics contain the metric."""
    order = list(VERDICTS)
    # What needs no licence has nothing to compare.
    judged = [one for one in positions.positions if one.needed or one.entitled or one.verdict in OPEN]
    ranked = sorted(judged, key=lambda p: (order.index(p.verdict), -p.short, -p.needed, name_key(p.title)))
    titles = Counter(position.title for position in ranked)
    return tuple(_share(one, titles[one.title] > 1) for one in ranked[:most])


def _share(position: Position, with_metric: bool) -> LicenceShare:
    unknown = position.verdict == "unknown"
    if unknown:
        part, whole = 0, 1
    elif position.verdict in ("short", "ineligible"):
        part, whole = position.covered, position.needed
    else:
        part, whole = position.needed, position.needed if position.unlimited else position.entitled
    return LicenceShare(
        f"{position.title} · {label(METRICS, position.metric)}" if with_metric else position.title,
        position.title,
        position.metric,
        position.verdict,
        None if unknown else position.needed,
        None if position.unlimited else position.entitled,
        float(part),
        float(whole),
        position.arithmetic,
        (position.product, position.edition, position.version, position.metric),
    )


def licence_summary(positions: Positions) -> tuple[Message, str]:
    """A summary of the positions in a few words, with their tone; "" without positions."""
    verdicts = positions.verdicts()
    found = {verdict: verdicts[verdict] for verdict in OPEN if verdicts.get(verdict)}
    if found:
        tone = "bad" if "short" in found or "ineligible" in found else "warning"
        first, *others = (_STATED[verdict](number) for verdict, number in found.items())
        for other in others:
            first = Message("{statement} · {more}", statement=first, more=other)
        return first, tone
    needing = sum(one.verdict != "exempt" for one in positions.positions)
    if needing:
        return Message("all covered"), "good"
    if positions.positions:
        return Message("none needs a licence"), ""
    return Message("no licensed software yet"), ""


_STATED: dict[Verdict, Callable[[int], Message]] = {
    "short": lambda number: counted("{count} short", "{count} short", number),
    "unknown": lambda number: counted("{count} unknown", "{count} unknown", number),
    "ineligible": lambda number: counted("{count} ineligible", "{count} ineligible", number),
}
