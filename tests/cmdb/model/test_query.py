"""The query language: text to tree and back, and errors with their place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import QueryError
from cmdb.model.query import OPERATORS, WITHIN, And, Compare, Empty, Node, Not, Or, parse, quote, resolve_date, text

NAMES = st.one_of(
    st.sampled_from(
        ["status", "assigned_to", "Asset tag", "and", "NOT", "is", "empty", "within", "größe", "a-b", "50%", 'o"x']
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="."), min_size=1, max_size=8)
    .map(lambda t: " ".join(t.split()))
    .filter(bool),
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
VALUES = st.one_of(
    st.sampled_from(["", "and", "In repair", "today+90d", "<3", "a\\b", '"', "'", "is", "x\ny", " edge ", "\\"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Compare, PATHS, st.sampled_from((*OPERATORS, WITHIN)), VALUES), st.builds(Empty, PATHS, st.booleans())
)


def branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, children), st.builds(And, several), st.builds(Or, several))


TREES = st.recursive(LEAVES, branches, max_leaves=12)


@given(node=TREES)
def test_a_written_query_is_read_unchanged(node: Node) -> None:
    assert parse(text(node)) == node


@given(source=st.text(max_size=40))
def test_anything_typed_is_read_or_refused_with_a_place(source: str) -> None:
    position, node = 0, None
    try:
        node = parse(source)
    except QueryError as error:
        position = error.position
    assert 0 <= position <= len(source)
    assert node is None or parse(text(node)) == node


STATUS = Compare(("status",), "=", "Deployed")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("status = Deployed", STATUS),
        ("status=Deployed", STATUS),
        ("  status  =  'Deployed' ", STATUS),
        ("status = In repair", Compare(("status",), "=", "In repair")),
        ("Asset tag ~ A1", Compare(("Asset tag",), "~", "A1")),
        ('"Asset tag" <> A1', Compare(("Asset tag",), "!=", "A1")),
        ("assigned_to.department = Sales", Compare(("assigned_to", "department"), "=", "Sales")),
        ("memory IS EMPTY", Empty(("memory",))),
        ("Warranty until is not empty", Empty(("Warranty until",), negated=True)),
        ("not status = Deployed", Not(STATUS)),
        ("not not status = Deployed", Not(Not(STATUS))),
        ("name ~ 'it''s'", None),
        (r"name ~ 'it\'s'", Compare(("name",), "~", "it's")),
        ("((status = Deployed))", STATUS),
    ],
)
def test_reading(source: str, expected: Node | None) -> None:
    if expected is None:
        with pytest.raises(QueryError):
            parse(source)
    else:
        assert parse(source) == expected


def test_and_binds_tighter_than_or_and_not_tightest() -> None:
    a, b, c = (Compare((n,), "=", "1") for n in "abc")
    assert parse("a = 1 or b = 1 and c = 1") == Or((a, And((b, c))))
    assert parse("(a = 1 or b = 1) and c = 1") == And((Or((a, b)), c))
    assert parse("not a = 1 and b = 1") == And((Not(a), b))
    assert parse("a = 1 and b = 1 and c = 1") == And((a, b, c))
    assert parse("a = 1 and (b = 1 and c = 1)") == And((a, And((b, c))))
    assert parse("not (a = 1 or not (b = 1 and c = 1))") == Not(Or((a, Not(And((b, c))))))


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_nothing_is_no_filter(blank: str) -> None:
    assert parse(blank) is None


@pytest.mark.parametrize(
    ("source", "position", "words"),
    [
        ("status =", 8, "too early"),
        ("status", 6, "too early"),
        ("status = Deployed and", 21, "too early"),
        ("status Deployed", 15, "too early"),
        ("= Deployed", 0, "attribute"),
        ("status = = x", 9, "value"),
        ("status = )", 9, "value"),
        ("(status = x", 11, "parenthesis"),
        ("status = x)", 10, "not expected"),
        ("memory is large", 10, "empty"),
        ("name = 'open", 7, "quote"),
        ("status ( x", 7, "operator"),
        ("a = 1 or or b = 1", 9, "attribute"),
    ],
)
def test_an_error_says_where_reading_stopped(source: str, position: int, words: str) -> None:
    with pytest.raises(QueryError, match=words) as caught:
        parse(source)
    assert caught.value.position == position


def test_a_filter_can_be_nested_but_not_without_end() -> None:
    assert parse("(" * 90 + "a = 1" + ")" * 90) == Compare(("a",), "=", "1")
    with pytest.raises(QueryError, match="deeply"):
        parse("(" * 5000 + "a = 1" + ")" * 5000)
    with pytest.raises(QueryError, match="deeply"):
        parse("not " * 5000 + "a = 1")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (" or ".join(["a = 1"] * 501), "too many conditions; the limit is 500"),
        (" and ".join(["a.b = 1"] * 251), "too many conditions"),
        ("not " * 11 + "a = 1", "too deeply; the limit is 10"),
        ("(a = 1 or (b = 2 and " * 6 + "a = 1" + "))" * 6, "too deeply"),
        ("not " * 5 + "a.b.c.d.e.f.g = 1", "too deeply"),
        ("a.b.c.d.e.f.g.h is empty", "follows 7 references; the limit is 6"),
        ("a." * 400 + "b is empty", "follows 400 references"),
    ],
)
def test_a_filter_stays_within_the_limits_of_databases(source: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        parse(source)


@pytest.mark.parametrize(("value", "written"), [("A1", "A1"), ("In repair", '"In repair"'), ("or", '"or"'), ("", '""')])
def test_quoting(value: str, written: str) -> None:
    assert quote(value) == written


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("today", "2024-02-29"),
        ("TODAY+1d", "2024-03-01"),
        ("today-2w", "2024-02-15"),
        ("today+12m", "2025-02-28"),
        ("today-1y", "2023-02-28"),
        ("today+1m", "2024-03-29"),
        ("now+90d", "2024-05-29"),
        ("2024-12-31", "2024-12-31"),
        ("tomorrow", "tomorrow"),
    ],
)
def test_relative_dates(words: str, expected: str) -> None:
    assert resolve_date(words, date(2024, 2, 29)) == expected


def test_a_month_has_an_end() -> None:
    assert resolve_date("today+1m", date(2026, 1, 31)) == "2026-02-28"
    assert resolve_date("today-3m", date(2026, 5, 31)) == "2026-02-28"


@pytest.mark.parametrize("words", ["today+99999y", "today-99999999d", "today+999999999d"])
def test_a_date_out_of_the_calendar_is_refused(words: str) -> None:
    with pytest.raises(QueryError, match="out of range"):
        resolve_date(words)
