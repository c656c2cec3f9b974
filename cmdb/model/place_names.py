"""Names of places that say where they lie: paths."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"\s+/\s+|\s*[>»›]\s*")


def path(name: str) -> list[str]:
    """The parts of a place's name such as “Rotterdam / Floor 2” or “Lyon > B3 > 2.14”, the largest place first."""
    return [part for part in _BETWEEN.split(name.strip()) if part]
