"""The facts without which nobody can give a row's verdict: a table of rules, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cmdb.licences.engine import evidence
from cmdb.licences.engine.demand import DemandItem
from cmdb.licences.engine.family_rows import FamilyRow
from cmdb.licences.engine.metrics import COUNTERS
from cmdb.licences.engine.results import MissingFact
from cmdb.licences.engine.rights import ProductCopy, RightDenial, covers
from cmdb.licences.engine.rules import RuleBook
from cmdb.licences.engine.supply import EntitlementLot
from cmdb.model.messages import Message, counted

#: Facts that say which licence an item needs; the others say how many, which no longer matters to one without limit.
_UNSEEN = Message("its software was never looked at; it could change the verdict")
_WHICH = frozenset({"edition", "version"})


def _supply(missing: MissingFact) -> Message:
    return Message("supply {fact}", fact=missing.text)


def _supply_all(found: Sequence[MissingFact]) -> Message:
    texts = [one.text for one in found[: evidence.SHOWN]]
    return Message("Supply {facts}", facts=evidence.some(texts, len(found)))


def _never_inventoried(_missing: MissingFact) -> Message:
    return _UNSEEN


def _scan(found: Sequence[MissingFact]) -> Message:
    return counted(
        "Scan {count} computer that nobody has inventoried",
        "Scan {count} computers that nobody has inventoried",
        len(found),
    )


@dataclass(frozen=True, slots=True)
class GapRule:
    """One way in which a row lacks facts."""

    about: str
    """What is missing, in general."""
    when: Callable[[FamilyRow], bool]
    missing: Callable[[FamilyRow], Iterable[MissingFact]]
    last: bool = False
    """Asked only of rows that are not short and lack nothing else: it could only use up what they have spare."""
    kind: str = "unknown"
    """The kind of exception that each missing fact is listed as."""
    text: Callable[[MissingFact], Message] = _supply
    """What the exception says of a missing fact."""
    remedy: Callable[[Sequence[MissingFact]], Message] = _supply_all
    """What could be done about all of them."""


def missing_facts(row: FamilyRow) -> dict[MissingFact, GapRule]:
    """What is missing, in the order of the rules, each with the first rule that asks for it."""
    found: dict[MissingFact, GapRule] = {}
    for rule in RULES:
        if rule.last and (found or row.short):
            break
        if rule.when(row):
            for one in rule.missing(row):
                found.setdefault(one, rule)
    return found


def remedy(found: Mapping[MissingFact, GapRule]) -> Message | None:
    """What could be done about it; None where nothing is missing."""
    rule = next(iter(found.values()), None)
    return None if rule is None else rule.remedy(list(found))


# -- facts of what is counted ---------------------------------------------------------------------------------------


def _endless(row: FamilyRow) -> bool:
    """Whether the product is owned without limit by the row's metric."""
    return any(lot.units is None and lot.metric == row.key.metric for lot in row.unit.lots)


def _of_items(row: FamilyRow) -> Iterator[MissingFact]:
    endless = _endless(row)
    for item in row.gaps:
        if not _settled(row, item, endless):
            yield from (one for one in item.missing if not endless or one.fact in _WHICH)


def _settled(row: FamilyRow, item: DemandItem, endless: bool) -> bool:
    """Whether what is missing of an item no longer matters, because it is covered."""
    return item.settled_by_cover and not row.outcome.uncovered[item.id] and bool(item.quantity or endless)


def _might_be_covered(row: FamilyRow) -> bool:
    return bool(row.short) and row.uncovered(row.settled.possible) < row.short


def _doubts(row: FamilyRow) -> Iterator[MissingFact]:
    for item in row.items:
        if row.outcome.uncovered[item.id]:
            yield from row.outcome.doubts.get(item.id, ())


# -- facts of what was bought ---------------------------------------------------------------------------------------


def _quantities(row: FamilyRow) -> Iterator[MissingFact]:
    return (one for lot in row.lots for one in lot.missing if one.fact == "quantity")


