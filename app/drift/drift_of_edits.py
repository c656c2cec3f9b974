"""What edits of a revision do to rows of sections and to software, in the words of drift."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.drift.differences import (
    ADDED,
    CHANGED,
    REMOVED,
    SOFTWARE,
    TOLD_AS_SOFTWARE,
    DriftLine,
    SectionDrift,
    section_drift,
    software_lines,
)
from app.drift.releases import FoundRelease
from app.history.section_changes import Titles, by_row, difference_of
from app.record_sections import section_label
from cmdb.model.messages import tr
from cmdb.model.revision import Edit, Record

if TYPE_CHECKING:
    from cmdb.licences.engine.catalogue import Catalogue
    from cmdb.model.schema import Schema


def drift_of_edits(
    schema: Schema, edits: Iterable[Edit], catalogue: Callable[[], Catalogue], titles: Titles
) -> dict[str, list[SectionDrift]]:
    """Record → what edits change in its sections and its software; records of which they change neither are left out.

    ``titles``: what rows that change are called; see ``titles_of``.
    """
    edits = [one for one in edits if one.record.kind in ("section", "installation")]
    found: dict[str, list[SectionDrift]] = defaultdict(list)
    software = software_of_edits(edits)
    for (uid, name), rows in _by_section(schema, edits).items():
        lines = _row_lines(schema, rows, titles)
        if name == TOLD_AS_SOFTWARE and uid in software:
            lines = (one for one in lines if one.change == CHANGED)
        found[uid].append(section_drift(name, str(section_label(schema, name)), lines))
    for uid, (went, came) in software.items():
        lines = software_lines(went, came, lambda _: False, catalogue)
        found[uid].append(section_drift(SOFTWARE, tr("Installed software"), lines))
    order = {name: place for place, name in enumerate(schema.sections)}
    return {
        uid: sorted((one for one in its if one.counts), key=lambda one: order.get(one.name, len(order)))
        for uid, its in found.items()
    }


def numbers_of_edits(schema: Schema, edits: Sequence[Edit]) -> dict[str, Counter[str]]:
    """Section → how many of its rows are added, changed and removed, in all records together; for very many edits."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for record, its in by_row(schema, edits).items():
        found[record.key[1]][change_of(its)] += 1
    for edit in edits:
        if is_software(edit):
            found[SOFTWARE][change_of([edit])] += 1
    return dict(found)


def change_of(its: Iterable[Edit]) -> str:
    """What the edits of one record do: they add it, change it or remove it."""
    whole = next((one for one in its if not one.field), None)
    return CHANGED if whole is None else ADDED if whole.before is None else REMOVED


def _by_section(schema: Schema, edits: list[Edit]) -> Mapping[tuple[str, str], dict[Record, list[Edit]]]:
    found: dict[tuple[str, str], dict[Record, list[Edit]]] = defaultdict(dict)
    for record, its in by_row(schema, edits).items():
        found[record.key[0], record.key[1]][record] = its
    return found


def _row_lines(schema: Schema, rows: Mapping[Record, list[Edit]], titles: Titles) -> Iterator[DriftLine]:
    for record, its in rows.items():
        yield DriftLine(change_of(its), *difference_of(schema, record, its, titles))


def is_software(edit: Edit) -> bool:
    """Whether an edit installs or removes something."""
    return edit.record.kind == "installation" and not edit.field


def is_told_as_software(edit: Edit) -> bool:
    """Whether an edit adds or removes a row that comes and goes with an installation."""
    return edit.record.kind == "section" and edit.record.key[1] == TOLD_AS_SOFTWARE and not edit.field


def software_of_edits(
    edits: Iterable[Edit],
) -> dict[str, tuple[list[FoundRelease], dict[FoundRelease, tuple[str, ...]]]]:
    """Computer → the releases that go, and those that come with the sources that state them."""
    found: dict[str, tuple[list[FoundRelease], dict[FoundRelease, tuple[str, ...]]]] = {}
    for edit in edits:
        if not is_software(edit):
            continue
        uid, scope, publisher, product, edition, version = edit.record.key
        fields: Any = edit.after if edit.after is not None else edit.before or {}
        release = FoundRelease(scope, publisher, product, edition, version, str(fields.get("origin") or ""))
        went, came = found.setdefault(uid, ([], {}))
        if edit.after is None:
            went.append(release)
        else:
            came[release] = tuple(fields.get("stated_by") or ())
    return found
