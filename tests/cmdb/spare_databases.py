"""Databases of estates, most of them empty, that tests give back: the next test finds one as if it were new.

PostgreSQL copies a thousand files for a new database, which takes it longer than most tests take.
"""

from __future__ import annotations

import itertools
from typing import Any

from tests.server import Server

_CATALOGS = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_type",
    "pg_rewrite", "pg_policy", "pg_inherits", "pg_namespace", "pg_extension", "pg_default_acl",
    "pg_sequence",
)  # fmt: skip
"""What a layout and its rights are written in."""
_OWN = "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = "
_MOST_ROWS = 2_000
"""Rows that leave so little behind that the next test does not notice it."""
_MOST_USES = 50


class SpareDatabases:
    """The databases that are free, all copies of one ``blank`` estate."""

    def __init__(self, server: Server, blank: str) -> None:
        self._server = server
        self._free: list[str] = []
        self._uses: dict[str, int] = {}
        """How often each of our databases was given back, by its name."""
        self._blank = blank
        self._numbers = itertools.count(1)
        self._admin = server.connect("postgres")
        self._admin.autocommit = True
        with server.connect(blank) as look:
            self._layout = _layout(look)
            names = [name for (name,) in look.execute(f"SELECT c.relname {_OWN}'r' ORDER BY 1")]
            self._first = [(name, row) for name in names for row in look.execute(f'SELECT * FROM "{name}"').fetchall()]
            self._sequences = [
                (name, *look.execute(f'SELECT last_value, is_called FROM "{name}"').fetchone())
                for (name,) in look.execute(f"SELECT c.relname {_OWN}'S'").fetchall()
            ]

    def close(self) -> None:
        """Ends the connection by which databases are renamed; they go with the server."""
        self._admin.close()

    def take(self, name: str) -> None:
        """An estate as the blank one in a database of this name."""
        if self._free:
            free = self._free.pop()
            self._admin.execute(f'ALTER DATABASE "{free}" RENAME TO "{name}"')
            self._uses[name] = self._uses.pop(free)
        else:
            self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._blank}"')
            self._uses[name] = 0

    def give_back(self, name: str) -> bool:
        """Empties a database that was taken. Returns False where that is not enough: it is to be dropped."""
        uses = self._uses.pop(name, _MOST_USES) + 1
        if uses > _MOST_USES or not self._empty(name):
            return False
        free = f"{self._blank}_spare_{next(self._numbers)}"
        self._admin.execute(f'ALTER DATABASE "{name}" RENAME TO "{free}"')
        self._free.append(free)
        self._uses[free] = uses
        return True

    def _empty(self, name: str) -> bool:
        """Empties it; False if its layout is not the blank estate's, or there is much to empty."""
        with self._server.connect(name) as connection:
            others = "FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            connection.execute(f"SELECT pg_terminate_backend(pid) {others}", [name])
            if _layout(connection) != self._layout:
                return False
            connection.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
            written = connection.execute(f"SELECT c.relname {_OWN}'r' AND pg_relation_size(c.oid) > 0").fetchall()
            if sum(connection.execute(f'DELETE FROM "{table}"').rowcount for (table,) in written) > _MOST_ROWS:
                return False
            for table, row in self._first:
                values = ", ".join(["%s"] * len(row))
                connection.execute(f'INSERT INTO "{table}" OVERRIDING SYSTEM VALUE VALUES ({values})', row)
            for sequence, value, called in self._sequences:
                connection.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{sequence}"', value, called])
        return True


def _layout(look: Any) -> Any:
    """What changes whenever the layout, a right, a setting or what the planner knows of a database does.

    A row of a catalog that was written after the database was copied has a later transaction.
    """
    parts = [f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {catalog})" for catalog in _CATALOGS]
    parts.append(f"(SELECT (sum(c.relpages), sum(c.reltuples))::text {_OWN}ANY('{{r,i}}'))")
    parts.append("(SELECT count(*)::text FROM pg_statistic WHERE starelid >= 16384)")  # the server's own tables aside
    mine = "FROM pg_database WHERE datname = current_database()"
    parts.append(f"(SELECT (datacl, datdba, datconnlimit)::text {mine})")
    parts.append(f"(SELECT count(*)::text FROM pg_db_role_setting WHERE setdatabase = (SELECT oid {mine}))")
    return look.execute(f"SELECT {', '.join(parts)}").fetchone()
