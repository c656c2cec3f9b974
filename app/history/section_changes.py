"""What revisions changed in the sections of one record: rows by section, in words and as JSON documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.record_sections import section_label
from cmdb.model.claims import STATED_BY
from cmdb.model.messages import tr, trn
from cmdb.model.revision import Edit, Record
from cmdb.model.section_words import row_text, row_title, shown_value

if TYPE_CHECKING:
    from cmdb.model.declarations import RecordSection
    from cmdb.model.journal import HistoryEntry
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

_EACH, _ALL = 3, 12
"""So many rows of a section, and of all sections together, are told one by one; more are counted."""
Rows = Mapping[Record, list[Edit]]
"""Row → what happened to it."""
Titles = Mapping[Record, str]
"""Row → what it is called."""


def titles_of(reader: Reader, entries: Sequence[HistoryEntry]) -> dict[Record, str]:
    """What the rows are called that versions changed, as far as they are there."""
    wanted = {e.record for one in entries for e in one.edits if e.record.kind == "section" and e.field}
    if not wanted:
        return {}
    found: dict[tuple[str, ...], Any] = {**reader.records_of("section", wanted)}
    sections = reader.schema.sections
    return {
        record: row_title(sections[record.key[1]], record.key[3], found[record.key])
        for record in wanted
        if record.key in found and record.key[1] in sections
    }


def changes_in_words(schema: Schema, edits: Sequence[Edit], titles: Titles) -> list[str]:
    """What a revision changed in sections, a line for each row; where these are many, a line for each section."""
    by_section = _by_section(edits)
    total = sum(map(len, by_section.values()))
    lines: list[str] = []
    for name, rows in by_section.items():
        section = schema.sections.get(name)
        if section is not None and section.volatile:
            continue  # its rows have no history
        label = section_label(schema, name)
        if section is None or len(rows) > _EACH or total > _ALL:
            lines.append(tr("{section}: {changes}", section=label, changes=_counted(rows)))
        else:
            told = (_row_in_words(section, record, its, titles) for record, its in rows.items())
            lines.extend(tr("{section}: {changes}", section=label, changes=one) for one in told)
    return lines


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


def _row_in_words(section: RecordSection, record: Record, its: list[Edit], titles: Titles) -> str:
    state = _state(its)
    if state == "changed":
        row = titles.get(record) or row_title(section, record.key[3])
        changes = ", ".join(_values_in_words(section, its))
        return tr("{row}: {changes}", row=row, changes=changes) if row else changes
    whole = next(one for one in its if not one.field)
    columns: Any = whole.after if state == "added" else whole.before
    text = row_text(section, record.key[3], columns)
    return tr("added {row}", row=text) if state == "added" else tr("removed {row}", row=text)


def _values_in_words(section: RecordSection, its: list[Edit]) -> Iterator[str]:
    order = list(section.columns)
    for one in sorted(its, key=lambda e: order.index(e.field) if e.field in order else len(order)):
        column = section.columns.get(one.field)
        values: Any = (one.before, one.after)
        before, after = (str(v or "") if column is None else shown_value(column, v) for v in values)
        label = one.field if column is None else column.label
        yield tr("{attribute} {before} → {after}", attribute=label, before=before or "–", after=after or "–")
