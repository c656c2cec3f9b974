"""The search index of each root: words of all text, and letters (trigrams) of what identifies a record.

It is written explicitly, never by a trigger. SQLite: two FTS5 tables. PostgreSQL: one table with a tsvector and, for
substrings, the letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import NotSupportedError, OperationalError, ProgrammingError

from cmdb.store.rows import bulk_writes
from cmdb.store.rows import search_terms as cut
from cmdb.store.rows.roots import CI, ROOTS, Root

_AUTOMERGE = 4
"""How many parts of one level FTS5 merges into one by default."""
#: Types of attributes whose text is searched.
TEXTS = ("text", "long_text", "uuid", "email", "url")


def create(connection: Connection, roots: Iterable[Root] = ROOTS) -> None:
    """Creates the empty indexes."""
    for root in roots:
        name = root.name
        if connection.dialect.name == "sqlite":
            _create(connection, root)
        else:
            connection.exec_driver_sql(
                f'CREATE TABLE {name}_search (id BIGINT PRIMARY KEY, letters TEXT COLLATE "C" NOT NULL, '
                "words TSVECTOR NOT NULL)"
            )
            connection.exec_driver_sql(f"CREATE INDEX ix_{name}_search_words ON {name}_search USING gin (words)")
    if connection.dialect.name != "sqlite":
        index_letters(connection)


def _create(connection: Connection, root: Root) -> None:
    for name, cut_by in zip(names("sqlite", root), ("unicode61", "trigram"), strict=True):
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {name} USING fts5(body, tokenize='{cut_by}')")


def names(dialect: str, root: Root = CI) -> tuple[str, ...]:
    """The tables of a root's index."""
    return (f"{root.name}_words", f"{root.name}_letters") if dialect == "sqlite" else (f"{root.name}_search",)


def index_letters(connection: Connection) -> None:
    """Indexes parts of words on PostgreSQL, if the database has or allows pg_trgm.

    Without it all letters are scanned. The module is part of PostgreSQL, but not every server has it, and not every
    user may add it to a database.
    """
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for root in ROOTS:
                connection.exec_driver_sql(
                    f"CREATE INDEX IF NOT EXISTS ix_{root.name}_search_letters ON {root.name}_search "
                    "USING gin (letters gin_trgm_ops)"
                )
    except (OperationalError, ProgrammingError, NotSupportedError):
        return  # it works without the index, but slower


def letters(values: Mapping[str, Any], root: Root = CI) -> str:
    """The text whose substrings find a record."""
    return "\n".join([values[a] for a in root.letters if a in values])


def words(values: Mapping[str, Any], searched: frozenset[str]) -> str:
    """The text whose words find a record: all its free text.

    ``searched``: the names of attributes that hold some. The order is always the same, because consecutive words can be
    searched for.
    """
    return " ".join([values[a] for a in sorted(values) if a in searched])


def of_columns(count: int, names: Iterable[str], columns: Mapping[str, Sequence[Any]], between: str) -> list[str]:
    """As ``letters`` and ``words``, of many records: the texts of the columns of that name, None where one has none."""
    texts = [columns[name] for name in names]
    if len(texts) == 1:
        return [text or "" for text in texts[0]]
    return [between.join(filter(None, row)) for row in zip(*texts, strict=True)] if texts else [""] * count


def merge_later(connection: Connection) -> None:
    """SQLite: what is written is not merged with what was written before, until ``merge_again``; for a load.

    A search then looks at up to sixteen parts of the index. Later writes merge them little by little.
    """
    _configure(connection, "automerge", 0)


def merge_again(connection: Connection) -> None:
    """SQLite: every write merges a little again, as it does by default."""
    _configure(connection, "automerge", _AUTOMERGE)


def _configure(connection: Connection, option: str, value: int) -> None:
    for name in (name for root in ROOTS for name in names("sqlite", root)):
        connection.exec_driver_sql(f"INSERT INTO {name} ({name}, rank) VALUES (?, ?)", (option, value))


