"""Laws of the entries of a schema: what steps make of documents, and the edits that lead there."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.schema.entries import Path, Put, Remove, Step, entry_edits, laid
from tests.laws import examples

PATHS: list[Path] = [
    ("class", "laptop"),
    ("class", "laptop", "attributes", "paint"),
    ("class", "laptop", "attributes", "ports"),
    ("class", "forklift"),
    ("relationship", "lifts"),
]
properties = st.dictionaries(st.sampled_from(["label", "unit", "hidden"]), st.sampled_from(["a", "b", ""]), min_size=1)
puts = st.builds(Put, st.sampled_from(PATHS), properties)
steps = st.lists(st.one_of(puts, st.builds(Remove, st.sampled_from(PATHS))), max_size=6)


def said(documents: dict[str, dict[str, Any]], path: Path) -> dict[str, Any]:
    """What the documents, laid over each other, say at a path."""
    found: dict[str, Any] = {}
    for key in sorted(documents):
        part: Any = documents[key]
        for name in path:
            part = part.get(name, {})
        found.update({name: value for name, value in part.items() if not isinstance(value, dict)})
    return found


def after(all_steps: list[list[Step]]) -> dict[str, dict[str, Any]]:
    documents: dict[str, dict[str, Any]] = {}
    for number, some in enumerate(all_steps):
        documents = laid(documents, some, f"{number:04}")
    return documents


@examples(25)
@given(st.lists(steps, max_size=4), puts)
def test_what_is_put_is_what_is_said_whatever_was_there(before: list[list[Step]], put: Put) -> None:
    documents = after(before)
    now = laid(documents, [put], "9999")
    assert said(now, put.path) == {**said(documents, put.path), **put.properties}
    others = [path for path in PATHS if path != put.path]
    assert all(said(now, path) == said(documents, path) for path in others)


@examples(25)
@given(st.lists(steps, max_size=4), st.sampled_from(PATHS))
def test_what_is_removed_is_said_by_nobody_and_no_empty_table_remains(before: list[list[Step]], path: Path) -> None:
    now = laid(after(before), [Remove(path)], "9999")
    assert said(now, path) == {}
    assert all(document for document in now.values())


@examples(25)
@given(st.lists(steps, max_size=3), st.lists(steps, max_size=3))
def test_the_edits_lead_from_the_one_to_the_other_and_back(before: list[list[Step]], more: list[list[Step]]) -> None:
    one, other = after(before), after([*before, *more])
    for start, end in ((one, other), (other, one)):
        found = dict(start)
        for edit in entry_edits(start, end):
            (key,) = edit.record.key
            whole: Any = {edit.field: edit.after} if edit.field else edit.after
            present = found.get(key)
            expected: Any = {edit.field: edit.before} if edit.field else edit.before
            assert (None if present is None else {"document": present}) == expected
            found.pop(key, None)
            if whole is not None:
                found[key] = whole["document"]
        assert found == end
