"""With any fault of file, disk or clock, and with other writers: nothing is lost, and errors are reported.

Tests that kill processes are in ``tests/soak/test_kill.py``.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import FileProblem, StoreProblem, UserError
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from cmdb.store.store import Store
from cmdb.store.upkeep.backups import BackupReason, back_up
from cmdb.store.upkeep.copies import write_backup
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand

ROOT = Path(__file__).resolve().parents[2]


# -- two processes --------------------------------------------------------------------------------------------------


@contextmanager
def other(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Another process at work, once it says that it is ready."""
    command = [sys.executable, "-m", "tests.soak.writer", *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == '"ready"\n'
        yield process


@pytest.mark.parametrize("count", [60, pytest.param(100, marks=pytest.mark.soak)])
def test_two_writers_lose_nothing_and_notice_each_other(count: int, tmp_path: Path) -> None:
    """Each of them writes so many revisions."""
    where = tmp_path / "estate.terrier"
    store = create_estate(where)
    heard: list[AppliedRevision] = []
    store.subscribe(heard.append)
    with other(where, "write", "Anja", count) as first, other(where, "write", "Tom", count) as second:
        for process in (first, second):
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        while first.poll() is None or second.poll() is None:
            store.poll()
            time.sleep(0.05)
        said = {name: [json.loads(line) for line in process.stdout or ()]
                for name, process in (("Anja", first), ("Tom", second))}  # fmt: skip
    store.poll()
    reported = {number: revision for lines in said.values() for number, revision in lines[:-1]}
    assert sorted(reported) == list(range(1, 2 * count + 1)), "numbers without gaps, each given once"
    assert max(lines[-1] for lines in said.values()) < engines.LOCK_SECONDS
    assert [(a.number, a.revision) for a in heard] == sorted(reported.items())
    with store.read() as reader:
        journal = {h.number: h for h in reader.revisions(limit=10_000)}
        assert {n: h.id for n, h in journal.items()} == reported
        assert Counter(h.author for h in journal.values()) == {"Anja": count, "Tom": count}
        assert reader.count(Selection("site")) == count
        assert reader.count(Selection("site", 'notes ~ "was here"')) == count
    assert check_integrity(store) == []
    store.close()


def test_a_view_stays_as_it_is_while_another_writes_much(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    hand = Hand(store)
    hand.apply(*(hand.new("laptop", f"A-{n}") for n in range(50)))
    many = [hand.new("laptop", f"B-{n}", notes="x" * 50) for n in range(3000)]
    seen: list[tuple[int, int, int]] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            with store.read() as reader:
                count = reader.count(Selection("laptop"))
                rows = sum(1 for _ in reader.all(Selection("laptop")))
                seen.append((reader.number, count, rows))

    watcher = threading.Thread(target=watch)
    watcher.start()
    with store.read() as before:
        assert before.count(Selection()) == 50
        writing = threading.Thread(target=lambda: store.apply(Revision(many, "tester")))
        writing.start()
        while writing.is_alive():
            assert (before.number, before.count(Selection())) == (1, 50)
            time.sleep(0.01)
        writing.join()
        assert len(before.page(Selection("laptop"), limit=100)) == 50, "still, after the commit"
        assert before.search("B-1") == []
    stop.set()
    watcher.join()
    assert set(seen) <= {(1, 50, 50), (2, 3050, 3050)}
    with store.read() as reader:
        assert (reader.number, reader.count(Selection())) == (2, 3050)
    store.close()


def test_a_long_wait_for_a_lock_is_reported_and_a_short_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = tmp_path / "estate.terrier"
    hand = Hand(create_estate(where))
    hand.store.close()
    with other(where, "hold", 1.0):
        hand.make("site", "Rotterdam")  # waits a second
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.2)
    hand.store.close()
    with other(where, "hold", 1.5):
        with pytest.raises(StoreProblem, match="is in use: another program"):
            hand.make("site", "Ghent")
        with hand.store.read() as reader:
            assert reader.count(Selection()) == 1, "reading goes on"
    hand.make("site", "Ghent")
    assert check_integrity(hand.store) == []
    hand.store.close()


# -- disks ----------------------------------------------------------------------------------------------------------


def fill_up(store: Store) -> tuple[int, str]:
    """Writes until there is no more room: how many revisions were reported, and what was said then."""
    hand = Hand(store)
    for reported in range(200):
        try:
            hand.apply(*(hand.new("laptop", f"LT-{reported}-{i}", notes="x" * 3000) for i in range(20)))
        except StoreProblem as problem:
            return reported, str(problem)
    raise AssertionError("the disk was never full")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk can only be mounted as root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_loses_nothing_that_was_reported(small_disk: Path) -> None:
    where = small_disk / "estate.terrier"
    store = create_estate(where)
    reported, said = fill_up(store)
    assert "full" in said
    assert reported
    with pytest.raises(UserError, match="full"):
        write_backup(store, small_disk / "copy.terrier")
    with pytest.raises(FileProblem, match="free"):
        back_up(where, BackupReason.DAILY)
    store.close()
    sides = {f"{where.name}-wal", f"{where.name}-shm"}  # there may be no room to fold the log into the file
    assert set(os.listdir(small_disk)) - sides == {where.name}
    store = open_estate(where)
    with store.read() as reader:
        assert (reader.number, reader.count(Selection())) == (reported, 20 * reported)
    assert check_integrity(store) == []
    subprocess.run(["mount", "-o", "remount,size=16m", small_disk], check=True)
    Hand(store).make("site", "Rotterdam")
    assert check_integrity(store) == []
    store.close()


def test_a_new_estate_needs_room(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(4 * 2**20 - 200_000))
    with pytest.raises(StoreProblem, match="full"):
        create_estate(small_disk / "estate.terrier")
    assert os.listdir(small_disk) == ["ballast"]


def test_a_limit_on_the_size_of_files_loses_nothing(tmp_path: Path) -> None:
    where = tmp_path / "estate.terrier"
    store = create_estate(where)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (where.stat().st_size + 500_000, limit[1]))
    try:
        reported, said = fill_up(store)
        with store.read() as reader:
            assert reader.count(Selection()) == 20 * reported
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert "cannot be read or written" in said or "full" in said
    assert check_integrity(store) == []
    store.close()


