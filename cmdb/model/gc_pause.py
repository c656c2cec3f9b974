"""Work that makes millions of objects and no cycles, without the cycle collector walking them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pauses the garbage collector: a collection takes as long as creating the objects, and stops all other threads.

    Afterwards the new objects count as old, so that they are not examined immediately. If objects were frozen before
    (the window freezes those of its start), they and the new ones stay frozen.
    """
    running, frozen = gc.isenabled(), gc.get_freeze_count() > 0
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.freeze()
            gc.enable()
            if not frozen:
                gc.unfreeze()
