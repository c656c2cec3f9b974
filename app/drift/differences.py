"""What differs on a machine between two moments, section by section: counts first, then each row, then and now.

What a source saw for the first time is no drift: it is counted apart. Rows that another source sees, too, are the same
rows. Values without a history take no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.drift.computer_state import ComputerState, RelatedRecord, state_of
from app.drift.releases import FoundRelease, catalogue_for, order_of_versions, paired
from app.record_sections import section_label
from cmdb.model.formats import listing
from cmdb.model.messages import Message, counted, tr
from cmdb.model.revision import Record
from cmdb.model.section_words import row_words

if TYPE_CHECKING:
    from cmdb.licences.engine.catalogue import Catalogue
    from cmdb.model.schema import Schema
    from cmdb.model.section_rows import Columns
    from cmdb.register.difference import Names, Show
    from cmdb.store.reading.reader import Reader

DETAILS, SOFTWARE, RELATED = "details", "software", "relationships"
"""What is compared beside the sections of the schema, under these names."""
ADDED, CHANGED, UPGRADED, DOWNGRADED, REMOVED, FIRST = (
    "added", "changed", "upgraded", "downgraded", "removed", "first_seen",
)  # fmt: skip
_COUNTS: dict[str, Callable[[int], Message]] = {
    ADDED: lambda number: counted("{count} added", "{count} added", number),
    CHANGED: lambda number: counted("{count} changed", "{count} changed", number),
    UPGRADED: lambda number: counted("{count} upgraded", "{count} upgraded", number),
    DOWNGRADED: lambda number: counted("{count} downgraded", "{count} downgraded", number),
    REMOVED: lambda number: counted("{count} removed", "{count} removed", number),
    FIRST: lambda number: counted("{count} seen for the first time", "{count} seen for the first time", number),
}
WORDS = {
    ADDED: Message("added"), CHANGED: Message("changed"), UPGRADED: Message("upgraded"),
    DOWNGRADED: Message("downgraded"), REMOVED: Message("removed"),
}  # fmt: skip
"""What happened to one row, in words."""
_SEEN = "last_seen"
TOLD_AS_SOFTWARE = "software_details"
"""The section whose rows come and go with installations."""


class DriftLine(NamedTuple):
    """One thing that differs: what happened to it, what it is, then and now. Worded."""

    change: str
    what: str
    then: str
    now: str


@dataclass(frozen=True)
class SectionDrift:
    """What differs in one section. ``counts``: what happened → to how many rows; ``FIRST`` ones have no lines."""

    name: str
    title: str
    lines: tuple[DriftLine, ...]
    counts: Mapping[str, int]

    @property
    def counts_text(self) -> str:
        """The counts in words: "2 added, 1 removed"."""
        return counts_text(self.counts)

    @property
    def first(self) -> Mapping[str, int]:
        """How many rows a source saw for the first time."""
        return {name: number for name, number in self.counts.items() if name == FIRST}


def line_text(line: DriftLine) -> str:
    """What differs, in words: "Fox Browser: 115.0 → 128.0", "removed: Battery BAT0"."""
    if line.change in (ADDED, REMOVED):
        what = " ".join(part for part in (line.what, line.now or line.then) if part)
        return tr("{change}: {what}", change=WORDS[line.change], what=what)
    return tr("{attribute}: {before} → {after}", attribute=line.what, before=line.then or "—", after=line.now or "—")


def counts_text(counts: Mapping[str, int]) -> str:
    """How many rows came, went and changed: "2 added, 1 removed"."""
    return listing((str(words(counts[name])) for name, words in _COUNTS.items() if counts.get(name)), "unit")


def drift_of(reader: Reader, uid: str, then: int, show: Show | None = None) -> list[SectionDrift]:
    """What differs of a record between a revision and the reader's moment, in the order of the schema's sections.

    Raises UserError where that revision is no longer kept.
    """
    before, after = state_of(reader.as_of(then), uid), state_of(reader, uid)
    references = reader.schema.reference_names
    wanted = {str(one.values[n]) for one in (before, after) for n in references & one.values.keys()}
    names, catalogue = reader.last_names(wanted), catalogue_for(reader)
    return list(differences(reader.schema, before, after, names, catalogue, show))


def differences(
    schema: Schema,
    then: ComputerState,
    now: ComputerState,
    names: Names,
    catalogue: Callable[[], Catalogue],
    show: Show | None = None,
) -> Iterator[SectionDrift]:
    """What differs between two states of a record; ``show`` words values. Parts without a difference are left out."""
    software = section_drift(SOFTWARE, tr("Installed software"), _software(then, now, catalogue))
    parts = [section_drift(DETAILS, tr("Details"), _values(schema, then, now, names, show))]
    for name in schema.sections:
        if name in then.sections or name in now.sections:
            lines = _rows(schema, name, then, now)
            if name == TOLD_AS_SOFTWARE and software.counts:
                lines = (one for one in lines if one.change == CHANGED)
            parts.append(section_drift(name, str(section_label(schema, name)), lines))
    parts.append(software)
    parts.append(section_drift(RELATED, tr("Relationships"), _related(then.related, now.related)))
    yield from (one for one in parts if one.counts)


def section_drift(name: str, title: str, lines: Iterable[DriftLine]) -> SectionDrift:
    """The drift of one section, counted; ``FIRST`` lines only count."""
    found = list(lines)
    counts = Counter(one.change for one in found)
    return SectionDrift(name, title, tuple(one for one in found if one.change != FIRST), counts)


def _values(
    schema: Schema, then: ComputerState, now: ComputerState, names: Names, show: Show | None
) -> Iterator[DriftLine]:
    from cmdb.register.difference import plain

    known, words = schema.every_attribute, show or plain
    if not then.cls or not now.cls:
        return
    if then.cls != now.cls:
        labels = [schema.classes[one].label if one in schema.classes else one for one in (then.cls, now.cls)]
        yield DriftLine(CHANGED, tr("Class"), *labels)
    for name in dict.fromkeys((*then.values, *now.values)):
        before, after = then.values.get(name), now.values.get(name)
        if name == _SEEN or name not in known or before == after:
            continue
        change = ADDED if before is None else REMOVED if after is None else CHANGED
        yield DriftLine(change, known[name].label, *(words(known[name], one, names) for one in (before, after)))


def _rows(schema: Schema, name: str, then: ComputerState, now: ComputerState) -> Iterator[DriftLine]:
    before, after = then.sections.get(name, {}), now.sections.get(name, {})
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key, {}), after.get(key, {})
        if not old and not any((source, name) in then.looked for source in new):
            yield DriftLine(FIRST, "", "", "")
        elif (pair := _row(old, new)) is not None and not (name == TOLD_AS_SOFTWARE and None in pair):
            change = ADDED if pair[0] is None else REMOVED if pair[1] is None else CHANGED
            yield DriftLine(change, *row_words(schema, Record("section", ("", name, "", key)), *pair))


def _row(old: Mapping[str, Columns], new: Mapping[str, Columns]) -> tuple[Columns | None, Columns | None] | None:
    """A row as a source saw it then and now, if it differs: of the source whose words changed, the shown one first."""
    if not old or not new:
        return next(iter(old.values()), None), next(iter(new.values()), None)
    both = (source for source in new if source in old)
    return next(((old[one], new[one]) for one in both if old[one] != new[one]), None)


def _software(then: ComputerState, now: ComputerState, catalogue: Callable[[], Catalogue]) -> Iterator[DriftLine]:
    known = {release[:5] for release in then.software}
    still = {release[:5] for release in now.software}
    looked = then.software_sources | {source for source, section in then.looked if section.endswith("software")}
    gone = [one for one in then.software if one[:5] not in still]
    new = {one: sources for one, sources in now.software.items() if one[:5] not in known}
    return software_lines(gone, new, lambda sources: bool(sources) and looked.isdisjoint(sources), catalogue)


def software_lines(
    went: Iterable[FoundRelease],
    came: Mapping[FoundRelease, tuple[str, ...]],
    is_first: Callable[[tuple[str, ...]], bool],
    catalogue: Callable[[], Catalogue],
) -> Iterator[DriftLine]:
    """What went and came of the software of a computer, by its sources; whether these look for the first time."""
    first = {one for one, sources in came.items() if is_first(sources)}
    pairs = paired(went, [one for one in came if one not in first], catalogue)
    for old, one in sorted(pairs.replaced, key=lambda pair: pair[1].product.casefold()):
        change = change_of_release(old, one)
        then_now = (old.version, one.version) if old.version != one.version else (_title(old), _title(one))
        yield DriftLine(change, one.called, *then_now)
    for one in sorted(pairs.came, key=_by_product):
        yield DriftLine(ADDED, one.called, "", _title(one))
    for one in sorted(pairs.went, key=_by_product):
        yield DriftLine(REMOVED, one.called, _title(one), "")
    yield from (DriftLine(FIRST, "", "", "") for _ in first)


def change_of_release(before: FoundRelease, after: FoundRelease) -> str:
    """What it is that a release takes the place of another one: an upgrade, a downgrade, or a change."""
    return {1: UPGRADED, -1: DOWNGRADED}.get(order_of_versions(before.version, after.version), CHANGED)


def _by_product(one: FoundRelease) -> tuple[str, str]:
    return one.product.casefold(), one.version


def _title(one: FoundRelease) -> str:
    """A release of a product whose name stands beside it: its version, else what else is known of it."""
    return one.version or one.edition or one.product


def _related(then: Iterable[RelatedRecord], now: Iterable[RelatedRecord]) -> Iterator[DriftLine]:
    before, after = {(one.label, one.uid): one for one in then}, {(one.label, one.uid): one for one in now}
    for key in sorted(before.keys() | after.keys()):
        if key not in before:
            yield DriftLine(ADDED, after[key].label, "", after[key].name)
        elif key not in after:
            yield DriftLine(REMOVED, before[key].label, before[key].name, "")