# -- what may not be written to -------------------------------------------------------------------------------------


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command line, without root's right to write everywhere."""
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if not setpriv:
            pytest.skip("root may write everywhere")
        command = [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", *command]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def closed_estate(tmp_path: Path) -> Iterator[Path]:
    """An estate in a folder of its own; it may be written to again when the test is over."""
    folder = tmp_path / "folder"
    folder.mkdir()
    where = folder / "estate.terrier"
    store = create_estate(where)
    Hand(store).make("site", "Rotterdam")
    store.close()
    yield where
    folder.chmod(0o755)
    where.chmod(0o644)


@pytest.mark.parametrize(
    ("file", "folder", "open_elsewhere"),
    [
        (0o444, 0o755, True),
        (0o644, 0o555, True),
        (0o444, 0o555, False),
        *(pytest.param(*one, marks=pytest.mark.soak) for one in ((0o444, 0o755, False), (0o644, 0o555, False))),
        pytest.param(0o444, 0o555, True, marks=pytest.mark.soak),
    ],
)
def test_what_is_read_only_is_read_and_writing_says_so(
    closed_estate: Path, tmp_path: Path, file: int, folder: int, open_elsewhere: bool
) -> None:
    where = closed_estate
    elsewhere = open_estate(where) if open_elsewhere else None
    if elsewhere:
        Hand(elsewhere).make("site", "Ghent")
    where.chmod(file)
    where.parent.chmod(folder)
    before = where.read_bytes()
    names = sorted(os.listdir(where.parent))
    listed = run("--db", where, "list", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [one["name"] for one in json.loads(listed.stdout)] == (["Ghent"] if elsewhere else []) + ["Rotterdam"]
    assert run("--db", where, "check").returncode == 0
    done = run("--db", where, "set", "Rotterdam", "notes=x")
    assert done.returncode == 2
    assert "read-only" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert run("--db", where, "backup", tmp_path / "copy.terrier").returncode == 0
    assert where.read_bytes() == before
    assert sorted(os.listdir(where.parent)) == names
    if elsewhere:
        elsewhere.close()
    copy = open_estate(tmp_path / "copy.terrier")
    assert copy.size() == 1 + open_elsewhere
    assert check_integrity(copy) == []
    copy.close()


def test_a_folder_that_cannot_be_written_to_takes_no_new_estate(closed_estate: Path) -> None:
    closed_estate.parent.chmod(0o555)
    done = run("new", closed_estate.with_name("another.terrier"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert os.listdir(closed_estate.parent) == [closed_estate.name]


def test_a_file_that_is_read_while_it_is_changed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = tmp_path / "estate.terrier"
    writer = create_estate(where)
    Hand(writer).make("site", "Rotterdam")
    writer.close()
    with monkeypatch.context() as patch:
        patch.setattr(engines, "is_read_only", lambda where: True)
        reader = open_estate(where)
    assert reader.size() == 1
    writer = open_estate(where)
    Hand(writer).make("site", "Ghent")
    with pytest.raises(StoreProblem, match="changed by another program"):
        reader.size()
    writer.close()
    reader.close()


# -- clocks ---------------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_back_loses_no_order(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    hand = Hand(store)
    chance = random.Random(3)
    uid = hand.make("laptop", "LT-1", memory=0)
    for number in range(1, 30):
        moment = f"20{chance.randrange(10, 40)}-{chance.randrange(1, 13):02d}-11T10:00:00.000Z"
        store.clock = lambda moment=moment: moment  # type: ignore[misc]
        hand.apply(Edit(ci(uid), "memory", hand.get(uid).values["memory"], number), time=moment)
        assert hand.get(uid).values["memory"] == number, "the same source's later statement holds, whatever its clock"
    assert check_integrity(store) == []
    with store.read() as reader:
        headers = list(reversed(reader.revisions()))
        times = [h.recorded for h in headers]
        assert times == sorted(set(times)), "each is recorded after the one before"
        assert [v.number for v in reader.versions(uid)] == list(range(30, 0, -1))
        assert reader.revision_at(times[12]) == 13
    for number in range(1, 31):
        with store.read(number) as past:
            assert past.get(uid).values["memory"] == number - 1
    store.close()
