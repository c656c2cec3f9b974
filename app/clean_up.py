"""Clean up: records of one kind whose names are nearly equal, merged as one revision. No Qt; for worker threads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.renewal import settled
from cmdb.model.control import Control
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.guards import Guard
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store

CLASSES = (
    "manufacturer", "hardware_model", "person", "company", "supplier", "department", "team", "place",
    "software_product",
)  # fmt: skip
"""The classes whose records are known by their names and are made because others name them."""
_COMPANIES = ("manufacturer", "company", "supplier")
_WITHIN = {
    "hardware_model": ("manufacturer",), "place": ("class", "location"), "department": ("company",),
    "software_product": ("publisher", "edition", "version"),
}  # fmt: skip
"""Class → what records have in common that may be one: equal names elsewhere are other things."""
_IDENTITIES = ("email", "user_name", "employee_number", "number", "asset_tag", "serial_number")
"""Attributes of which two records that both have one, and another, are two things."""


@dataclass(frozen=True, slots=True)
class NearRecord:
    """One of several records of nearly equal names, and how many others refer to it."""

    uid: str
    cls: str
    name: str
    references: int


@dataclass(frozen=True, slots=True)
class NearRecords:
    """Records whose names are nearly equal: the one to keep unless a person chooses another, and the others."""

    keep: NearRecord
    others: tuple[NearRecord, ...]
    misspelt: bool
    """Whether some differ by letters, not only by case, accents, punctuation, spaces or the order of words."""

    @property
    def records(self) -> tuple[NearRecord, ...]:
        """All of them, the one to keep first."""
        return (self.keep, *self.others)


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """Records (their ids) that become one."""

    keep: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CleanedUp:
    """What a clean-up makes: its revision, and the choices that wait because they concern what others merge."""

    revision: Revision
    waiting: tuple[MergeChoice, ...] = ()


def near_records(reader: Reader, classes: Sequence[str] = (), control: Control | None = None) -> list[NearRecords]:
    """The records of some classes (by default all of ``CLASSES``) whose names are nearly equal.

    Pairs of which a person has said that they are different are left out. Raises Cancelled, SchemaError.
    """
    from cmdb.reconciliation.identifiers import shipped
    from cmdb.reconciliation.near_equal import near_equal

    control = control or Control()
    makers = shipped().makers
    wanted = [cls for cls in classes or CLASSES if cls in reader.schema.classes]
    found: list[NearRecords] = []
    for number, cls in enumerate(wanted):
        control.progress(number, len(wanted), Message("Looking for nearly equal names"))
        used = _references(reader, cls)
        for records in _together(reader, cls).values():
            by_name: dict[str, list[CI]] = defaultdict(list)
            for one in records:
                by_name[makers.canonical(one.name) if cls == "manufacturer" else one.name].append(one)
            counts = {name: sum(used.get(one.uid, 0) for one in own) for name, own in by_name.items()}
            forms = makers.legal_forms if cls in _COMPANIES else ()
            groups = [(one.texts, one.misspelt) for one in near_equal(counts, control.check, forms)]
            grouped = {name for names, _ in groups for name in names}
            groups += [((name,), False) for name, own in by_name.items() if len(own) > 1 and name not in grouped]
            for names, misspelt in groups:
                found += _near([one for name in names for one in by_name[name]], used, misspelt)
    return _undecided(reader, found)


def _together(reader: Reader, cls: str) -> Mapping[tuple[str, ...], list[CI]]:
    """The records of a class by what they have in common that may be one."""
    within = _WITHIN.get(cls, ())
    found: dict[tuple[str, ...], list[CI]] = defaultdict(list)
    for one in reader.all(Selection(cls)):
        found[tuple(one.cls if name == "class" else one.text(name).casefold() for name in within)].append(one)
    return found


def _references(reader: Reader, cls: str) -> dict[str, int]:
    """Id → how many configuration items refer to it by an attribute."""
    schema = reader.schema
    found: dict[str, int] = defaultdict(int)
    for attribute in schema.all_attributes("ci").values():
        if attribute.type == "reference" and any(schema.is_a(cls, t) or schema.is_a(t, cls) for t in attribute.targets):
            for uid, number in reader.facet(Selection("ci"), attribute.name).items():
                if isinstance(uid, str):
                    found[uid] += number
    return found


def _near(records: Sequence[CI], used: Mapping[str, int], misspelt: bool) -> Iterable[NearRecords]:
    """One group of the records that can be the most used one, or none."""
    ordered = sorted(records, key=lambda one: (-used.get(one.uid, 0), -len(one.values), one.id))
    keep, others = ordered[0], [one for one in ordered[1:] if not _differ(ordered[0], one)]
    if others:
        near = [NearRecord(one.uid, one.cls, one.name, used.get(one.uid, 0)) for one in (keep, *others)]
        yield NearRecords(near[0], tuple(near[1:]), misspelt)


def _differ(one: CI, other: CI) -> bool:
    pairs = ((one.text(name), other.text(name)) for name in _IDENTITIES)
    return any(a and b and a.casefold() != b.casefold() for a, b in pairs)


def _undecided(reader: Reader, found: Iterable[NearRecords]) -> list[NearRecords]:
    """The groups without records of which somebody has said that they are another thing than the one to keep."""
    from cmdb.reconciliation.doubles import decision_id

    found = list(found)
    asked = {Record("decision", (decision_id(group.keep.uid, other.uid),)) for group in found for other in group.others}
    decided = {key[0] for key in reader.records_of("decision", asked)} if asked else set()
    left = []
    for group in found:
        others = tuple(one for one in group.others if decision_id(group.keep.uid, one.uid) not in decided)
        if others:
            left.append(NearRecords(group.keep, others, group.misspelt))
    return sorted(left, key=lambda group: (group.keep.cls, group.keep.name.casefold(), group.keep.uid))


def merging(reader: Reader, choices: Sequence[MergeChoice], author: str) -> CleanedUp:
    """The revision that merges each choice's records into the one that is kept.

    A choice whose edits touch what an earlier one merges waits: it is merged after that. Raises InvalidValue, NotFound.
    """
    from cmdb.register.merging import merge

    edits: list[Edit] = []
    guards: list[Guard] = []
    merged: list[MergeChoice] = []
    waiting: list[MergeChoice] = []
    gone: set[str] = set()
    touched: set[str] = set()
    places: set[tuple[Record, str]] = set()
    for choice in choices:
        made = merge(reader, [choice.keep, *choice.others], choice.keep, author)
        own = {str(part) for edit in made.edits for part in edit.record.key}
        fields = {(edit.record, edit.field) for edit in made.edits}
        if own & gone or touched & set(choice.others) or places & fields:
            waiting.append(choice)
            continue
        merged.append(choice)
        gone.update(choice.others)
        touched |= own
        places |= fields
        edits += made.edits
        guards += made.guards
    number = sum(len(choice.others) for choice in merged)
    reason = counted("Clean up: {count} record merged", "Clean up: {count} records merged", number)
    revision = Revision(edits, author, reason=reason, guards=tuple(dict.fromkeys(guards)), decided_at=reader.number)
    return CleanedUp(revision, tuple(waiting))


def clean_up(
    store: Store,
    choices: Sequence[MergeChoice],
    author: str,
    control: Control | None = None,
    write: Callable[[Revision], AppliedRevision] | None = None,
) -> tuple[AppliedRevision, tuple[MergeChoice, ...]]:
    """Merges the choices in one revision, anew if others wrote meanwhile; returns it, and the choices that wait.

    Raises InvalidValue where records can't be one thing, NotFound, Cancelled.
    """

    def decide() -> CleanedUp:
        with store.read() as reader:
            return merging(reader, choices, author)

    def apply(made: CleanedUp) -> AppliedRevision:
        return write(made.revision) if write is not None else store.apply(made.revision, control)

    made, applied = settled(store, decide, apply, lambda made: made.revision.decided_at)
    return applied, made.waiting
