"""How many examples a law is tried with."""

from __future__ import annotations

from hypothesis import settings

_PLAIN = 100
"""The number of examples that hypothesis tries by itself."""


def examples(number: int, soak: int = 0) -> settings:
    """A law's settings: ``number`` examples in ``make test``, ``soak`` in ``make soak``.

    Without ``soak`` these are as many times more as its profile tries of other laws.
    """
    more = max(1, settings().max_examples // _PLAIN)
    return settings(max_examples=number if more == 1 else soak or number * more, deadline=None)
