"""How many examples a law is tried with."""

from __future__ import annotations

from hypothesis import settings

_PLAIN = 100
"""The number of examples that hypothesis tries by itself."""


def examples(number: int, soak: int) -> settings:
    """A law's settings: ``number`` examples in ``make test``, ``soak`` in the profile of ``make soak``."""
    return settings(max_examples=number if settings().max_examples <= _PLAIN else soak, deadline=None)
