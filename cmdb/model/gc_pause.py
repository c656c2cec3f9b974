"""Work that makes millions of objects and no cycles, without the cycle collector walking them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Without the cycle collector: walking what was made takes as long as making it, and stops every other thread.

    What was made counts as old afterwards, or it would all be walked at once. Where something was frozen before (the
    window does that with what stands at its start), it stays frozen, and so does what was made.
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