def write(connection: Connection, rows: Iterable[tuple[int, str, str]], *, replace: bool, root: Root = CI) -> None:
    """Indexes ``(id, letters, words)``.

    With ``replace`` the ids may exist already. Rows are in the order of the ids, as in ``remove``: FTS5 flushes its
    buffer whenever an id is lower than the last one.
    """
    batch = sorted(rows)
    if not batch:
        return
    if replace:
        remove(connection, [r[0] for r in batch], root)
    if connection.dialect.name == "sqlite":
        bulk_writes.insert(connection, f"{root.name}_letters", ("rowid", "body"), [(r[0], r[1]) for r in batch])
        bulk_writes.insert(connection, f"{root.name}_words", ("rowid", "body"), [(r[0], r[2]) for r in batch])
    else:
        rows = [(r[0], cut.fold(r[1]), cut.vector(r[2])) for r in batch]
        bulk_writes.insert(connection, f"{root.name}_search", ("id", "letters", "words"), rows)


def remove(connection: Connection, ids: Iterable[int], root: Root = CI) -> None:
    """Takes records out of the index."""
    keys = sorted(ids)
    if not keys:
        return
    if connection.dialect.name == "sqlite":
        for name in names("sqlite", root):
            connection.exec_driver_sql(f"DELETE FROM {name} WHERE rowid = ?", [(k,) for k in keys])
    else:
        connection.exec_driver_sql(f"DELETE FROM {root.name}_search WHERE id = ANY(%s::bigint[])", (keys,))


def write_apart(connection: Connection, ids: list[int], texts: Mapping[int, str], root: Root = CI) -> None:
    """Indexes letters of records beside those of their own: under their negative ids (see ``section_index``).

    ``texts``: id → letters; those of the other ``ids`` go.
    """
    if not ids:
        return
    keys = [-one for one in sorted(ids, reverse=True)]
    rows = [(key, texts[-key]) for key in keys if -key in texts]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DELETE FROM {root.name}_letters WHERE rowid = ?", [(key,) for key in keys])
        bulk_writes.insert(connection, f"{root.name}_letters", ("rowid", "body"), rows)
    else:
        connection.exec_driver_sql(f"DELETE FROM {root.name}_search WHERE id = ANY(%s::bigint[])", (keys,))
        folded = [(key, cut.fold(body), "") for key, body in rows]
        bulk_writes.insert(connection, f"{root.name}_search", ("id", "letters", "words"), folded)


def held_apart(connection: Connection, low: int, high: int, root: Root = CI) -> dict[int, str]:
    """What ``write_apart`` indexed of the records in a range of ids; folded in PostgreSQL."""
    if connection.dialect.name != "sqlite":
        sql = f"SELECT id, letters FROM {root.name}_search WHERE id BETWEEN %s AND %s"
    else:
        sql = f"SELECT rowid, body FROM {root.name}_letters WHERE rowid BETWEEN ? AND ?"
    return {-row[0]: row[1] for row in connection.exec_driver_sql(sql, (-high, -low))}


def with_any_apart(connection: Connection, words: Sequence[str], root: Root = CI) -> list[int]:
    """The ids of the records of which ``write_apart`` indexed one of the words, each of three letters at least."""
    if connection.dialect.name == "sqlite":
        name = f"{root.name}_letters"
        match = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        sql, wanted = f"SELECT DISTINCT -rowid FROM {name} WHERE {name} MATCH ? AND rowid < 0", (match,)
        return list(connection.exec_driver_sql(sql, wanted).scalars())
    sql = f"SELECT -id FROM {root.name}_search WHERE id < 0 AND letters LIKE ANY(%s)"
    return list(connection.exec_driver_sql(sql, ([_like(cut.fold(word)) for word in words],)).scalars())


