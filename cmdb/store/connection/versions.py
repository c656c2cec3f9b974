"""The versions of the databases of estates, and of their drivers, if installed."""

from __future__ import annotations

import sqlite3
from importlib import metadata


def database_versions() -> dict[str, str]:
    """The version of SQLite, and of each driver that is installed, by name. Only Python's own driver is imported."""
    found = {"sqlite": sqlite3.sqlite_version}
    for package in ("sqlcipher3", "psycopg"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
