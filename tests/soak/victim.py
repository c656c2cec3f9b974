"""Processes to be killed: they work on an estate without end and report each commit, once ``apply`` has returned.

    python -m tests.soak.victim

It imports everything once, then makes a process of its own for each line ``["job", "file", seed]`` on stdin. Reports
are JSON lines on stdout: ``{"did": "import", "number": 7, "revision": "…", "batch": 3, "rows": 40}``; restoring, which
takes the whole estate back, names the revision in its announcement. Everything is announced before (``"will"``) and
reported after (``"did"``), so that it can be killed meanwhile.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import import_proposal
from app.sample import load
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import NotFound, UserError
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.register import history, retention
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import is_encrypted, key_of, new_key
from cmdb.store.rows import tables
from cmdb.store.staging import stage
from cmdb.store.store import Store
from cmdb.store.upkeep.backups import BackupReason, back_up
from cmdb.store.upkeep.copies import restore, write_backup
from cmdb.store.upkeep.migration import bring_up
from cmdb.store.upkeep.rekeying import rekey_estate
from cmdb.store.upkeep.startup import create_estate, open_estate

PASSPHRASE = "only for these tests"
SHARE = "share"
CLASSES = ("Laptop", "Desktop", "Server", "Monitor")


def say(**report: Any) -> None:
    """One report, out of the process before anything else happens, and whole: one write, however it dies."""
    os.write(sys.stdout.fileno(), f"{json.dumps(report)}\n".encode())


def share_of(path: Path) -> str:
    """A folder of that name is taken for a network share."""
    return "cifs" if path.parent.name == SHARE else ""


class Victim:
    """One process's work. ``folder`` takes its spreadsheets and its copies."""

    def __init__(self, where: Path, seed: int) -> None:
        self.where = where
        self.folder = where.parent / "work"
        self.folder.mkdir(exist_ok=True)
        self.chance = random.Random(seed)
        self.batch = seed * 1000
        self.say: Callable[..., None] = say
        self.key = key_of(where, PASSPHRASE) if is_encrypted(where) else None
        self.store = open_estate(where, key=self.key, share_of=share_of)

    def turn(self) -> None:
        """Something at random; imports most of all."""
        job = self.chance.choices((self.take_in, self.edit, self.undo, self.back_and_forth), (45, 25, 20, 10))[0]
        job()

    def take_in(self) -> None:
        """Imports a spreadsheet of its own, every other time by way of the staging table."""
        self.batch += 1
        rows = self.chance.choice((5, 30, 120))
        sheet = self.folder / f"batch-{self.batch}.csv"
        lines = [
            f"B{self.batch}-{n},{self.chance.choice(CLASSES)},pc-{self.batch}-{n},8 GB,Site {n % 3},Owner {n % 7}"
            for n in range(rows)
        ]
        sheet.write_text("\n".join(["Asset tag,Class,Name,Memory,Location,Assigned to", *lines]), "utf-8")
        readings = import_proposal.read_files([sheet], self.store.schema)[0]
        proposal = import_proposal.propose(self.store, readings, "victim", reason=f"batch {self.batch}")
        self.say(will="import")
        if self.batch % 2:
            staged = stage(self.store, proposal.revision, {})
            applied = self.store.apply(
                Revision(staged, "victim", reason=f"batch {self.batch}", id=proposal.revision.id)
            )
            staged.discard()
        else:
            applied = self.store.apply(proposal.revision)
        self.report("import", applied, batch=self.batch, rows=rows)

    def edit(self) -> None:
        """Changes a few records, in one revision each."""
        with self.store.read() as reader:
            found = reader.page(Selection("laptop"), limit=30)
        for one in self.chance.sample(found, min(3, len(found))):
            memory = self.chance.randrange(1, 10**6)
            edit = Edit(ci(one.uid), "notes", one.values.get("notes"), f"note {memory}")
            self.say(will="edit")
            self.report("edit", self.store.apply(Revision([edit], "victim")))

    def undo(self) -> None:
        """Takes back the latest revision, or one of the last few."""
        try:
            with self.store.read() as reader:
                number = history.latest_undoable(reader)
            self.say(will="undo")
            applied = history.undo(self.store, max(1, number - self.chance.choice((0, 0, 0, 1, 3))), "victim")
        except (NotFound, UserError):
            return
        self.report("undo", applied)

    def back_and_forth(self) -> None:
        """Makes a backup, writes on, and puts the backup back."""
        copy = self.folder / f"copy-{self.batch}.terrier"
        write_backup(self.store, copy)
        with self.store.read() as reader:
            number = reader.number
            latest = reader.revision(number).id if number else ""
        self.edit()
        self.store.close()
        self.say(will="restore", number=number, revision=latest)
        restore(copy, self.where, self.key, self.key)
        self.say(did="restore", number=number, revision=latest)
        copy.unlink()
        for aside in self.where.parent.glob("*.before-restore*"):
            aside.unlink()
        self.store = open_estate(self.where, key=self.key, share_of=share_of)

    def report(self, did: str, applied: AppliedRevision, **more: Any) -> None:
        """Says that a revision is committed."""
        if applied.number:
            self.say(did=did, number=applied.number, revision=applied.revision, **more)


