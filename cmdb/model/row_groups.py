"""Rows of a list, grouped by a value: how many each group has, and the sums of its numbers and amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from cmdb.model.values import Value

GroupKey = str | int | None
"""What the store knows a group by, also to ask for its rows; None for the rows without a value."""

#: Types of values of which no group is shown by its exact value: days and times are grouped by month.
BY_MONTH = ("date", "time")
#: Types of values that are summed.
SUMMED = ("integer", "number", "money")


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """A group of rows that have the same value.

    ``value`` is that value as records have it, of days and times the month (2026-11); None: they have none. ``sums``
    are by attribute; those of amounts of money are in ``amounts``, by attribute and currency ("" for none).
    """

    key: GroupKey
    value: Value | None
    count: int
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    amounts: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
