"""The sections of a record on the command line: JSON documents, and tables for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.cli.output import table
from app.record_sections import columns_with_values, headings, in_order, section_label, seen_at, source_words
from cmdb.model.errors import NotFound
from cmdb.model.formats import moment
from cmdb.model.messages import Message, tr
from cmdb.model.section_words import shown_value

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.model.section_rows import SectionRow

Sections = Mapping[str, Sequence["SectionRow"]]


def documents(sections: Sections) -> dict[str, list[dict[str, Any]]]:
    """Section → its rows, as ``--json`` prints them."""
    return {name: [_document(row) for row in rows] for name, rows in sections.items()}


def _document(row: SectionRow) -> dict[str, Any]:
    document: dict[str, Any] = {"key": row.key, "columns": dict(row.columns), "source": row.source}
    if row.observed:
        document["observed"] = row.observed
    if row.now:
        document |= {"volatile": dict(row.now), "volatile_observed": row.now_observed}
    if row.held:
        document["held"] = True
    if row.also:
        document["also"] = [_document(one) for one in row.also]
    return document


def one_section(schema: Schema, record: CI, word: str, known: Callable[[], Sections]) -> str:
    """The name of the section that ``word`` names and that the record can have.

    Raises NotFound, naming those of which rows are ``known``, or else all that records of the class can have.
    """
    found, possible = schema.find_section(word), schema.sections_of(record.cls)
    if found is not None and found in possible:
        return found.name
    cls = schema.cls(record.cls).label
    if not possible:
        raise NotFound(Message("A {cls} has no sections.", cls=cls))
    if there := known():
        names = tuple(section_label(schema, name) for name in there)
        raise NotFound(
            Message("{name} has no section “{section}”; it has {sections}.", name=record.name, section=word,
                    sections=names)
        )  # fmt: skip
    names = tuple(section_label(schema, one.name) for one in possible)
    raise NotFound(
        Message("A {cls} has no section “{section}”; it can have {sections}.", cls=cls, section=word, sections=names)
    )


def summary(schema: Schema, sections: Sections) -> Iterator[str]:
    """Which sections there are, with their number of rows and when they were last seen."""
    rows = [
        (section_label(schema, name), len(its), moment(at) if (at := seen_at(its)) else "", name)
        for name, its in sections.items()
    ]
    yield from table((tr("Section"), tr("Rows"), tr("Last seen"), tr("Name")), rows)


def lines(schema: Schema, name: str, rows: Sequence[SectionRow]) -> Iterator[str]:
    """The rows of one section, with units; what other sources see of a row stands below the table."""
    label = section_label(schema, name)
    section = schema.sections.get(name)
    if not rows or section is None:
        yield tr("No rows are known of the section “{section}”.", section=label)
        return
    at = seen_at(rows)
    yield tr("{section}, last seen {time}", section=label, time=moment(at)) if at else label
    rows = in_order(section, rows)
    columns = columns_with_values(section, rows)
    titles = headings(section, columns)
    cells = [
        (*(shown_value(column, row.values().get(column.name)) for column in columns), source_words(row)) for row in rows
    ]
    yield from table((*titles, tr("Source")), cells)
    if any(section.is_volatile(column.name) for column in columns):
        yield tr("* the last value only, without a history")
    others = [(number, other) for number, row in enumerate(rows, 1) for other in row.also]
    if others:
        yield ""
        seen = [
            (
                number,
                *(shown_value(column, other.values().get(column.name)) for column in columns),
                source_words(other),
            )
            for number, other in others
        ]
        yield tr("Other sources say of the same rows:")
        yield from table((tr("Row"), *titles, tr("Source")), seen)
