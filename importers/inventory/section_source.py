"""Where the rows of a section stand in an inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class SectionSource(NamedTuple):
    """Where the rows of a section stand in an inventory: the path, and column → field."""

    path: str
    fields: Mapping[str, str | tuple[str, int]]
