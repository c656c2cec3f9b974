"""The work that is about a record: what is open first, then what is over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.item_search import Names
from app.work.about import CONCERNS
from cmdb.model.money import CurrencyTotals
from cmdb.model.state_tables import STATE, is_closed
from cmdb.register.maintenance import MAINTENANCE

if TYPE_CHECKING:
    from cmdb.model.formats import Amount
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True)
class ConcerningWork:
    """The first pieces of work that are about a record, and how many there are; the open ones by when they are due."""

    first: tuple[CI, ...]
    number: int
    names: Names
    """Class and name of what they refer to: who does them."""
    costs: tuple[Amount, ...] = ()
    """What maintenance has cost, by currency."""


def can_be_concerned(schema: Schema, cls: str) -> bool:
    """Whether work may be about records of a class."""
    known = schema.relationships.get(CONCERNS)
    return known is not None and any(schema.is_a(cls, one) for one in known.objects if one in schema.classes)


def concerning(reader: Reader, uid: str, most: int) -> ConcerningWork:
    """The work about a record; of it the first ``most``. Raises NotFound."""
    schema = reader.schema
    inner = reader.sources_of(CONCERNS, reader.get(uid).id)
    every = reader.by_uid(one for one, _, _ in reader.outer(inner).values()).values()

    def order(one: CI) -> tuple[bool, bool, str, str]:
        due = one.text("due")
        return is_closed(schema, one.cls, one.values.get(STATE)), not due, due, one.name.casefold()

    first = tuple(sorted(every, key=order)[:most])
    named = {one.text(name) for one in first for name in ("assignee", "team")}
    upkeep = [one for one in every if schema.is_a(one.cls, MAINTENANCE)]
    costs = CurrencyTotals((_cost(one), one.text("currency")) for one in upkeep)
    return ConcerningWork(first, len(every), reader.names(named - {""}), tuple(costs))


def _cost(one: CI) -> Decimal | None:
    found = one.values.get("cost")
    return None if found is None else Decimal(str(found))
