"""The search index: words of all text, and letters (trigrams) of what identifies a CI.

It is written explicitly, never by a trigger. SQLite: two FTS5 tables. PostgreSQL: one table with a tsvector and, for
substrings, the letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import NotSupportedError, OperationalError, ProgrammingError

from cmdb.store.rows import bulk_writes
from cmdb.store.rows import search_terms as cut

#: Attributes that people search by any part: indexed as trigrams, too.
LETTERS = ("name", "asset_tag", "serial_number", "host_name", "email", "user_name")

#: References through which a search finds a CI.
THROUGH = ("assigned_to", "model", "location")

#: Types of attributes whose text is searched.
TEXTS = ("text", "long_text", "uuid", "email", "url")


def create(connection: Connection) -> None:
    """Creates the empty index."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("CREATE VIRTUAL TABLE ci_words USING fts5(body, tokenize='unicode61')")
        connection.exec_driver_sql("CREATE VIRTUAL TABLE ci_letters USING fts5(body, tokenize='trigram')")
    else:
        connection.exec_driver_sql(
            'CREATE TABLE ci_search (id BIGINT PRIMARY KEY, letters TEXT COLLATE "C" NOT NULL, words TSVECTOR NOT NULL)'
        )
        connection.exec_driver_sql("CREATE INDEX ix_ci_search_words ON ci_search USING gin (words)")
        index_letters(connection)


def index_letters(connection: Connection) -> None:
    """Indexes parts of words on PostgreSQL, if the database has or allows pg_trgm.

    Without it all letters are scanned. The module is part of PostgreSQL, but not every server has it, and not every
    user may add it to a database.
    """
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.exec_driver_sql(
                "CREATE INDEX IF NOT EXISTS ix_ci_search_letters ON ci_search USING gin (letters gin_trgm_ops)"
            )
    except (OperationalError, ProgrammingError, NotSupportedError):
        return  # it works without the index, but slower


def letters(values: Mapping[str, Any]) -> str:
    """The text whose substrings find a CI."""
    return "\n".join([values[a] for a in LETTERS if a in values])


def words(values: Mapping[str, Any], searched: frozenset[str]) -> str:
    """The text whose words find a CI: all its free text.

    ``searched``: the names of attributes that hold some. The order is always the same, because consecutive words can be
    searched for.
    """
    return " ".join([values[a] for a in sorted(values) if a in searched])


def write(connection: Connection, rows: Iterable[tuple[int, str, str]], *, replace: bool) -> None:
    """Indexes ``(id, letters, words)``.

    With ``replace`` the ids may exist already. Rows are in the order of the ids, as in ``remove``: FTS5 flushes its
    buffer whenever an id is lower than the last one.
    """
    batch = sorted(rows)
    if not batch:
        return
    if replace:
        remove(connection, [r[0] for r in batch])
    if connection.dialect.name == "sqlite":
        bulk_writes.insert(connection, "ci_letters", ("rowid", "body"), [(r[0], r[1]) for r in batch])
        bulk_writes.insert(connection, "ci_words", ("rowid", "body"), [(r[0], r[2]) for r in batch])
    else:
        rows = [(r[0], cut.fold(r[1]), cut.vector(r[2])) for r in batch]
        bulk_writes.insert(connection, "ci_search", ("id", "letters", "words"), rows)


def remove(connection: Connection, ids: Iterable[int]) -> None:
    """Takes CIs out of the index."""
    keys = sorted(ids)
    if not keys:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM ci_letters WHERE rowid = ?", [(k,) for k in keys])
        connection.exec_driver_sql("DELETE FROM ci_words WHERE rowid = ?", [(k,) for k in keys])
    else:
        connection.exec_driver_sql("DELETE FROM ci_search WHERE id = ANY(%s::bigint[])", (keys,))


def clear(connection: Connection) -> None:
    """Empties the index."""
    for table in ("ci_words", "ci_letters") if connection.dialect.name == "sqlite" else ("ci_search",):
        connection.exec_driver_sql(f"DELETE FROM {table}")


def read_anew(connection: Connection) -> None:
    """Makes a connection to a file see the index as its transaction sees the rest. Before ``PRAGMA integrity_check``.

    FTS5 caches what a connection has read of the index. It checks for writes of other connections only when a statement
    opens the table. From SQLite 3.44 on the integrity check reads the index, too, but from the cache: after a write by
    another connection it reports a sound index as malformed.
    """
    for name in ("ci_words", "ci_letters"):
        connection.exec_driver_sql(f"SELECT rowid FROM {name} LIMIT 1").all()


