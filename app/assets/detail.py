"""One item in detail: its values with their sources, its relationships and software, and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from app.attachments.contents import NO_FILES, AttachedFiles, attached_to
from app.comments import number_of_comments
from app.dependence import Dependence
from app.history.event_words import without_told
from app.history.section_changes import Titles, titles_of
from app.inherited import NOTHING as NOTHING_INHERITED
from app.inherited import InheritedValues, inherited_values
from app.item_search import Names
from app.merging import former_names
from app.watching import is_watched
from app.work.about import NOTHING, AboutRecords, about_of
from cmdb.model.record_aliases import ID
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.journal import HistoryEntry
    from cmdb.model.records import CI, Claim, Installation, RelatedKind, Sighting
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

NAMED = 200
"""Edits of one revision whose records are looked up; further ones are only counted."""


EQUIPMENT = 8
"""Things that a party has and that are named; further ones are only counted."""

NAMING = frozenset({"name", "class"})
"""The attributes by which records are shown where others refer to them."""
_PART_KINDS = frozenset({"relationship", "group", "membership", "installation", "sighting", "section", "comment"})


@dataclass(frozen=True)
class Equipment:
    """What a party has: the ``number`` of things, and the ``first`` of them by name."""

    number: int
    first: tuple[CI, ...]


@dataclass(frozen=True)
class ItemFacts:
    """A CI with its claims, and the names of the items that it refers to."""

    ci: CI
    names: Names
    claims: dict[str, list[Claim]]
    former: tuple[str, ...] = ()
    """By what it is found besides: the names of records that were merged into it."""
    is_merged: bool = False
    """Whether records were merged into it: their names may be its own."""
    attached: AttachedFiles = NO_FILES
    """Its picture, and the number of files that are kept with it."""
    equipment: Equipment | None = None
    """Of a person, a team or another party: what it has. None of other records."""
    inherited: InheritedValues = NOTHING_INHERITED
    """What it has by its model."""


class ItemNotes(NamedTuple):
    """What people keep beside a record's values: the number of comments, and whether the one who asks watches it."""

    comments: int = 0
    watched: bool = False


NO_NOTES = ItemNotes()
NOTE_KINDS = frozenset({"comment", "watch"})
"""The kinds of documents that hold notes."""


@dataclass(frozen=True)
class ItemParts:
    """The parts of a CI: its relationships by kind, its installed software, and its sightings."""

    kinds: list[RelatedKind]
    installations: list[Installation]
    sightings: list[Sighting]
    about: AboutRecords = NOTHING
    """What work is about; what was deleted, too, where it is over."""
    sections: int | None = None
    """The number of sections of which rows are known; None for a class that has no sections."""
    notes: ItemNotes = NO_NOTES
    number_then: int = 0
    """The revision as of which it was read."""

    @property
    def number(self) -> int:
        """The number of relationships."""
        return sum(kind.number for kind in self.kinds)


