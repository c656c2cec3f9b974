"""Kills processes that work on an estate, and examines the estate afterwards."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cmdb.model.control import Control
from cmdb.model.selection import Selection
from cmdb.store.connection.ciphers import Key
from cmdb.store.store import Store
from cmdb.store.upkeep.abandoned_proposals import abandoned, clear_abandoned
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import open_estate
from tests.soak.victim import share_of

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60


class Nursery:
    """A process that makes the processes to be killed, with everything imported. One at a time lives."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.soak.victim"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        assert self._hear() == {"ready": True}

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                self._said.put(json.loads(line))
            except ValueError:
                self._said.put({"fault": line})

    def _hear(self) -> dict[str, Any]:
        said = self._said.get(timeout=WAIT)
        assert "fault" not in said, said["fault"]
        return said

    def begin(self, job: str, where: Path, seed: int) -> int:
        """Starts a job; the process's number."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([job, str(where), seed]) + "\n")
        self._process.stdin.flush()
        while True:  # what is left of one before, whose test failed, is nothing to this
            said = self._said.get(timeout=WAIT)
            if "born" in said:
                return int(said["born"])

    def heard(self, seconds: float = 0.0) -> list[dict[str, Any]]:
        """What was said since; ``seconds`` is how long it waits for the first word, and a moment for each other.

        With ``seconds`` the process is at work, and may never pause: then it listens for a quarter of a second. Without
        it stands still, and all that it said is heard.
        """
        found: list[dict[str, Any]] = []
        wait = max(seconds, 0.05)
        end = time.monotonic() + seconds + 0.25 if seconds else float("inf")
        while time.monotonic() < end:
            try:
                said = self._said.get(timeout=wait)
            except queue.Empty:
                return found
            assert "fault" not in said, said["fault"]
            if seconds and not found:
                end = time.monotonic() + 0.25
            found.append(said)
            wait = 0.05
        return found

    def end(self, process: int) -> None:
        """Kills a process and waits until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        with suppress(queue.Empty):
            while "dead" not in self._said.get(timeout=5):
                pass

    def kill(
        self, job: str, where: Path, seed: int, after: int = 0, seconds: float = 0.0, during: str = ""
    ) -> list[dict[str, Any]]:
        """Starts a job and kills it, as the system does when memory runs out; what it reported.

        It dies ``seconds`` after its report number ``after`` (0: after its start), unless it has ended by then; with
        ``during`` so long after it has announced that it does that, for the time number ``after`` + 1.
        """
        process = self.begin(job, where, seed)
        reports: list[dict[str, Any]] = []
        dead = False

        def waits() -> bool:
            if during:
                return sum(one.get("will") == during for one in reports) <= after
            return sum("did" in one for one in reports) < after

        while not dead and waits():
            reports.append(self._hear())
            dead = "dead" in reports[-1]
        if not dead:
            time.sleep(seconds)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while not dead:
            reports.append(self._hear())
            dead = "dead" in reports[-1]
        return reports[:-1]

    def close(self) -> None:
        """Ends it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(WAIT) == 0
        self._listener.join(WAIT)
        assert self._process.stdout is not None
        self._process.stdout.close()


@dataclass
class Ledger:
    """What must be in the estate, by what was reported."""

    numbers: dict[int, str] = field(default_factory=dict)
    batches: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Revision → (batch, rows)."""
    pending: tuple[int, str] | None = None
    """A restore that was announced and not reported: the estate may stand there, too."""

    def take(self, said: Sequence[dict[str, Any]]) -> None:
        """Notes what a process reported."""
        self.pending = None
        for one in said:
            if one.get("will") == "restore":
                self.pending = (one["number"], one["revision"])
            elif "will" in one:
                continue
            elif one["did"] == "restore":
                self._back_to(one["number"])
            else:
                self.numbers[one["number"]] = one["revision"]
                if "batch" in one:
                    self.batches[one["revision"]] = (one["batch"], one["rows"])

    def _back_to(self, number: int) -> None:
        self.numbers = {n: r for n, r in self.numbers.items() if n <= number}
        self.pending = None

    def settle(self, store: Store, latest: int = 0) -> int:
        """Compares an estate with what was reported; how many revisions it holds. Raises AssertionError.

        ``latest`` is the last revision that may be there, if that is not the one after the last that was reported.
        """
        with store.read() as reader:
            journal = {h.number: h for h in reader.revisions(limit=1_000_000)}
            if self.pending and len(journal) == self.pending[0]:
                assert not journal or journal[self.pending[0]].id == self.pending[1]
                self._back_to(self.pending[0])
            assert sorted(journal) == list(range(1, len(journal) + 1)), "numbers without a gap"
            for number, revision in self.numbers.items():
                assert number in journal, f"revision {number} was reported and is not there"
                assert journal[number].id == revision, f"revision {number} is another one"
            # What was being committed when the process died may be there: one revision, but no more.
            assert len(journal) <= max(latest, max(self.numbers, default=0) + 1)
            self.numbers = {n: h.id for n, h in journal.items()}
            self._look_at_batches(reader.all(Selection("hardware")), journal)
        return len(journal)

    def _look_at_batches(self, records: Any, journal: dict[int, Any]) -> None:
        """Each import is there whole, or not at all; one that was undone may have left what was edited since."""
        present: dict[int, int] = {}
        for one in records:
            found = re.fullmatch(r"B(\d+)-\d+", one.values.get("asset_tag", ""))
            assert found, one
            present[int(found[1])] = present.get(int(found[1]), 0) + 1
        imports: dict[int, list[Any]] = {}
        for header in journal.values():
            if found := re.fullmatch(r"batch (\d+)", str(header.reason)):
                imports.setdefault(int(found[1]), []).append(header)
        sizes = dict(self.batches.values())
        assert present.keys() <= imports.keys(), "there are rows of an import that was never committed"
        for batch, (header,) in imports.items():
            rows = sizes.get(batch, present.get(batch, 0))
            if not header.undone_by:
                assert present.get(batch) == rows, f"batch {batch}: {present.get(batch)} of {rows} rows"


def pending(said: Sequence[dict[str, Any]]) -> str:
    """What a process was doing when it died, of what it announces; "" where it was between two such things."""
    return str(said[-1].get("will", "")) if said else ""


def examine(where: Path, ledger: Ledger, key: Key | None = None) -> int:
    """Opens what a killed process left: sound, whole, nothing of it lying about. How many revisions there are."""
    before = {p.name for p in where.parent.iterdir()} - {"work"}
    store = open_estate(where, key=key, share_of=share_of)
    try:
        assert check_integrity(store) == []
        number = ledger.settle(store)
        clear_abandoned(store, Control())
        assert abandoned(store) == []
        assert check_integrity(store) == []
    finally:
        store.close()
    after = {p.name for p in where.parent.iterdir()} - {"work"}
    asides = {name for name in after if re.fullmatch(rf"{re.escape(where.name)}\.before-restore(-\d+)?", name)}
    spent = where.with_name(f"{where.name}-journal")
    if spent.exists() and not spent.read_bytes()[:8].strip(b"\0"):
        after.discard(spent.name)  # without its mark a journal is not valid yet, or no more
        spent.unlink()
    assert after - asides == {where.name}, f"left behind: {sorted(after)}, before opening {sorted(before)}"
    for name in asides:
        aside = open_estate(where.with_name(name), key=key)
        assert check_integrity(aside) == []
        aside.close()
        where.with_name(name).unlink()
    for leftover in (where.parent / "work").glob("*"):
        leftover.unlink()
    return number
