"""The version of Terrier and of the software that it runs on.

The program's version is only in this file. A clone has no metadata, so the build reads the version from here.
"""

from __future__ import annotations

from contextlib import suppress

from cmdb.model.messages import Message
from cmdb.model.resources import INSTALLED

VERSION = "0.1.0"

#: What the command line is called.
PROGRAM = "terrier" if INSTALLED else "main.py"

#: Names that no language has another word for.
_NAMES = {"terrier": "Terrier", "python": "Python", "qt": "Qt", "sqlite": "SQLite"}


def versions() -> dict[str, str]:
    """The version of the program, an estate's format, Python, Qt and the databases, by name. Qt is not imported for it.

    What is not installed is left out.
    """
    # Imported only now: every command imports this module, for the program's name.
    import platform
    from importlib import metadata

    from cmdb.store.connection.versions import database_versions
    from cmdb.store.rows.format import FORMAT

    found = {"terrier": VERSION, "format": str(FORMAT), "python": platform.python_version()}
    with suppress(metadata.PackageNotFoundError):
        found["qt"] = metadata.version("PySide6-Essentials")
    return found | database_versions()


def version_lines() -> list[str]:
    """The versions, one line each."""
    return [str(_line(name, version)) for name, version in versions().items()]


def _line(name: str, version: str) -> Message:
    match name:
        case "format":
            return Message("Estate format {version}", version=version)
        case "sqlcipher3" | "psycopg":
            database = "SQLCipher" if name == "sqlcipher3" else "PostgreSQL"
            return Message("{database} driver {driver} {version}", database=database, driver=name, version=version)
        case _:
            return Message("{name} {version}", name=_NAMES[name], version=version)
