"""The hash of many hashes is that of their sorted sequence, wherever they are held."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.store.rows import hash_set
from cmdb.store.rows.hash_set import HashSet
from tests.laws import examples


@examples(30, soak=300)
@given(batches=st.lists(st.lists(st.integers(0, 40), max_size=12), max_size=6), few=st.integers(1, 9))
def test_the_hash_is_that_of_the_sorted_hashes(batches: list[list[int]], few: int) -> None:
    whole = [hashlib.sha256(b"made x %d" % one).digest() for batch in batches for one in batch]
    wanted = hashlib.sha256(b"".join(sorted(whole))).hexdigest()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hash_set, "_FEW", few)
        found, last = HashSet(), HashSet()
        for number, batch in enumerate(batches):
            (last if number % 2 else found).add(b"made x ", [b"%d" % one for one in batch])
        found.take(last)
        assert last.hash() == HashSet().hash()
        assert (found.hash(), found.hash()) == (wanted, wanted)
