"""The contract: `changes --since REVISION [--follow]` | the journal as a feed, a line per field | lines of `revision`,
`time`, `author`, `id`, `class`, `field`, `before`, `after`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cmdb.store.upkeep.startup import open_estate
from tests.app.cli.conftest import Done
from tests.cmdb.estates import Places

ROOT = Path(__file__).resolve().parents[3]
Run = Callable[..., Done]

#: Writes revisions as fast as it can: records, edits, links and deletions.
WRITER = """
import sys
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.upkeep.startup import open_estate
where, many = sys.argv[1], int(sys.argv[2])
store = open_estate(where)
for number in range(many):
    one, other = new_id(), new_id()
    new = [Edit(ci(uid), "", None, {"class": "server", "name": f"{number}-{n}"}) for n, uid in enumerate((one, other))]
    link = Edit(Record("relationship", ("depends_on", one, other)), "", None, {})
    store.apply(Revision([*new, link], "writer"))
    store.apply(Revision([Edit(ci(one), "memory", None, 1), Edit(ci(one), "notes", None, "x")], "writer"))
    store.apply(Revision([Edit(ci(other), "", {}, None)], "writer"))
store.close()
"""


def parsed(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_line_is_a_document_with_what_the_contract_names(terrier: Run, estate: Path) -> None:
    terrier("set", "srv-01", "memory=32 GB", "notes=more memory")
    terrier("link", "Shop", "monitored by", "srv-02")
    done = terrier("changes", "--since", 1, "--json")
    assert done.status == 0
    found = parsed(done.out)
    assert all({"revision", "time", "author", "id", "class", "field", "before", "after"} <= set(one) for one in found)
    memory, notes, link = found
    assert (memory["revision"], memory["class"], memory["name"]) == (2, "Server", "srv-01")
    assert (memory["field"], memory["before"], memory["after"]) == ("memory", 8192, 32768)
    assert (notes["field"], notes["before"], notes["after"]) == ("notes", None, "more memory")
    assert (link["revision"], link["class"], link["name"], link["field"]) == (3, "Application", "Shop", "relationship")
    assert link["before"] is None
    assert link["after"]["type"] == "monitored_by"
    assert (link["after"]["target"]["class"], link["after"]["target"]["name"]) == ("Server", "srv-02")
    terrier("set", "srv-01", "location=")
    (moved,) = parsed(terrier("changes", "--since", 3, "--json").out)
    assert (moved["before"]["class"], moved["before"]["name"], moved["after"]) == ("Site", "Berlin", None)


def test_text_for_people(terrier: Run, estate: Path) -> None:
    terrier("set", "srv-01", "memory=32 GB", "location=")
    first, second = terrier("changes", "--since", 1).out.splitlines()
    assert first.startswith("2  ")
    assert first.endswith("Server srv-01  Memory: 8192 → 32768") or "Memory: 8192" in second
    assert any(line.endswith("Location: Berlin → —") for line in (first, second))


def test_a_deleted_record_is_still_named(terrier: Run, estate: Path) -> None:
    terrier("link", "Shop", "monitored by", "nb-1")
    terrier("delete", "nb-1")
    found = parsed(terrier("changes", "--since", 1, "--json").out)
    gone = [one for one in found if one["name"] == "nb-1"]
    assert {one["field"] for one in gone} >= {"class", "name", "asset_tag"}
    assert all(one["after"] is None for one in gone if one["field"] != "event")
    link = next(one["after"] for one in found if one["field"] == "relationship")
    assert link["target"]["name"] == "nb-1"


@pytest.mark.parametrize(
    ("since", "said"), [("99", "There is no revision 99"), ("someday", "neither a date"), ("", "neither a date")]
)
def test_what_cannot_be_since_is_one_line(terrier: Run, estate: Path, since: str, said: str) -> None:
    done = terrier("changes", "--since", since)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert terrier("changes").status == 2


# -- beside a writer --------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(where: str | Path, places: Places) -> Iterator[str]:
    """An empty estate that another process writes to."""
    places.lay_out(where).close()
    yield str(where)
    places.clear(where)


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a process of the program or of the writer; it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def run(*words: object) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, *map(str, words)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        )  # fmt: skip
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.mark.parametrize("count", [25, pytest.param(40, marks=pytest.mark.soak)])
def test_a_hundred_pulls_beside_a_writer_miss_nothing_and_say_nothing_twice(
    count: int, shared: str, start: Callable[..., subprocess.Popen[str]]
) -> None:
    writing = start("-c", WRITER, shared, count)
    store = open_estate(shared if "://" in shared else Path(shared))
    pulled: Counter[tuple[Any, ...]] = Counter()
    since = pulls = 0
    while pulls < 100 or writing.poll() is None:
        with store.read() as reader:
            pulled.update((c.number, c.uid, c.field) for c in reader.changes(since))
            since = reader.number
        pulls += 1
        time.sleep(0.02)
    with store.read() as reader:
        pulled.update((c.number, c.uid, c.field) for c in reader.changes(since))
        whole = Counter((c.number, c.uid, c.field) for c in reader.changes(0))
        assert reader.number == 3 * count
    store.close()
    assert writing.returncode == 0
    assert pulled == whole
    assert set(whole.values()) == {1}


def test_follow_waits_for_more_and_ends_with_ctrl_c(shared: str, start: Callable[..., subprocess.Popen[str]]) -> None:
    following = start("main.py", "--db", shared, "changes", "--since", 0, "--follow", "--json")
    writing = start("-c", WRITER, shared, 5)
    assert writing.wait(60) == 0
    found: list[dict[str, Any]] = []
    assert following.stdout is not None
    while not found or found[-1]["revision"] < 15 or found[-1]["field"] != "relationship":
        found.append(json.loads(following.stdout.readline()))
    following.send_signal(signal.SIGINT)
    out, err = following.communicate(timeout=30)
    assert following.returncode == 130
    assert (out, err.strip()) == ("", "Cancelled.")
    assert len(found) == len({(one["revision"], one["id"], one["field"]) for one in found}) == 5 * (4 + 1 + 2 + 2 + 1)


def test_a_closed_output_is_quiet(estate: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    for options in ((), ("--follow",)):
        process = start("main.py", "--db", estate, "changes", "--since", 0, *options)
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        if options:
            assert start("main.py", "--db", estate, "set", "srv-01", "notes=seen").wait(60) == 0
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
