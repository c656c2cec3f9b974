"""A private PostgreSQL: on a socket in a temporary folder, for tests and benchmarks, deleted afterwards."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

_PREFIX = "terrier-pg-"


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL, reached through the socket in ``folder`` as the user ``terrier``, who may do everything."""

    folder: Path

    def url(self, database: str, user: str = "terrier") -> str:
        """What Terrier is given to open a database of it."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder), safe='')}"

    def connect(self, database: str) -> Any:
        """A plain connection, in which a transaction has to be ended."""
        import psycopg

        return psycopg.connect(host=str(self.folder), user="terrier", dbname=database)

    def ask(self, sql: str, database: str = "postgres") -> None:
        """Runs one statement."""
        with self.connect(database) as connection:
            connection.autocommit = True
            connection.execute(sql)


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextmanager
def running(*settings: str) -> Iterator[Server]:
    """Starts a server with the settings (``name=value``) and stops it. Raises RuntimeError with what it said.

    Servers that killed processes have left behind are stopped, too.
    """
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL is not installed.")
    _sweep(where)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    try:
        initdb = ("-U", "terrier", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        _run(folder, str(where / "initdb"), "-D", str(data), *initdb)
        options = " ".join((f"-k {folder}", *(f"-c {setting}" for setting in ("listen_addresses=", *settings))))
        start = ("-o", options, "-l", str(folder / "log"), "-w", "-s", "start")
        _run(folder, str(where / "pg_ctl"), "-D", str(data), *start)
        yield Server(folder)
    finally:
        _stop(where, folder)


def _stop(where: Path, folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        _run(folder, str(where / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-s", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(where: Path) -> None:
    """Stops the servers of processes that are gone: a test that hangs ends its process at once."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}[0-9]*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(RuntimeError, OSError, KeyError):  # another process may be sweeping it, too
            if owner.isdecimal() and folder.owner() in (getpass.getuser(), "postgres") and not _lives(int(owner)):
                _stop(where, folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _run(folder: Path, *command: str) -> None:
    """PostgreSQL refuses to run as root, so root starts it as the user that Debian's package made for it."""
    as_user = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
    done = subprocess.run([*as_user, *command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        log = folder / "log"
        said = log.read_text() if log.exists() else ""
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}{said}")


UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Settings of a server whose data nobody will miss: tests."""
