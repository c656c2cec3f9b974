"""What revisions changed in the sections of one record: rows by section, in words and as JSON documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.record_sections import section_label
from cmdb.model.claims import STATED_BY
from cmdb.model.messages import tr, trn
from cmdb.model.revision import Edit, Record
from cmdb.model.section_rows import row_before_and_after
from cmdb.model.section_words import change_words, row_title, row_words

if TYPE_CHECKING:
    from cmdb.model.declarations import RecordSection
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

_EACH, _ALL = 3, 12
"""So many rows of a section, and of all sections together, are told one by one; more are counted."""
_MOST_RECORDS = 200
"""Of so many records it is asked which rows other sources have, to limit what is read."""
Rows = Mapping[Record, list[Edit]]
"""Row → what happened to it."""
Titles = Mapping[Record, str]
"""Row → what it is called."""


def titles_of(reader: Reader, edits: Iterable[Edit]) -> dict[Record, str]:
    """What the rows are called that edits change, as far as they are there."""
    wanted = {e.record for e in edits if e.record.kind == "section" and e.field not in ("", STATED_BY)}
    if not wanted:
        return {}
    found: dict[tuple[str, ...], Any] = {**reader.records_of("section", wanted)}
    sections = reader.schema.sections
    return {
        record: row_title(sections[record.key[1]], record.key[3], found[record.key])
        for record in wanted
        if record.key in found and record.key[1] in sections
    }


def rows_of_others(before: Reader, edits: Iterable[Edit]) -> set[Record]:
    """The rows that edits add or remove for one source, while another one has them before and after: nothing changes of
    what is known. Of a row that comes or goes for several sources at once, all but the first. ``before``: what was
    known before the edits; of many records it is not asked.
    """
    whole = [one for one in edits if one.record.kind == "section" and not one.field]
    uids = {one.record.key[0] for one in whole}
    if not uids or len(uids) > _MOST_RECORDS:
        return set()
    sources: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for uid, its in before.sections_of(sorted(uids), sorted({one.record.key[1] for one in whole})).items():
        for section, rows in its.items():
            for row in rows:
                sources[uid, section, row.key].update(one.source for one in (row, *row.also))
    by_key: dict[tuple[str, ...], list[Edit]] = defaultdict(list)
    for one in whole:
        uid, section, _, key = one.record.key
        by_key[uid, section, key].append(one)
    found: set[Record] = set()
    for row_key, each in by_key.items():
        had = sources.get(row_key, set())
        has = {one.record.key[2] for one in each if one.after is not None}
        has |= had - {one.record.key[2] for one in each if one.after is None}
        found.update(one.record for one in each[0 if had and has else 1 :])
    return found


def changes_in_words(schema: Schema, edits: Sequence[Edit], titles: Titles) -> list[str]:
    """What a revision changed in sections, a line for each row; where these are many, a line for each section."""
    sections = schema.sections
    by_section = {  # rows of volatile sections have no history
        name: rows for name, rows in _by_section(edits).items() if name not in sections or not sections[name].volatile
    }
    total = sum(map(len, by_section.values()))
    states = {_state(its) for rows in by_section.values() for its in rows.values()}
    if states == {"added"} and total > _ALL:  # the first look at it
        seen = tuple(
            tr("{title} {count}", title=section_label(schema, name), count=len(rows))
            for name, rows in by_section.items()
        )
        return [trn("{count} row added: {sections}", "{count} rows added: {sections}", total, sections=seen)]
    lines: list[str] = []
    for name, rows in by_section.items():
        section = sections.get(name)
        label = section_label(schema, name)
        if section is None or len(rows) > _EACH or total > _ALL:
            lines.append(tr("{section}: {changes}", section=label, changes=_counted(rows)))
        else:
            told = (row_in_words(section, record, its, titles) for record, its in rows.items())
            lines.extend(tr("{section}: {changes}", section=label, changes=one) for one in told)
    return lines


def difference_of(schema: Schema, record: Record, its: Sequence[Edit], titles: Titles) -> tuple[str, str, str]:
    """What the edits of one row change, before and after; see ``row_words``."""
    before, after, whole = row_before_and_after(its)
    return row_words(schema, record, before, after, None if whole else titles.get(record, ""))


def by_row(schema: Schema, edits: Sequence[Edit]) -> dict[Record, list[Edit]]:
    """Row → its edits, in their order; of sections whose rows have a history."""
    found: dict[Record, list[Edit]] = {}
    for rows in _by_section(edits).values():
        for record, its in rows.items():
            section = schema.sections.get(record.key[1])
            if section is None or not section.volatile:
                found[record] = its
    return found


def documents(edits: Sequence[Edit]) -> dict[str, list[dict[str, Any]]]:
    """Section → the rows that a revision added, changed or removed, as ``--json`` prints them."""
    return {
        name: [{"key": record.key[3], "source": record.key[2], **_document(its)} for record, its in rows.items()]
        for name, rows in _by_section(edits).items()
    }


def _document(its: list[Edit]) -> dict[str, Any]:
    whole = next((one for one in its if not one.field), None)
    if whole is None:
        return {
            "change": "changed",
            "columns": {one.field: {"before": one.before, "after": one.after} for one in its},
        }
    side = "before" if whole.after is None else "after"
    fields: Any = whole.after if whole.after is not None else whole.before
    columns = {name: {side: value} for name, value in fields.items() if name != STATED_BY}
    return {"change": _state(its), "columns": columns}


def _by_section(edits: Sequence[Edit]) -> dict[str, Rows]:
    found: dict[str, dict[Record, list[Edit]]] = {}
    for edit in edits:
        if edit.record.kind == "section" and edit.field != STATED_BY:
            found.setdefault(edit.record.key[1], {}).setdefault(edit.record, []).append(edit)
    return dict(found)


def _state(its: list[Edit]) -> str:
    whole = next((one for one in its if not one.field), None)
    return "changed" if whole is None else "added" if whole.before is None else "removed"


def _counted(rows: Rows) -> str:
    states: dict[str, int] = defaultdict(int)
    for its in rows.values():
        states[_state(its)] += 1
    return ", ".join(_numbers(states))


def _numbers(states: Mapping[str, int]) -> Iterator[str]:
    if number := states.get("added"):
        yield trn("{count} row added", "{count} rows added", number)
    if number := states.get("changed"):
        yield trn("{count} row changed", "{count} rows changed", number)
    if number := states.get("removed"):
        yield trn("{count} row removed", "{count} rows removed", number)


def row_in_words(section: RecordSection, record: Record, its: Sequence[Edit], titles: Titles) -> str:
    """What the edits of one row do, in a line: "nginx: Start manual → automatic"; ``titles``: see ``titles_of``."""
    key = record.key[3]
    before, after, whole = row_before_and_after(its)
    changes = change_words(section, key, before, after)
    row = "" if whole else titles.get(record) or row_title(section, key)
    return tr("{row}: {changes}", row=row, changes=changes) if row else changes
