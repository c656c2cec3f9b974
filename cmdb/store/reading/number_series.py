"""Numbers in a series that texts of records end in: the asset tags NB-0041 and NB-0042."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, union_all

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.store.rows.estate_copies import present_copy
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import CI
from cmdb.store.rows.tables import number_block

if TYPE_CHECKING:
    from sqlalchemy import FromClause

    from cmdb.store.reading.reader import Reader

_ENDS_IN_NUMBER = re.compile(r"(.*?)([0-9]{1,12})", re.DOTALL)
_LATEST = 200
"""So many of the latest values of a class tell which series is in use."""


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """Texts that begin alike and end in a number. ``width`` is the number of digits, with zeros before."""

    prefix: str
    width: int

    def text(self, number: int) -> str:
        """One text of the series."""
        return f"{self.prefix}{number:0{self.width}d}"


def series_of(text: str) -> NumberSeries | None:
    """The series that a text belongs to; None for one that ends in no number."""
    found = _ENDS_IN_NUMBER.fullmatch(text)
    return NumberSeries(found[1], len(found[2])) if found is not None else None


def series_in_use(reader: Reader, cls: str, attribute: str) -> NumberSeries | None:
    """The series that most of the latest records of a class have in an attribute of items; None where there is none.

    The attribute has a column of its own.
    """
    c = reader._sources[CI.name].c
    latest = select(c[attribute]).where(in_values(c["class"], sorted(reader.schema.family(cls))), c[attribute] != "")
    values = reader._connection.execute(latest.order_by(c.id.desc()).limit(_LATEST)).scalars().all()
    found = [one for one in map(series_of, values) if one is not None]
    if not found:
        return None
    (prefix, number), *_ = Counter(one.prefix.casefold() for one in found).most_common(1)
    if number * 3 < len(values):
        return None
    alike = [one for one in found if one.prefix.casefold() == prefix]
    (width, _), *_ = Counter(one.width for one in alike).most_common(1)
    return next(one for one in alike if one.width == width)


def series_key(attribute: str, series: NumberSeries) -> str:
    """The name under which blocks of a series' numbers are kept."""
    return f"{attribute} {series.prefix.casefold()}"


def free_numbers(reader: Reader, attribute: str, series: NumberSeries) -> Iterator[str]:
    """The texts of a series after the highest that a record has, or had: no number is given to two things, one after
    the other.

    A copy of the estate that has blocks of numbers takes from these alone, and no other copy does. Raises InvalidValue
    where they are used up.
    """
    prefix, most = series.prefix.casefold(), series.width + 1
    numbers = (_number(text, prefix, most) for text in _beginning(reader, attribute, series.prefix))
    given = {one for one in numbers if one is not None}
    t, present = number_block.c, present_copy(reader._connection)
    statement = select(t.copy, t.first, t.last).where(t.series == series_key(attribute, series)).order_by(t.first)
    blocks = reader._connection.execute(statement).all()
    own = [(first, last) for copy, first, last in blocks if copy == present]
    if own:
        yield from (series.text(n) for first, last in own for n in range(first, last + 1) if n not in given)
        raise InvalidValue(
            Message(
                "The numbers of {example} that this copy of the estate may give are used up: bring it back, and take "
                "new ones along.",
                example=series.text(own[-1][1]),
            )
        )
    highest = max([0, *given, *(last for _, _, last in blocks)])
    while True:
        highest += 1
        yield series.text(highest)


def _number(text: str, prefix: str, most: int) -> int | None:
    """The number that a text has in a series; None where it is none of it, or has so many digits that it is another."""
    digits = text[len(prefix) :]
    inside = text.casefold().startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) <= most
    return int(digits) if inside else None


def _beginning(reader: Reader, attribute: str, prefix: str) -> list[str]:
    tables: list[FromClause] = [reader._sources[CI.name], CI.past]
    parts = [select(t.c[attribute]).where(t.c[attribute].istartswith(prefix, autoescape=True)) for t in tables]
    return [str(one) for one in reader._connection.execute(union_all(*parts)).scalars() if one is not None]
