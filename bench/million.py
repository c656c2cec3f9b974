"""Speeds on an estate of a million CIs, three million relationships and ten million installations.

The estate is made once (minutes) under ``build/bench`` and used again; benchmarks that write use a copy. Yardsticks are
bare sqlite3 in this process: the same page with the same order, by the same index, with the ids of what it refers to;
the same rows written by ``executemany`` into tables without indexes.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import statistics
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from estate import Estate, fill
from result import Result, in_turn, seconds

from cmdb.model.errors import StoreProblem
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.store.rows.codec import REFERENCES
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate

MILLION = Estate(1_000_000, 3_000_000, 10_000_000)
WRITTEN = 100_000
PAGE = 200
CLASS, SORT, WORD = "laptop", "serial_number", "7F2A"


def estate() -> Path:
    """The estate's file, created if it is missing or of an older format."""
    path = ROOT / "build" / "bench" / "million.terrier"
    try:
        open_estate(path).close()
    except StoreProblem:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        print("Making the estate (once, some minutes) ...", file=sys.stderr)
        fill(str(path), MILLION)
    return path


def measure_reading(_folder: Path, times: int) -> list[Result]:
    """A page of a class sorted by an indexed attribute, the same in the past, and substring search."""
    path = estate()
    store = open_estate(path)
    bare = sqlite3.connect(path)
    bare.execute("PRAGMA cache_size=-32000")
    referred = ", ".join(f"(SELECT uid FROM ci AS r WHERE r.id = ci.{name}) AS {name}_id" for name in REFERENCES)
    sorted_page = (
        f"SELECT *, {referred} FROM ci INDEXED BY ix_ci_{SORT} WHERE +class = ? AND {SORT} IS NOT NULL "
        f"ORDER BY {SORT}, name_key, class, id LIMIT {PAGE}"
    )
    found = (
        f"SELECT ci.*, {referred} FROM ci_letters JOIN ci ON ci.id = ci_letters.rowid WHERE ci_letters MATCH ? "
        f"ORDER BY name_key, class, ci.id LIMIT {PAGE}"
    )

    def page(selection: Selection, at: int | None = None) -> int:
        with store.read(at) as reader:
            return len(reader.page(selection, PAGE))

    def plain(sql: str, value: str) -> int:
        return len(bare.execute(sql, (value,)).fetchall())

    some = Selection(CLASS, sort=SORT)
    rounds = max(20, 10 * times)
    assert page(some) == plain(sorted_page, CLASS) == PAGE
    assert page(Selection(text=WORD)) >= plain(found, f'"{WORD}"') > 50
    # Its CIs are created class by class: after two revisions a fifteenth of today's laptops existed.
    assert page(some, 2) == PAGE
    results = [
        in_turn(
            "page of a class by an indexed attribute", lambda: page(some), lambda: plain(sorted_page, CLASS), 2, rounds
        ),
        in_turn("substring search", lambda: page(Selection(text=WORD)), lambda: plain(found, f'"{WORD}"'), 2, rounds),
        in_turn("page of a class, when a tenth existed", lambda: page(some, 2), lambda: page(some), 2, rounds),
    ]
    bare.close()
    store.close()
    return results


