"""Lists that are kept come back as they were, whether they share their values or have too many of their own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model import shared_values
from cmdb.model.shared_values import SharedValues
from tests.laws import examples

VALUES = st.one_of(st.text(max_size=3), st.binary(max_size=3), st.tuples(st.text(max_size=2), st.text(max_size=2)))


@examples(30, soak=300)
@given(lists=st.lists(st.lists(VALUES, max_size=9), max_size=9), most=st.integers(0, 12), memory=st.integers(0, 40))
def test_lists_come_back_as_they_were(lists: list[list[Any]], most: int, memory: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_values, "_MOST", most)
        patch.setattr(shared_values, "_IN_MEMORY", memory)
        values = SharedValues()
        kept = [values.keep(one) for one in lists]
        for _ in range(2):
            assert [values[one] for one in reversed(kept)] == lists[::-1]


def test_equal_values_are_held_once() -> None:
    values = SharedValues()
    one, other = values.keep(["".join(["a", "b"])]), values.keep(["".join(["a", "b"])])
    assert values[one][0] is values[other][0]
