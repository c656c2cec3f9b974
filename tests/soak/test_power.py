"""After a power cut everything that was reported is there, although any part of unfinished writes may be missing.

A process is stopped at random instants, and its files are copied. Writes between two such instants may be missing or in
another order, so any of their sectors are left out. Everything that was reported before the first instant must be
there, because a commit is reported when the disk has it.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.soak.kill_process import Ledger, Nursery

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes to be stopped are forked")

CUTS = 5
SECTOR, PAGE = 512, 4096


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


def still(process: int) -> None:
    """Stops a process, between two instructions."""
    os.kill(process, signal.SIGSTOP)
    while psutil.Process(process).status() != psutil.STATUS_STOPPED:
        time.sleep(0.001)


def files(where: Path) -> tuple[bytes, bytes]:
    """The database and its log, as a stopped process left them."""
    log = where.with_name(f"{where.name}-wal")
    return where.read_bytes(), log.read_bytes() if log.exists() else b""


def torn(before: bytes, after: bytes, chance: random.Random, size: int) -> bytes:
    """What a disk may have: of what differs some pieces are the new ones, some the old; what is longer ends early."""
    found = bytearray(before)
    end = chance.randrange(len(before), len(after) + 1) if len(after) > len(before) else len(before)
    found.extend(bytes(end - len(before)))
    for start in range(0, min(end, len(after)), size):
        piece = slice(start, min(start + size, end))
        if found[piece] != after[piece] and chance.random() < 0.5:
            found[piece] = after[piece]
    return bytes(found)


def cut(one: tuple[bytes, bytes], two: tuple[bytes, bytes], chance: random.Random) -> tuple[bytes, bytes]:
    """The files after a power cut between two instants."""
    if one[1][:32] == two[1][:32]:
        # One generation of the log. The file itself gets only what the log has safely: while any of the log is missing
        # the file is as it was, and once some of it is there so is the log.
        if one[0] == two[0] or chance.random() < 0.5:
            return one[0], torn(one[1], two[1], chance, SECTOR)
        return torn(one[0], two[0], chance, SECTOR), two[1]
    # The log began anew, which it does once the file is on the disk; behind its end may lie anything.
    return two[0], two[1] + chance.randbytes(chance.randrange(3 * PAGE))


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 40))])
def test_what_was_reported_survives_a_power_cut(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    where = tmp_path / "estate.terrier"
    create_estate(where).close()
    process = nursery.begin("steady", where, seed + 1)
    try:
        lengths = cuts(nursery, process, where, chance)
    finally:
        nursery.end(process)
    print(f"seed {seed}: {'; '.join(lengths)}")


def cuts(nursery: Nursery, process: int, where: Path, chance: random.Random) -> list[str]:
    """Cuts the power of a process at work, again and again; what was reported and found each time."""
    said: list[dict[str, Any]] = []
    lengths: list[str] = []
    for number in range(CUTS):
        said.extend(nursery.heard(5.0))
        time.sleep(chance.random() * 0.3)
        still(process)
        said.extend(nursery.heard())
        reported = list(said)
        one = files(where)
        os.kill(process, signal.SIGCONT)
        time.sleep(chance.random() * chance.choice((0.005, 0.05, 0.2)))
        still(process)
        said.extend(nursery.heard())
        two = files(where)
        os.kill(process, signal.SIGCONT)
        lengths.append(look(where.parent / f"cut-{number}", cut(one, two, chance), reported, said))
    return lengths


def look(folder: Path, found: tuple[bytes, bytes], reported: list[dict[str, Any]], said: list[dict[str, Any]]) -> str:
    """Opens what a power cut left. Raises AssertionError unless it is sound and has all that was reported."""
    folder.mkdir()
    where = folder / "estate.terrier"
    where.write_bytes(found[0])
    where.with_name(f"{where.name}-wal").write_bytes(found[1])
    ledger = Ledger()
    ledger.take(reported)
    later = max((one["number"] for one in said if "number" in one), default=0) + 1
    store = open_estate(where)
    assert check_integrity(store) == []
    length = ledger.settle(store, later)
    store.close()
    assert os.listdir(folder) == [where.name]
    last = max((one["number"] for one in reported if "number" in one), default=0)
    return f"{last} reported, {length} found"