def measure_changes(folder: Path, times: int) -> list[Result]:
    """The feed of the latest 1,000 changes, each a revision of its own, against the join of the rows that hold them.

    It is measured on a tenth and on the whole: it must not grow with the estate.
    """
    results = []
    tenth = folder / "tenth.terrier"
    fill(str(tenth), Estate(*(size // 10 for size in (MILLION.cis, MILLION.relationships, MILLION.installations))))
    million = Path(shutil.copy(estate(), folder / "changed.terrier"))
    for name, path in (("a tenth", tenth), ("a million", million)):
        since = _change_some(path, 1_000)
        store = open_estate(path)
        bare = sqlite3.connect(path)
        bare.execute("PRAGMA cache_size=-32000")

        def ours(store: Store = store, since: int = since) -> int:
            with store.read() as reader:
                return sum(1 for _ in reader.changes(since))

        def plain(bare: sqlite3.Connection = bare, since: int = since) -> int:
            return len(bare.execute(CHANGED, (since,)).fetchall())

        assert ours() == plain() == 1_000
        results.append(in_turn(f"the latest 1,000 changes of {name}", ours, plain, 2.0, max(20, 10 * times)))
        store.close()
        bare.close()
    return results


CHANGED = """SELECT r.*, now.*, was.* FROM revision AS r JOIN ci AS now ON now.revision = r.number
LEFT JOIN ci_version AS was ON was.id = now.id AND was.ended = r.number WHERE r.number > ? ORDER BY r.number"""


def _change_some(path: Path, number: int) -> int:
    """Changes so many items, each in a revision; returns the number of the revision before."""
    store = open_estate(path)
    with store.read() as reader:
        last, page = reader.number, reader.page(Selection(CLASS), number)
    for one in page:
        store.apply(Revision([Edit(ci(one.uid), "notes", one.values.get("notes"), "seen")], "bench"))
    store.close()
    return last


def measure_writing(folder: Path, times: int) -> list[Result]:
    """The whole of ``apply`` against executemany of the rows it leaves, into an empty estate and into a million."""
    numbers = itertools.count(MILLION.cis, WRITTEN)
    base = next(Estate(WRITTEN).revisions())
    into_empty = folder / "empty.terrier"
    into_million = Path(shutil.copy(estate(), folder / "million.terrier"))
    results = []
    for name, path, limit in (("an empty estate", into_empty, 8), ("a million", into_million, 12)):
        taken, yardstick = [], []
        for _ in range(times):
            if path is into_empty:
                _remove(path)
                create_estate(path).close()
                revision = _held(base)
            else:
                low = next(numbers)
                revision = _held(_more(low))
            store = open_estate(path)
            before = store.size()
            taken.append(seconds(lambda store=store, revision=revision: store.apply(revision)))  # type: ignore[misc]
            assert store.size() == before + WRITTEN
            store.close()
            yardstick.append(_executemany(path, folder / "bare.db"))
        result = Result(
            f"apply of {WRITTEN:,} CIs into {name}", statistics.median(taken), statistics.median(yardstick), limit
        )
        results.append(result.told())
    _remove(into_million)
    return results


def _more(low: int) -> Revision:
    """New CIs beyond the million, as the estate would go on."""
    edits = MILLION.records(low, low + WRITTEN)
    return Revision(list(edits), "bench", "import:bench", "More")


def _held(revision: Revision) -> Revision:
    """Its edits are created before, because creating them is not measured."""
    edits: list[Edit] = list(revision.edits)
    return Revision(edits, revision.author, revision.source, revision.reason)


def _executemany(estate_file: Path, path: Path) -> float:
    """Seconds of writing the last rows of ``ci`` and ``claim`` with sqlite3 alone, into tables without indexes."""
    _remove(path)
    with closing(sqlite3.connect(estate_file)) as source, closing(sqlite3.connect(path, isolation_level=None)) as bare:
        last = source.execute("SELECT max(id) FROM ci").fetchone()[0]
        rows = {
            table: source.execute(f"SELECT * FROM {table} WHERE {key} > ?", (last - WRITTEN,)).fetchall()
            for table, key in (("ci", "id"), ("claim", "ci"))
        }
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        for table in rows:
            columns = source.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
            bare.execute(f"CREATE TABLE {table} ({', '.join(f'{chr(34)}{n}{chr(34)} {t}' for n, t in columns)})")

        def write() -> None:
            bare.execute("BEGIN")
            for table, lines in rows.items():
                bare.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(lines[0]))})", lines)
            bare.execute("COMMIT")

        return seconds(write)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".backups"), ignore_errors=True)
