"""A PostgreSQL of our own: on a socket in a temporary folder, for tests and measurements, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote


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

    PostgreSQL refuses to run as root, so root starts it as the user that Debian's package made for it.
    """
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL is not installed.")
    folder = Path(tempfile.mkdtemp(prefix="terrier-pg-"))
    folder.chmod(0o711)
    as_user: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        done = subprocess.run([*as_user, *command], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}{said}")

    try:
        run(str(where / "initdb"), "-D", str(data), "-U", "terrier", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = " ".join(f"-c {setting}" for setting in ("listen_addresses=", *settings))
        run(str(where / "pg_ctl"), "-D", str(data), "-o", f"-k {folder} {options}", "-l", str(log), "-w", "-s", "start")
        yield Server(folder)
    finally:
        if (data / "postmaster.pid").exists():
            run(str(where / "pg_ctl"), "-D", str(data), "-m", "immediate", "-s", "stop")
        shutil.rmtree(folder, ignore_errors=True)


UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Settings of a server whose data nobody will miss: tests."""