# -- the other jobs -------------------------------------------------------------------------------------------------


def work(where: Path, seed: int) -> None:
    """Imports, edits, undoes and restores."""
    victim = Victim(where, seed)
    while True:
        victim.turn()


def steady(where: Path, seed: int) -> None:
    """Imports, edits and undoes, and never takes the file back."""
    victim = Victim(where, seed)
    while True:
        victim.chance.choices((victim.take_in, victim.edit, victim.undo), (45, 35, 20))[0]()


def create(where: Path, seed: int) -> None:
    """Makes estates, one after the other, each with three revisions in it."""
    while True:
        create_estate(where, fill).close()
        say(did="create")
        for ending in ("", "-wal", "-shm"):
            where.with_name(where.name + ending).unlink(missing_ok=True)


def fill(store: Store) -> None:
    """Three revisions of five sites each."""
    for turn in range(3):
        edits = [Edit(ci(new_id()), "", None, {"class": "site", "name": f"Site {turn}-{n}"}) for n in range(5)]
        store.apply(Revision(edits, "victim"))


def sample(where: Path, seed: int) -> None:
    """Makes the sample estate."""
    create_estate(where, load).close()
    say(did="sample")


def backup(where: Path, seed: int) -> None:
    """Makes backups of one name, over and over, and rotating ones."""
    store = open_estate(where)
    moment = datetime(2026, 1, 1)
    while True:
        write_backup(store, where.parent / "copy.terrier")
        fill(store)
        moment += timedelta(days=1)
        back_up(where, BackupReason.DAILY, moment=moment)
        say(did="backup")


def restoring(where: Path, seed: int) -> None:
    """Puts back two backups in turn."""
    while True:
        for name in ("one", "two"):
            restore(where.parent / f"{name}.terrier", where)
            say(did="restore")
            for aside in where.parent.glob("*.before-restore*"):
                aside.unlink()


def migrate(where: Path, seed: int) -> None:
    """Brings an estate up to a format of the future, whose scripts stand beside it."""
    engine = engines.make_engine(where)
    say(will="migrate")
    bring_up(where, engine, tables.FORMAT + 1, where.parent / "scripts")
    engine.dispose()
    say(did="migrate")


def open_(where: Path, seed: int) -> None:
    """Opens an estate of an older format, which brings it up to today's."""
    say(will="open")
    open_estate(where).close()
    say(did="open")


def recasting(where: Path, seed: int) -> None:
    """Encrypts an estate with its backups, changes its passphrase, and takes the encryption away again."""
    old = None
    for word in (PASSPHRASE, f"{PASSPHRASE}, another", ""):
        new = new_key(word) if word else None
        say(will="recast", word=word)
        rekey_estate(where, old, new)
        say(did="recast", word=word)
        old = new


def pruning(where: Path, seed: int) -> None:
    """Changes the same records over and over, a month apart, and takes out of the history what is older than two.

    At revision n the notes of every site are n.
    """
    from cmdb.store.upkeep import pruning as sweeping

    sweeping.BATCH = 3  # many transactions, to die between them
    store = open_estate(where)
    with store.read() as reader:
        number = reader.number
        sites = {one.uid: one.values.get("notes") for one in reader.all(Selection("site"))}
    while True:
        for _ in range(3):
            number += 1
            year, month = divmod(number, 12)
            store.clock = lambda at=f"{2030 + year}-{month + 1:02d}-01T00:00:00.000Z": at  # type: ignore[misc]
            store.apply(Revision([Edit(ci(u), "notes", then, str(number)) for u, then in sites.items()], "victim"))
            sites = dict.fromkeys(sites, str(number))
        done = retention.prune(store, "victim", now=datetime(2030 + year, month + 1, 2, tzinfo=UTC))
        number = max(number, done.number)
        say(did="prune", number=number, versions=done.versions)


JOBS = {j.__name__: j for j in (work, steady, create, sample, backup, restoring, migrate, open_, recasting, pruning)}


def main() -> None:
    """Makes a process for each line, and says how it ended."""
    with TemporaryDirectory() as folder:
        # A first round by itself, so that all that is imported late is there before the first process is made.
        where = Path(folder) / "warm.terrier"
        create_estate(where, fill).close()
        victim = Victim(where, 0)
        victim.say = lambda **report: None
        victim.take_in()
        victim.edit()
        victim.undo()
        victim.store.close()
        shutil.copy(where, Path(folder) / "another.terrier")
        for word in (PASSPHRASE, ""):
            other = Path(folder) / "another.terrier"
            rekey_estate(other, None if word else key_of(other, PASSPHRASE), new_key(word) if word else None)
        importlib.import_module("alembic.command")
    say(ready=True)
    for line in sys.stdin:
        job, name, seed = json.loads(line)
        process = os.fork()
        if process == 0:
            try:
                say(born=os.getpid())
                JOBS[job](Path(name), seed)
            except BaseException:
                say(fault=traceback.format_exc()[-3000:])
            finally:
                os._exit(0)
        os.waitpid(process, 0)
        say(dead=True)


if __name__ == "__main__":
    main()
