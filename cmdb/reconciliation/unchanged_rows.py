"""Finds rows that repeat their earlier statements about records that have not changed since.

This is the first step. Most rows of a weekly list are the same as last week. The fingerprint of each row that was taken
over completely is stored in the evidence of its record. Next time one look-up shows that nothing is new, if the same
source says it again, or a list under another file name. If another row of the import may be about the same record, both
rows are weighed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace

import msgspec

from cmdb.model.claims import is_said
from cmdb.model.observation import SOURCE_ID, Observation, Origin, Reading
from cmdb.reconciliation.lookup import Lookup, UnchangedRecord

FINGERPRINT = "evidence.row"
"""The statement that holds a row's fingerprint."""
_KINDS = ("sheet", "import")
_NUMBERED = frozenset({SOURCE_ID})
_encode = msgspec.json.Encoder(order="deterministic", decimal_format="number").encode


def fingerprint_of(obs: Observation) -> str:
    """The hash of an observation's values, as 20 hexadecimal digits; "" if it has more than values, and its number in
    another tool.
    """
    if obs.links or obs.installed or obs.sections or obs.partial or obs.clears or obs.untouched:
        return ""
    if not obs.evidence:
        return hashlib.blake2b(_encode((obs.cls, obs.values)), digest_size=10).hexdigest()
    if obs.evidence.keys() != _NUMBERED:
        return ""
    return hashlib.blake2b(_encode((obs.cls, obs.values, obs.evidence)), digest_size=10).hexdigest()


class UnchangedRows:
    """The rows of an import that repeat the statements of their records, and the other rows."""

    def __init__(self, readings: Iterable[Reading], lookup: Lookup) -> None:
        self._readings = list(readings)
        self.fingerprints: dict[int, str] = {}
        """Observation (by ``id``) → its fingerprint."""
        stated: dict[str, Set[str]] = {}
        for reading in self._readings:
            if reading.source.kind in _KINDS:
                for obs in reading.observations:
                    found = fingerprint_of(obs)
                    if found:
                        self.fingerprints[id(obs)] = found
                        stated[found] = obs.values.keys()
        self._unchanged: Mapping[str, UnchangedRecord] = lookup.unchanged_records(stated) if stated else {}

    @property
    def records(self) -> dict[str, tuple[UnchangedRecord, list[Origin]]]:
        """Id of a record → the record, and the rows that repeat its statements."""
        found: dict[str, tuple[UnchangedRecord, list[Origin]]] = {}
        for reading in self._readings if self._unchanged else ():
            of_source = self._of_source(reading.source.key)
            for obs in reading.observations:
                one = of_source.get(self.fingerprints.get(id(obs), ""))
                if one is not None:
                    found.setdefault(one.uid, (one, []))[1].append(obs.origin)
        return found

    def rest(self) -> list[Reading]:
        """The readings without the unchanged rows."""
        if not self._unchanged:
            return self._readings
        return [replace(reading, observations=self._others(reading)) for reading in self._readings]

    def _others(self, reading: Reading) -> list[Observation]:
        of_source, of = self._of_source(reading.source.key), self.fingerprints.get
        return [obs for obs in reading.observations if of(id(obs), "") not in of_source]

    def weigh(self, uids: Collection[str]) -> bool:
        """Treats the rows of these records as changed, so that they are weighed. Returns whether there were any."""
        left = {p: one for p, one in self._unchanged.items() if one.uid not in uids}
        changed = len(left) < len(self._unchanged)
        self._unchanged = left
        return changed

    def _of_source(self, source: str) -> dict[str, UnchangedRecord]:
        """Fingerprint → the record that it is of, if a source need not state that record again."""
        said: dict[frozenset[str], bool] = {}
        for sources in {one.sources for one in self._unchanged.values()}:
            said[sources] = is_said(sources, source)
        return {fingerprint: one for fingerprint, one in self._unchanged.items() if said[one.sources]}
