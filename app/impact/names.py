"""The names of the graph's CIs, looked up in batches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

#: How many names are remembered before they are forgotten.
KNOWN = 100_000


class GraphNames:
    """Ids, classes and names of CIs; a CI is given by its integer id. ``want`` fetches many in one query."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.found: dict[int, tuple[str, str, str]] = {}
        """Id, class and name by CI."""

    def want(self, cis: Iterable[int]) -> None:
        """Fetches the names that are not known yet."""
        if len(self.found) > KNOWN:
            self.found.clear()
        missing = [ci for ci in dict.fromkeys(cis) if ci not in self.found]
        if missing:
            self.found.update(self._reader.outer(missing))

    def __call__(self, ci: int) -> str:
        """The name of a CI; "?" for a deleted CI."""
        if ci not in self.found:
            self.want((ci,))
        return self.found[ci][2] if ci in self.found else "?"

    def label(self, ci: int) -> str:
        """The label of a CI's class, or "" for a deleted CI."""
        if ci not in self.found:
            self.want((ci,))
        return self._reader.schema.cls(self.found[ci][1]).label if ci in self.found else ""