def has_check_of_its_own(connection: Connection) -> bool:
    """Whether the index needs an integrity check of its own. Newer SQLite includes it in ``PRAGMA integrity_check``."""
    if connection.dialect.name != "sqlite":
        return False
    version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one())
    return tuple(int(part) for part in version.split(".")[:2]) < (3, 44)


Held = tuple[list[str], list[str]]
"""The index's content for a CI, for comparison: its letters and its words, in a fixed order."""


def held(connection: Connection, low: int, high: int) -> dict[int, Held]:
    """The index's content for the CIs in a range of ids."""
    if connection.dialect.name != "sqlite":
        rows = connection.exec_driver_sql(
            "SELECT id, letters, tsvector_to_array(words) FROM ci_search WHERE id BETWEEN %s AND %s", (low, high)
        )
        return {row[0]: (row[1].split("\n"), sorted(row[2])) for row in rows}
    bodies = [
        connection.exec_driver_sql(f"SELECT rowid, body FROM {name} WHERE rowid BETWEEN ? AND ?", (low, high))
        for name in ("ci_letters", "ci_words")
    ]
    texts, others = ({row[0]: sorted(row[1].split()) for row in rows} for rows in bodies)
    return {inner: (texts[inner], others[inner]) for inner in texts.keys() & others.keys()}


def to_hold(dialect: str, text: str, other: str) -> Held:
    """The content that ``held`` should return for a CI with these letters and words."""
    if dialect == "sqlite":
        return sorted(text.split()), sorted(other.split())
    return cut.fold(text).split("\n"), sorted(part.rpartition(":")[0] for part in cut.vector(other).split(" ") if part)


def terms(text: str) -> list[str]:
    """The terms to search for: the first eight words, with the characters between the parts of a name or an address."""
    return re.findall(r"[\w@.\-/:]+", text)[:8]


def clause(dialect: str, text: str, prefix: str = "t") -> tuple[str, dict[str, str]] | None:
    """A SELECT of the ids of the CIs that match ``text``, and its parameters.

    None if the text has no words. Every word must occur: as the beginning of a word of the CI's text, or anywhere in an
    identifier.
    """
    found, parameters = [], {}
    for number, term in enumerate(terms(text)):
        key = f"{prefix}{number}"
        if dialect == "sqlite":
            pieces = re.findall(r"\w+", term)
            parts = []
            if pieces:
                parameters[key] = '"' + " ".join(pieces) + '"*'
                parts.append(f"SELECT rowid AS id FROM ci_words WHERE ci_words MATCH :{key}")
            if len(term) >= 3:
                parameters[f"{key}s"] = '"' + term.replace('"', '""') + '"'
                parts.append(f"SELECT rowid AS id FROM ci_letters WHERE ci_letters MATCH :{key}s")
            if not parts:
                continue
            found.append(" UNION ".join(parts))
        else:
            parts = []
            if re.search(r"\w", term):
                parameters[key] = cut.query(term)
                parts.append(f"words @@ CAST(:{key} AS tsquery)")
            if len(term) >= 3:
                parameters[f"{key}s"] = _like(cut.fold(term))
                parts.append(f"letters LIKE :{key}s")
            if not parts:
                continue
            found.append(f"SELECT id FROM ci_search WHERE {' OR '.join(parts)}")
    if not found:
        return None
    return " INTERSECT ".join(f"SELECT id FROM ({part}) AS s{i}" for i, part in enumerate(found)), parameters


def _like(part: str) -> str:
    return "%" + part.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


def finding(dialect: str, text: str, prefix: str = "t") -> tuple[str, dict[str, str]] | None:
    """As ``clause``, with the CIs that refer to a match: the laptops of a person, the things in a place."""
    found = clause(dialect, text, prefix)
    if found is None:
        return None
    referring = " ".join(f"UNION SELECT ci.id FROM ci WHERE ci.{n} IN (SELECT id FROM hits)" for n in THROUGH)
    return f"WITH hits AS MATERIALIZED ({found[0]}) SELECT id FROM hits {referring}", found[1]
