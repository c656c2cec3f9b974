"""What becomes of the tables of other tools: a small one of each, and what must come out of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cmdb.model.event_times import moment_of
from cmdb.model.schema import Schema
from importers.foreign_tables import ForeignTable, our_word, recognise, tag_in, tools
from importers.spreadsheets import SheetReading
from tests.importers.foreign_tables.case import Case, told
from tests.importers.foreign_tables.cases import CASES

Read = Callable[..., SheetReading]
TABLES = [table for tool in tools() for table in tool.tables]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_what_becomes_of_a_table(read: Read, case: Case) -> None:
    headers = case.text.partition("\n")[0].split(",")
    table = recognise(headers)
    assert table is not None
    assert table.key == case.key
    found = read(case.text)
    assert [p.message for p in found.problems if p.severity == "error"] == []
    assert tuple(p.kind for p in found.problems) == case.problems
    for number, (observation, (cls, values)) in enumerate(zip(found.observations, case.rows, strict=True), 1):
        said = {name: told(observation.values.get(name)) for name in values}
        assert (number, observation.cls, said) == (number, cls, values)
        assert not set(case.absent) & set(observation.values)
    assert set(case.unmapped) <= set(found.unmapped)
    assert not set(case.mapped) & set(found.unmapped)
    assert not case.number or found.observations[0].evidence["source_id"] == [case.number]
    assert [(told(a.licence), told(a.holder)) for a in found.assignments] == case.seats
    links = [(told(k.source), k.type, told(k.target)) for k in found.links]
    for row in found.observations:
        own = f"{row.cls}:{row.values['name']}"
        for link in row.links:
            ends = (told(link.other), own) if link.inverse else (own, told(link.other))
            links.append((ends[0], link.type, ends[1]))
    assert links == case.links
    happened = [
        (told(e.item), f"{moment_of(e.at):%Y-%m-%d %H:%M}", e.verb, told(e.holder) if e.holder else None)
        for e in found.events
    ]
    assert happened == case.events
    installed = [(told(i.computer), i.installed.product, i.installed.version) for i in found.installations]
    assert installed == case.software


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_a_declaration_means_what_the_schema_has(schema: Schema, table: ForeignTable) -> None:
    assert table.documented
    assert len({t.key for t in TABLES}) == len(TABLES)
    if table.holds != "class":
        return
    classes = [schema.classes[c] for c in schema.family(table.base)]
    known = {name for cls in classes for name in cls.attributes}
    for header, column in table.columns.items():
        if column.role in ("attribute", "mention"):
            assert column.name.partition(".")[0] in known, header
        elif column.role == "link":
            assert column.name in schema.relationships, header
    assert set(table.constants) <= known
    assert {cls for _, cls in table.classes} <= schema.classes.keys()


def test_a_word_that_is_written_is_read_as_what_it_was_written_for(schema: Schema) -> None:
    asked = 0
    for tool in tools():
        for words, written in tool.written.items():
            for ours, theirs in written.items():
                if theirs and words in tool.words:
                    read = our_word(f"{tool.name}/{words}", theirs)
                    if words == "relationships":
                        found, inverse = schema.find_relationship(
                            our_word(f"{tool.name}/{words}", theirs.partition("::")[0])
                        )
                        assert (found.name, inverse) == (ours, False), (tool.name, theirs)
                    else:
                        live = read == "in use" and ours in ("Deployed", "Active")  # of the class that the row is of
                        assert read == ours or live, (tool.name, words, theirs)
                    asked += 1
    assert asked > 30


@pytest.mark.parametrize(
    ("shown", "tag", "with_model"),
    [
        ("NB-1 (T1)", "T1", ""), ("NB-1 (T1) - T14", "T1", "T1"), ("(T1) - T14 (Gen 3)", "T1", "T1"),
        ("Mac (13) (T 1) - Mac (13)", "T 1", "T 1"), ("Bern (second floor)", "", ""), ("Bern (HQ)", "HQ", ""),
        ("Ida Holm", "", ""), ("A - B", "", ""),
    ],
)  # fmt: skip
def test_the_tag_in_a_name_as_a_tool_shows_it(shown: str, tag: str, with_model: str) -> None:
    assert (tag_in(shown), tag_in(shown, model_only=True)) == (tag, with_model)
