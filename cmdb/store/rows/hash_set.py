"""The hashes of many forms, and the hash of them all, which does not depend on the order in which they came."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from cmdb.model.spill_file import SpillFile

_SIZE = 32
_FEW = 200_000
"""The number of hashes up to which they stay in memory, and Python sorts them; numpy, which is slow to import, sorts
more.
"""
_FIRST_BYTES = 256


class _Run(NamedTuple):
    """Sorted hashes in a file: those that begin with byte n are from ``bounds[n]`` to ``bounds[n + 1]``."""

    file: SpillFile
    bounds: tuple[int, ...]


class HashSet:
    """The hashes of canonical forms, in any order, each as often as it occurs.

    A few megabytes are in memory; what is more stands in a temporary file.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._runs: list[_Run] = []

    def add(self, prefix: bytes, forms: Sequence[bytes]) -> None:
        """Adds forms; ``prefix`` says what they are of."""
        sha256 = hashlib.sha256
        self._held += b"".join([sha256(prefix + form).digest() for form in forms])
        if len(self._held) >= _FEW * _SIZE:
            self._put_away()

    def take(self, others: HashSet) -> None:
        """Takes the hashes of another set over: it is empty then."""
        self._runs += others._runs
        self._held += others._held
        others._held, others._runs = bytearray(), []
        if len(self._held) >= _FEW * _SIZE:
            self._put_away()

    def hash(self) -> str:
        """The hash of them all."""
        if not self._runs:
            fixed = bytes(self._held)
            parts = sorted([fixed[start : start + _SIZE] for start in range(0, len(fixed), _SIZE)])
            return hashlib.sha256(b"".join(parts)).hexdigest()
        self._put_away()
        whole = hashlib.sha256()
        for first in range(_FIRST_BYTES):
            whole.update(_sorted(b"".join(_part(run, first) for run in self._runs)))
        return whole.hexdigest()

    def _put_away(self) -> None:
        """Moves what is in memory to a file."""
        import numpy

        held = _sorted(self._held)
        firsts = numpy.frombuffer(held, numpy.uint8)[::_SIZE]
        bounds = numpy.searchsorted(firsts, numpy.arange(_FIRST_BYTES + 1))
        file = self._runs[-1].file if self._runs else SpillFile(_SIZE)
        start = file.add(held)
        self._runs.append(_Run(file, tuple(start + int(one) * _SIZE for one in bounds)))
        self._held = bytearray()


def _sorted(hashes: bytes | bytearray) -> bytearray:
    import numpy

    held = bytearray(hashes)
    numpy.frombuffer(held, f"S{_SIZE}").sort()
    return held


def _part(run: _Run, first: int) -> bytes:
    start, end = run.bounds[first : first + 2]
    return run.file.read(start, end - start)
