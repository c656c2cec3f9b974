"""Stored texts of imports are worded in the reader's language; every type and kind has a text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.imports.attribute_types import TYPE_LABELS
from app.imports.mappings import keep_mapping
from app.imports.problems import ProblemGroup
from app.imports.targets import target_of, targets
from cmdb.model.declarations import TYPES
from cmdb.model.schema import Schema
from cmdb.store.upkeep.startup import create_estate
from importers.spreadsheets.columns.mapping import ColumnUse, Mapping
from tests.programs import nodes
from tests.pseudo_locale import plain_words, spoken

ROOT = Path(__file__).resolve().parents[3]


def test_the_reason_of_a_saved_mapping_is_worded_when_it_is_read(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    with store.read() as reader:
        applied = store.apply(keep_mapping(reader, Mapping("class", "laptop", name="Λίστα"), "anna"))
    with store.read() as reader:
        assert str(reader.revision(applied.number).reason) == "Mapping “Λίστα” saved"
        with spoken():
            assert not plain_words(str(reader.revision(applied.number).reason))
    store.close()


def test_every_type_of_attribute_has_a_label() -> None:
    assert set(TYPE_LABELS) == set(TYPES)


def test_a_group_made_in_one_language_is_called_in_the_other() -> None:
    group = ProblemGroup("date", "error")
    assert group.title == "Not a date"
    with spoken():
        assert not plain_words(group.title)
    assert ProblemGroup("badge-colour", "error").title == "Other problems: “badge-colour”"  # a plugin's own kind


def test_every_kind_of_problem_of_the_program_has_a_heading() -> None:
    kinds = {
        word
        for room in ("importers", "cmdb/reconciliation")
        for path in (ROOT / room).rglob("*.py")
        for node in nodes(path.read_text("utf-8"))
        if isinstance(node, ast.Call)
        for word in _kind(node)
    }
    assert {"copied-row", "unique", "shared", "review", "uuid"} <= kinds
    assert {kind for kind in kinds if ProblemGroup(kind, "error").title.startswith("Other")} == set()


def _kind(node: ast.Call) -> Iterator[str]:
    """The kind of problem that a call states, where it states one."""
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    place = {"Problem": 7, "CellError": 1, "CellNote": 1, "error": 4, "warning": 4, "UnresolvedReference": 1}.get(name)
    if place is None:
        return
    given = [one.value for one in node.keywords if one.arg == "kind"] or node.args[place : place + 1]
    for one in given:
        if isinstance(one, ast.Constant) and one.value not in ("optional", "group-warning"):
            yield str(one.value)


def test_a_target_is_found_again_after_the_language_changed() -> None:
    schema, use = Schema.load(), ColumnUse(0, "Model", "attribute", "model")
    mapping = Mapping("class", "laptop", (use,))
    chosen = target_of(schema, mapping, use)
    assert chosen is not None
    with spoken():
        assert chosen in targets(schema, mapping)
        others = [t for t in targets(schema, mapping) if t.role in ("group", "needs", "class", "unmapped")]
        assert len(others) == 4
        assert not [t for t in others if plain_words(f"{t.title} {t.section} {t.hint}")]