def _condition(row: FamilyRow) -> Iterator[MissingFact]:
    question = row.recognised.conditions[row.key.product]
    yield MissingFact("answer", row.unit.installed.product.name, detail=question)


def _metric_rule(row: FamilyRow) -> Iterable[MissingFact]:
    what = "rule for metric" if row.key.metric else "metric"
    named = [
        MissingFact(what, one.name or one.id, one.id, row.key.metric)
        for one in row.unit.installed.entitlements
        if row.recognised.metrics[one.id] == row.key.metric
    ]
    return named or [MissingFact("metric", row.unit.installed.product.name)]


def _metrics(row: FamilyRow) -> Iterator[MissingFact]:
    for one in row.unit.installed.entitlements:
        if not row.recognised.metrics[one.id] and not one.base:
            yield MissingFact("metric", one.name or one.id, one.id)


# -- what could use up the spare licences ---------------------------------------------------------------------------


def _elsewhere(row: FamilyRow) -> Iterator[MissingFact]:
    """What is missing of other rows' items that the row's spare licences may be needed for once it is known."""
    book = row.recognised.estate.book
    own = {item.id for item in row.gaps}
    tied = any(lot.tied for lot in row.lots)
    served: dict[tuple[tuple[ProductCopy, ...], str], bool] = {}
    for item in row.unit.items:
        if not item.missing or item.row.metric != row.key.metric or item.id in own or _settled(row, item, False):
            continue
        like = item.copies, item.device if tied else ""
        if like not in served:
            served[like] = any(_serves(lot, *like, book) for lot in row.lots)
        if served[like]:
            yield from item.missing


def _serves(lot: EntitlementLot, copies: tuple[ProductCopy, ...], device: str, book: RuleBook) -> bool:
    """Whether the lot may cover every copy, or might once more is known."""
    rights = [covers(lot, copy, device, book) for copy in copies]
    return not any(isinstance(right, RightDenial) for right in rights)


def _uninventoried(row: FamilyRow) -> bool:
    """Whether more computers were never looked at than the spare licences would cover."""
    return bool(row.unseen) and _room(row) < len(row.unseen)


def _room(row: FamilyRow) -> float:
    """How many more installations of the row its product's spare lots could still cover."""
    copy = ProductCopy(row.unit.installed.product, row.key.edition, row.key.version)
    room = 0
    for lot in row.unit.lots:
        if lot.metric != row.key.metric or lot.tied:
            continue
        right = covers(lot, copy, "", row.recognised.estate.book)
        if not isinstance(right, RightDenial) and right.certain:
            if lot.units is None:
                return float("inf")
            room += evidence.left(lot, row.outcome)[0]
    return room


def _inventories(row: FamilyRow) -> Iterator[MissingFact]:
    return (MissingFact("software inventory", one.name, one.id) for one in row.unseen)


RULES: tuple[GapRule, ...] = (
    GapRule("facts of the devices and people that are counted", lambda row: bool(row.gaps), _of_items),
    GapRule("facts that would let a licence cover what nothing covers for certain", _might_be_covered, _doubts),
    GapRule("how many were bought", lambda row: bool(row.short) or not row.items, _quantities),
    GapRule(
        "whether the condition of free use holds",
        lambda row: bool(row.items) and row.key.product in row.recognised.conditions,
        _condition,
    ),
    GapRule("a rule that counts by the metric", lambda row: row.key.metric not in COUNTERS, _metric_rule),
    GapRule("the metric of a purchase", lambda row: bool(row.key.metric), _metrics),
    GapRule(
        "facts of what may need the spare licences of this row", lambda row: bool(row.spare), _elsewhere, last=True
    ),
    GapRule(
        "what computers carry that were never inventoried",
        _uninventoried,
        _inventories,
        last=True,
        kind="never inventoried",
        text=_never_inventoried,
        remedy=_scan,
    ),
)