@dataclass(frozen=True)
class ItemHistory:
    """The latest versions of a CI, the newest first, with the names of what they mention, and of rows of sections.

    ``more`` are there, and what was before ``kept_from`` (ISO UTC, or "") is not.
    """

    versions: list[HistoryEntry]
    more: bool
    names: Names
    kept_from: str
    rows: Titles = field(default_factory=dict)
    software: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Revision → what it did with the software, in words: each product, or how many."""


def facts_of(reader: Reader, uid: str, files: AttachedFiles | None = None) -> ItemFacts:
    """The facts of a CI; ``files`` are those that it had, where none changed since. Raises NotFound."""
    return _facts(reader, reader.get(uid), files)[0]


def _facts(reader: Reader, ci: CI, files: AttachedFiles | None = None) -> tuple[ItemFacts, Names]:
    """The facts of a CI, and the names of those records that are there among what it refers to."""
    claims, names = reader.claims_and_names(ci)
    references = reader.schema.reference_names
    wanted = {str(v) for n, v in ci.values.items() if n in references}
    wanted |= {str(c.value) for n, said in claims.items() if n in references for c in said if c.value}
    found = former_names(reader, ci.uid)
    former = tuple(dict.fromkeys(one.spelling for one in found if one.kind != ID))
    gone = wanted - names.keys()  # what is over names what was deleted, too
    known = {**names, **reader.last_names(gone)} if gone else names
    attached, had = attached_to(reader, ci, files), _equipment(reader, ci)
    by_model = inherited_values(reader, ci)
    if (model := by_model.model) is not None:
        known = {**known, **reader.names(model.text(one.name) for one in by_model.said if one.type == "reference")}
    return ItemFacts(ci, known, claims, former, bool(found), attached, had, by_model), names


def _equipment(reader: Reader, ci: CI) -> Equipment | None:
    schema = reader.schema
    if "party" not in schema.classes or not schema.is_a(ci.cls, "party"):
        return None
    what = Selection("hardware", equipment_of(ci.uid))
    first = tuple(reader.page(what, limit=EQUIPMENT + 1))
    return Equipment(len(first) if len(first) <= EQUIPMENT else reader.count(what), first[:EQUIPMENT])


def equipment_of(uid: str) -> str:
    """The filter of what a party has."""
    return f"assigned_to = {uid}"


def parts_of(reader: Reader, uid: str, most: int, who: str = "") -> ItemParts:
    """The parts of a CI; of each kind of relationship the first ``most``. ``who`` asks. Raises NotFound."""
    ci = reader.get(uid)
    return _parts(reader, ci, most, notes_of(reader, uid, who))


def notes_of(reader: Reader, uid: str, who: str) -> ItemNotes:
    """What people keep of a record; ``who`` asks."""
    return ItemNotes(number_of_comments(reader, uid), is_watched(reader, uid, who))


def _parts(reader: Reader, ci: CI, most: int, notes: ItemNotes, named: Names | None = None) -> ItemParts:
    from cmdb.store.reading.related_records import related

    is_work = reader.schema.root_of(ci.cls) == "work"
    about = about_of(reader, [ci.id]).get(ci.id, NOTHING) if is_work else NOTHING
    kinds = _what_it_has_first(reader.schema, ci, related(reader, ci, most, named))
    sections = len(reader.section_names(ci.uid)) if reader.schema.sections_of(ci.cls) else None
    installed, seen = reader.installations(ci.uid), reader.sightings(ci.uid)
    return ItemParts(kinds, installed, seen, about, sections, notes, reader.number)


def _what_it_has_first(schema: Schema, ci: CI, kinds: list[RelatedKind]) -> list[RelatedKind]:
    """Of a party: what it has, then what it uses and the rest, and other parties (44 subordinates) at the end."""
    if "party" not in schema.classes or not schema.is_a(ci.cls, "party"):
        return kinds

    def place(kind: RelatedKind) -> int:
        if kind.inverse and kind.attribute == "assigned_to":
            return 0
        known = [one for one in kind.classes if one in schema.classes]
        return 2 if known and kind.inverse and all(schema.is_a(one, "party") for one in known) else 1

    return sorted(kinds, key=place)


def all_of(
    reader: Reader,
    uid: str,
    most: int,
    files: AttachedFiles | None = None,
    who: str = "",
    notes: ItemNotes | None = None,
) -> tuple[ItemFacts, ItemParts]:
    """The facts and the parts of a CI, read together. ``files`` as for ``facts_of``, and ``notes`` likewise.

    Raises NotFound.
    """
    facts, there = _facts(reader, reader.get(uid), files)
    return facts, _parts(reader, facts.ci, most, notes_of(reader, uid, who) if notes is None else notes, there)


def facts_depend_on(facts: ItemFacts) -> tuple[Dependence, ...]:
    """The dependence of a CI's values: the values, and the names of the items that it refers to."""
    own, others = frozenset({facts.ci.uid}), frozenset(facts.names)
    pictured = own | {facts.ci.text("model")}
    return (
        Dependence(fields=None, items=own),
        Dependence(kinds=frozenset({"alias"}), items=own),
        Dependence(kinds=frozenset({"reservation"})),
        Dependence(kinds=frozenset({"attachment"}), items=pictured),
        Dependence(fields=NAMING, items=others),
        Dependence(fields=None, items=frozenset({facts.ci.text("model")})),
        *((Dependence(fields=frozenset({"assigned_to", "name", "status"})),) if facts.equipment is not None else ()),
    )


def parts_depend_on(schema: Schema, ci: CI, parts: ItemParts) -> tuple[Dependence, ...]:
    """The dependence of a CI's parts: its records, references from and to it, and the names of those items."""
    shown = frozenset(one.uid for kind in parts.kinds for one in kind.first)
    own = frozenset(name for name, a in schema.cls(ci.cls).attributes.items() if a.type == "reference")
    referring = schema.referring(ci.cls)
    classes = frozenset(one.name for one in schema.classes.values() if not referring.isdisjoint(one.attributes))
    return (
        Dependence(kinds=_PART_KINDS, items=shown | {ci.uid}),
        Dependence(kinds=frozenset({"watch"})),
        Dependence(fields=own | {"class"}, items=frozenset({ci.uid})),
        Dependence(fields=referring, classes=classes),
        Dependence(fields=NAMING, items=shown),
    )


def unfolded(reader: Reader, uid: str, kind: RelatedKind, most: int) -> RelatedKind:
    """A kind of relationship with its first ``most``."""
    from cmdb.store.reading.related_records import more

    return replace(kind, first=more(reader, reader.get(uid), kind, most))


def history_of(reader: Reader, uid: str, most: int) -> ItemHistory:
    """The latest ``most`` versions of a CI. Raises NotFound."""
    from app.history.software_changes import software_changes, software_in_words
    from cmdb.register.retention import remaining
    from cmdb.register.revision_titles import titled
    from cmdb.store.reading.related_records import recent_history

    versions, more = recent_history(reader, uid, most)
    titles = {one.number: one.title for one in titled(reader, reader.revisions(len(versions), uid=uid))}
    versions = [
        replace(one, title=titles.get(one.number, one.title), edits=without_told(one.edits)) for one in versions
    ]
    names, rows = _mentioned(reader, versions), titles_of(reader, (e for one in versions for e in one.edits))
    software = software_in_words(software_changes(reader, versions))
    return ItemHistory(versions, more, names, remaining(reader)[1], rows, software)


def _mentioned(reader: Reader, versions: Sequence[HistoryEntry]) -> Names:
    """The names of what versions mention, as they were last known."""
    references = reader.schema.reference_names
    wanted: set[str] = set()
    for version in versions:
        for edit in version.edits[:NAMED]:
            wanted.update(k for k in edit.record.key if len(k) == 36)
            if edit.field in references:
                wanted.update(str(v) for v in (edit.before, edit.after) if v)
            elif edit.record.kind == "event":
                fields: Any = edit.after or edit.before or {}
                wanted.update(fields[end] for end in ("before_ref", "after_ref") if end in fields)
            elif edit.record.kind == "reservation" and not edit.field:
                whole: Any = edit.after or edit.before
                wanted.update(whole[end] for end in ("subject", "by") if end in whole)
    return reader.last_names(wanted)
