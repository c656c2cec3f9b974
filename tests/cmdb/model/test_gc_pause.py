"""The pause of the garbage collector: it restores the earlier state, and frozen objects stay frozen."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from cmdb.model.gc_pause import gc_paused


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    frozen = gc.get_freeze_count() > 0
    gc.unfreeze()
    yield
    if frozen:
        gc.freeze()
    gc.enable()


def test_the_collector_is_paused_and_resumed() -> None:
    with gc_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_disabled_collector_stays_disabled() -> None:
    gc.disable()
    with gc_paused():
        pass
    assert not gc.isenabled()


def test_what_was_frozen_before_stays_frozen() -> None:
    gc.freeze()
    before = gc.get_freeze_count()
    with gc_paused():
        kept = [[] for _ in range(1000)]
    assert gc.get_freeze_count() >= before
    assert len(kept) == 1000
    gc.unfreeze()
