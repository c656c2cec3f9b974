"""How many examples a law is tried with."""

from __future__ import annotations

from hypothesis import settings

_PLAIN = 100
"""The number of examples that hypothesis tries by itself."""


def examples(number: int) -> settings:
    """A law's settings: ``number`` examples in ``make test``, and as many times more as the profile of ``make soak``
    tries of other laws.
    """
    return settings(max_examples=number * max(1, settings().max_examples // _PLAIN), deadline=None)
