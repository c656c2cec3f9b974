"""Baselines: named moments; they are found by name, made, changed and removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.errors import NotFound
from cmdb.model.messages import Message, verbatim
from cmdb.register import baselines

if TYPE_CHECKING:
    from cmdb.model.journal import Baseline
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True)
class NamedMoments:
    """All baselines, the latest moment first, and when their revisions were recorded (ISO UTC)."""

    baselines: list[Baseline]
    times: dict[int, str]


def named_moments(reader: Reader) -> NamedMoments:
    """The baselines of the estate, with their times."""
    found = baselines.baselines(reader)
    return NamedMoments(found, {one.number: reader.recorded(one.number) for one in found if one.number})


def find_baseline(reader: Reader, name: str) -> Baseline:
    """The baseline of a name; capitals and spaces make no difference. Raises NotFound, whose details list the names."""
    known = baselines.baselines(reader)
    if (found := named(known, name)) is None:
        raise NotFound(Message("There is no baseline “{name}”.", name=name), tuple(verbatim(one.name) for one in known))
    return found


def named(known: Iterable[Baseline], name: str) -> Baseline | None:
    """The baseline with a name; capitals and spaces make no difference."""
    wanted = " ".join(name.split()).casefold()
    return next((one for one in known if one.name.casefold() == wanted), None)


def name_moment(reader: Reader, name: str, number: int | None, author: str, note: str = "") -> Revision:
    """Names the estate as of a revision (None: the latest). Applying it raises InvalidValue for a taken name."""
    return baselines.add(name, reader.number if number is None else number, author, note)


def change_baseline(reader: Reader, one: Baseline, name: str, note: str, author: str) -> Revision:
    """Gives a baseline another name and note. Raises NotFound."""
    return baselines.change(reader, one.uid, name, note, author)


def remove_baseline(reader: Reader, one: Baseline, author: str) -> Revision:
    """Removes a baseline; its moment can still be shown if the history is kept. Raises NotFound."""
    return baselines.remove(reader, one.uid, author)
