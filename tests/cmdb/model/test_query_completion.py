"""What may stand next in a query that is being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model import query
from cmdb.model.errors import QueryError
from cmdb.model.query_completion import Expected, TypedPart, expected


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("", Expected(TypedPart("", 0))),
        ("sta", Expected(TypedPart("sta", 0))),
        ("asset ta", Expected(TypedPart("asset ta", 0), TypedPart("ta", 6), path=("asset",))),
        ("status ", Expected(TypedPart("status ", 0), TypedPart("", 7), path=("status",))),
        ("status =", Expected(value=TypedPart("", 8), path=("status",), op="=")),
        ("status = In st", Expected(value=TypedPart("In st", 9), joiner=TypedPart("st", 12), path=("status",), op="=")),
        ('status = "In s', Expected(value=TypedPart("In s", 9), path=("status",), op="=")),
        ("location within Rot", Expected(value=TypedPart("Rot", 16), path=("location",), op="within")),
        ("location is ", Expected(operator=TypedPart("is ", 9), path=("location",))),
        ("location is not em", Expected(operator=TypedPart("is not em", 9), path=("location",))),
        ("location is empty a", Expected(joiner=TypedPart("a", 18))),
        ("status = Lost and (not own", Expected(TypedPart("own", 23))),
        ("assigned_to.dep", Expected(TypedPart("assigned_to.dep", 0))),
        ("assigned_to.department = S", Expected(value=TypedPart("S", 25), path=("assigned_to", "department"), op="=")),
    ],
)
def test_what_comes_next(source: str, wanted: Expected) -> None:
    assert expected(source, len(source)) == wanted


@given(st.text(alphabet="ab =<>~()\"'.\\ andorisnotempty", max_size=30), st.integers(0, 30))
def test_whatever_is_typed_can_be_asked(source: str, cursor: int) -> None:
    found = expected(source, min(cursor, len(source)))
    for part in (found.attribute, found.operator, found.value, found.joiner):
        assert part is None or 0 <= part.start <= len(source)


@given(st.sampled_from(["status", "asset tag", "a.b"]), st.sampled_from(query.OPERATORS), st.text(max_size=8))
def test_behind_what_can_be_read_stands_a_joiner(name: str, op: str, value: str) -> None:
    source = f"{name} {op} {query.quote(value)} "
    try:
        node = query.parse(source)
    except QueryError:
        return
    if isinstance(node, query.Compare):
        assert expected(source, len(source)).joiner is not None
