"""The effective licence position: from facts and a date to positions with their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

import cmdb.licences.engine.metric_choice as plan
import cmdb.licences.engine.position_rows as rows
import cmdb.licences.engine.recognised_facts as recognised
import cmdb.licences.engine.supply as supply
from cmdb.licences.engine.allocation_problem import settle
from cmdb.licences.engine.catalogue import Catalogue
from cmdb.licences.engine.facts import Facts
from cmdb.licences.engine.family_rows import FamilyAllocation
from cmdb.licences.engine.results import ExceptionLine, Position, Positions
from cmdb.licences.engine.rules import RuleBook
from cmdb.model.control import Control
from cmdb.model.gc_pause import gc_paused
from cmdb.model.messages import Message

#: The order of exceptions.
_ORDER = attrgetter("order")


def position(
    facts: Facts,
    at: date,
    catalogue: Catalogue | None = None,
    book: RuleBook | None = None,
    control: Control | None = None,
) -> Positions:
    """The licence position on a day: rights are judged at ``at``, over what ``facts`` know.

    The same facts give the same positions and hash, in whatever order they come. Raises Cancelled through ``control``.
    """
    names = (catalogue or Catalogue.load()).with_overrides(facts.overrides)
    with gc_paused():
        return _position(facts, at, names, book or RuleBook.open(at), control or Control())


def _position(facts: Facts, at: date, catalogue: Catalogue, book: RuleBook, control: Control) -> Positions:
    what = recognised.build(facts, at, catalogue, book)
    purchases = [e for e in facts.entitlements if what.metrics[e.id]]
    given = supply.build(purchases, what.bought, what.metrics, what.estate.devices, book)
    made: list[Position] = []
    lines: list[ExceptionLine] = []
    control.progress(0, 0, Message("Counting what is needed"))
    families = plan.families(what, plan.units(what, given.lots))
    for done, family in enumerate(families):
        control.progress(done, len(families), Message("Counting what is needed, and covering it"))
        positions, exceptions = _family(what, given, family)
        made += positions
        lines += exceptions
    made += rows.exempt(what)
    lines += what.exceptions.all()
    lines += rows.set_aside(what, given, facts.entitlements)
    lines += rows.overlapping(what, facts.entitlements, at)
    result = Positions(
        at=at,
        positions=tuple(sorted(made, key=lambda p: (p.product.casefold(), p.edition, p.version, p.metric))),
        exceptions=_distinct(lines),
        unrecognised=tuple(what.unrecognised),
        rules=tuple(sorted(book.used, key=attrgetter("order"))),
    )
    return result.frozen()


def _distinct(lines: list[ExceptionLine]) -> tuple[ExceptionLine, ...]:
    """The exceptions in their order, each once. Sorted in place: there may be one for each installation."""
    lines.sort(key=_ORDER)
    return tuple([one for at, one in enumerate(lines) if not at or one != lines[at - 1]])


def _family(
    what: recognised.RecognisedFacts, given: supply.Supply, family: Sequence[plan.LicensedProduct]
) -> tuple[list[Position], list[ExceptionLine]]:
    """Settles a family, and where something stays uncovered asks what missing facts and failed gates would change.

    Its items are released afterwards: a huge estate has as many items as installations.
    """
    for unit in family:
        plan.choose(what, unit)
    items = [item for unit in family for item in unit.items]
    lots = [lot for unit in family for lot in unit.lots]
    keys = {unit.installed.product.key for unit in family}
    suites = {key: parts for key, parts in what.suites.items() if key in keys and len(family) > 1}
    outcome = settle(items, lots, suites, what.estate)
    possible = settle(items, lots, suites, what.estate, "possible") if outcome.short and outcome.doubts else outcome
    ungated = settle(items, lots, suites, what.estate, "ungated") if outcome.short and outcome.barred else outcome
    built = rows.build(FamilyAllocation(what, given, list(family), outcome, possible, ungated))
    for unit in family:
        unit.items = []
    return built
