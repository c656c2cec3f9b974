"""Which Terrier this is, and what it runs on.

The program's version stands here and nowhere else. A clone has no metadata to ask for it, so the build reads it from
this file.
"""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib import metadata

from cmdb.model.resources import INSTALLED
from cmdb.store.connection.versions import database_versions
from cmdb.store.rows.format import FORMAT

VERSION = "0.1.0"

#: What the command line is called.
PROGRAM = "terrier" if INSTALLED else "main.py"


#: What is said of each part, by its key in JSON.
_LINES = {
    "terrier": "Terrier {version}",
    "format": "Estate format {version}",
    "python": "Python {version}",
    "qt": "Qt {version}",
    "sqlite": "SQLite {version}",
    "sqlcipher3": "SQLCipher's driver sqlcipher3 {version}",
    "psycopg": "PostgreSQL's driver psycopg {version}",
}


def versions() -> dict[str, str]:
    """The version of the program, an estate's format, Python, Qt and the databases, by name. Qt is not imported for it.

    What is not installed is left out.
    """
    found = {"terrier": VERSION, "format": str(FORMAT), "python": platform.python_version()}
    with suppress(metadata.PackageNotFoundError):
        found["qt"] = metadata.version("PySide6-Essentials")
    return found | database_versions()


def version_lines() -> list[str]:
    """The versions, one line each."""
    return [_LINES[name].format(version=version) for name, version in versions().items()]