def clear(connection: Connection, root: Root = CI) -> None:
    """Empties the index. FTS5 would take out one row after the other."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"DELETE FROM {root.name}_search")
        return
    for table in names("sqlite", root):
        connection.exec_driver_sql(f"DROP TABLE {table}")
    _create(connection, root)


def read_anew(connection: Connection) -> None:
    """Makes a connection to a file see the index as its transaction sees the rest. Before ``PRAGMA integrity_check``.

    FTS5 caches what a connection has read of the index. It checks for writes of other connections only when a statement
    opens the table. From SQLite 3.44 on the integrity check reads the index, too, but from the cache: after a write by
    another connection it reports a sound index as malformed.
    """
    for name in (name for root in ROOTS for name in names("sqlite", root)):
        connection.exec_driver_sql(f"SELECT rowid FROM {name} LIMIT 1").all()


def has_check_of_its_own(connection: Connection) -> bool:
    """Whether the index needs an integrity check of its own. Newer SQLite includes it in ``PRAGMA integrity_check``."""
    if connection.dialect.name != "sqlite":
        return False
    version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one())
    return tuple(int(part) for part in version.split(".")[:2]) < (3, 44)


Held = tuple[list[str], list[str]]
"""The index's content for a CI, for comparison: its letters and its words, in a fixed order."""


def held(connection: Connection, low: int, high: int, root: Root = CI) -> dict[int, Held]:
    """The index's content for the records in a range of ids."""
    if connection.dialect.name != "sqlite":
        rows = connection.exec_driver_sql(
            f"SELECT id, letters, tsvector_to_array(words) FROM {root.name}_search WHERE id BETWEEN %s AND %s",
            (low, high),
        )
        return {row[0]: (row[1].split("\n"), sorted(row[2])) for row in rows}
    bodies = [
        connection.exec_driver_sql(f"SELECT rowid, body FROM {name} WHERE rowid BETWEEN ? AND ?", (low, high))
        for name in (f"{root.name}_letters", f"{root.name}_words")
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


def clause(
    dialect: str, text: str, prefix: str = "t", root: Root = CI, *, apart: bool = True
) -> tuple[str, dict[str, str]] | None:
    """A SELECT of the ids of the records that match ``text``, and its parameters.

    None if the text has no words. Every word must occur: as the beginning of a word of its text, or anywhere in an
    identifier; ``apart``: also in the letters of ``write_apart``.
    """
    found, parameters = [], {}
    name = root.name
    # Letters that are indexed apart have the negative id of their record.
    rowid, key_of = ("abs(rowid)", "abs(id)") if apart else ("rowid", "id")
    only = "" if apart else " AND rowid > 0"
    for number, term in enumerate(terms(text)):
        key = f"{prefix}{number}"
        if dialect == "sqlite":
            pieces = re.findall(r"\w+", term)
            parts = []
            if pieces:
                parameters[key] = '"' + " ".join(pieces) + '"*'
                parts.append(f"SELECT rowid AS id FROM {name}_words WHERE {name}_words MATCH :{key}")
            if len(term) >= 3:
                parameters[f"{key}s"] = '"' + term.replace('"', '""') + '"'
                once = "" if pieces else "DISTINCT "
                parts.append(f"SELECT {once}{rowid} AS id FROM {name}_letters WHERE {name}_letters MATCH :{key}s{only}")
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
            its = f"SELECT DISTINCT {key_of} AS id FROM {name}_search WHERE ({' OR '.join(parts)})"
            found.append(its if apart else f"{its} AND id > 0")
    if not found:
        return None
    return " INTERSECT ".join(f"SELECT id FROM ({part}) AS s{i}" for i, part in enumerate(found)), parameters


def _like(part: str) -> str:
    return "%" + part.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


def finding(dialect: str, text: str, prefix: str = "t", root: Root = CI) -> tuple[str, dict[str, str]] | None:
    """As ``clause``, with the records that refer to a match: the laptops of a person, the things in a place."""
    found = clause(dialect, text, prefix, root)
    if found is None:
        return None
    through = (f"UNION SELECT id FROM {root.name} WHERE {n} IN (SELECT id FROM hits)" for n in root.through)
    referring = " ".join(through)
    return f"WITH hits AS MATERIALIZED ({found[0]}) SELECT id FROM hits {referring}", found[1]
