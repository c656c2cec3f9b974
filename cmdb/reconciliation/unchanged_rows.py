"""Rows that repeat what they stated before, of records that were not changed since: recognised before all else.

Most rows of a weekly list are those of last week. Each row that was taken over whole leaves a print of itself among the
evidence of its record, so that the next time one look-up tells that nothing is new. A row whose record is also what
another row of the import may be about is not told apart so: it is weighed with that one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import msgspec

from cmdb.model.observation import Observation, Origin, Reading
from cmdb.reconciliation.lookup import Lookup, UnchangedRecord

PRINT = "evidence.row"
"""The statement that holds a row's print."""
_KINDS = ("sheet", "import")
_encode = msgspec.json.Encoder(order="deterministic").encode


def print_of(obs: Observation) -> str:
    """What an observation says, as 20 hexadecimal digits; "" where it says more than values."""
    if obs.evidence or obs.links or obs.installed or obs.sections or obs.partial or obs.clears or obs.untouched:
        return ""
    return hashlib.blake2b(_encode((obs.cls, obs.values)), digest_size=10).hexdigest()


class UnchangedRows:
    """The rows of an import that repeat what their records say, and what is left of it without them."""

    def __init__(self, readings: Iterable[Reading], lookup: Lookup) -> None:
        self._readings = list(readings)
        self.prints: dict[int, str] = {}
        """Observation (by ``id``) → its print."""
        stated: dict[str, Collection[str]] = {}
        for reading in self._readings:
            if reading.source.kind in _KINDS:
                for obs in reading.observations:
                    found = print_of(obs)
                    if found:
                        self.prints[id(obs)] = found
                        stated[found] = obs.values.keys()
        self._standing: Mapping[str, UnchangedRecord] = lookup.standing(stated) if stated else {}

    @property
    def records(self) -> dict[str, tuple[UnchangedRecord, list[Origin]]]:
        """Record → what it is, and the rows that repeat what it says."""
        found: dict[str, tuple[UnchangedRecord, list[Origin]]] = {}
        for reading in self._readings:
            for obs in reading.observations:
                one = self._of(obs)
                if one is not None:
                    found.setdefault(one.uid, (one, []))[1].append(obs.origin)
        return found

    def rest(self) -> list[Reading]:
        """The readings without those rows."""
        if not self._standing:
            return self._readings
        return [
            replace(r, observations=[obs for obs in r.observations if self._of(obs) is None]) for r in self._readings
        ]

    def weigh(self, uids: Collection[str]) -> bool:
        """Leaves the rows of these records to be weighed with the others; whether there were any."""
        left = {p: one for p, one in self._standing.items() if one.uid not in uids}
        changed = len(left) < len(self._standing)
        self._standing = left
        return changed

    def _of(self, obs: Observation) -> UnchangedRecord | None:
        return self._standing.get(self.prints.get(id(obs), ""))
