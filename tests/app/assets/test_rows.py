"""Rows of lists: read with the names of what they refer to, counted, and found again in an order."""

from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assets.rows import (
    HighlightedRows,
    HighlightRequest,
    first_rows,
    number_of,
    ordered,
    ordered_again,
    place_of,
    ranges_of,
    rows_of,
    uids_of,
)
from app.workspace import Workspace
from cmdb.model.selection import Selection

LAPTOPS = Selection("laptop")


def test_rows_are_found_as_ranges() -> None:
    ids = array("q", [5, 3, 9, 4, 8, 7])
    assert ranges_of(ids, [9, 3, 7]) == [(1, 2), (5, 5)]
    assert ranges_of(ids, [8]) == [(4, 4)]
    assert ranges_of(ids, [1]) == []


@given(st.lists(st.integers(0, 60), unique=True), st.sets(st.integers(0, 60)))
def test_ranges_contain_exactly_the_requested_rows(order: list[int], wanted: set[int]) -> None:
    ids = array("q", order)
    found = ranges_of(ids, wanted)
    assert {ids[row] for top, bottom in found for row in range(top, bottom + 1)} == wanted & set(order)
    assert all(bottom + 1 < top for (_, bottom), (top, _) in pairwise(found)), "none touch"


def test_the_first_rows_bring_the_order_where_that_is_all_or_must_be_made(workspace: Workspace) -> None:
    with workspace.read() as reader:
        rows, ids = first_rows(reader, LAPTOPS, 100)
        assert [row.ci.name for row in rows.values()] == ["LT-2041", "LT-2048", "LT-2055"]
        assert ids == array("q", rows)
        rows, ids = first_rows(reader, LAPTOPS, 2)
        assert (len(rows), ids) == (2, None), "an index gives them in order: the rest is for later"
        rows, ids = first_rows(reader, Selection("laptop", sort="-notes"), 2)
        assert len(rows) == 2
        assert ids is not None, "all of it had to be sorted"
        assert len(ids) == number_of(reader, LAPTOPS) == 3


def test_a_row_knows_the_names_of_what_it_refers_to(workspace: Workspace) -> None:
    with workspace.read() as reader:
        (row,) = (r for r in first_rows(reader, LAPTOPS, 100)[0].values() if r.ci.name == "LT-2041")
        assert row.names[row.ci.values["assigned_to"]] == ("person", "Anja Vogt")
        assert row.names[row.ci.values["location"]] == ("site", "Rotterdam")


def test_highlighted_rows_are_found_in_another_order(workspace: Workspace) -> None:
    down = Selection("laptop", sort="-name")
    with workspace.read() as reader:
        ids = reader.ids(LAPTOPS)
        (last,) = uids_of(reader, ids[2:])
        assert ordered(reader, down, HighlightRequest(ids[1:], last)) == (ids[::-1], HighlightedRows([(0, 1)], 0))
        assert ordered(reader, down, HighlightRequest(sought="nobody"), ids) == (ids, HighlightedRows([], -1)), (
            "a known order is kept"
        )
        order, rows, found = ordered_again(reader, down, HighlightRequest(), 1, 2, frozenset(ids[:1]))
        assert order == ids[::-1]
        assert list(rows) == [ids[1]], "of rows 1 and 2 one was known"
        assert found == HighlightedRows([], -1)


def test_deleted_items_are_left_out(workspace: Workspace) -> None:
    with workspace.read() as reader:
        assert rows_of(reader, [999]) == {}
        assert place_of(reader.ids(LAPTOPS), 999) == -1


def test_an_invalid_selection_is_reported(workspace: Workspace) -> None:
    from cmdb.model.errors import UserError

    with workspace.read() as reader, pytest.raises(UserError):
        first_rows(reader, Selection("laptop", where="colour = red"), 10)
