"""Texts as older versions let them in: with control characters, overrides of direction and the like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cmdb.model import observation, revision, values
from cmdb.store.rows import statement_checks


@contextmanager
def let_in() -> Iterator[None]:
    """What is written meanwhile is taken as an older version took it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statement_checks, "unseen", lambda text: ())
        for module in (observation, revision, values):
            patch.setattr(module, "visible", lambda text: text)
        patch.setattr(observation, "one_line", lambda text: text)
        yield
