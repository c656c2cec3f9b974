"""A server that ends connections, allows little time or less than that is an error in one line, never a fault."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.cli.context import DONE, UNUSABLE
from tests.app.cli.conftest import Done
from tests.cmdb.spare_databases import SpareDatabases
from tests.server import Server

Terrier = Callable[..., Done]

COMMANDS = (
    ("list",), ("show", "T-1"), ("check",), ("licences",), ("import", "{sheet}"), ("set", "T-1", "memory=1"),
    ("undo",), ("impact", "pc-1"), ("export", "--out", "{folder}/out.csv"), ("move", "{folder}/copy.terrier"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_warning_later() -> Iterator[None]:
    """The driver warns of cursors whose connection was cut when they are collected: here, not in another test."""
    yield
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


@pytest.fixture(scope="module")
def databases() -> Iterator[list[SpareDatabases]]:
    """Databases of small estates, once the first is made."""
    made: list[SpareDatabases] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def url(terrier: Terrier, postgres_server: Server, databases: list[SpareDatabases], tmp_path: Path) -> Iterator[str]:
    """A small estate on a server."""
    sheet = tmp_path / "laptops.csv"
    sheet.write_text("Asset tag,Name,Class,Memory\nT-1,pc-1,Laptop,8 GB\nT-2,pc-2,Laptop,16 GB\n")
    blank = f"failing_{os.getpid()}"
    if not databases:
        postgres_server.ask(f'CREATE DATABASE "{blank}"')
        first = postgres_server.url(blank)
        assert terrier("new", first).status == DONE
        assert terrier("--db", first, "import", sheet).status == DONE
        databases.append(SpareDatabases(postgres_server, blank))
    (spare,) = databases
    name = f"{blank}_now"
    spare.take(name)
    sheet.write_text("Asset tag,Name,Class,Memory\nT-1,pc-1,Laptop,4 GB\nT-3,pc-3,Laptop,16 GB\n")
    yield postgres_server.url(name)
    if not spare.give_back(name):
        postgres_server.ask(f'DROP DATABASE "{name}" WITH (FORCE)')


def words(command: tuple[str, ...], folder: Path) -> list[str]:
    return [word.format(folder=folder, sheet=folder / "laptops.csv") for word in command]


def is_one_line(done: Done) -> None:
    assert done.status in (DONE, UNUSABLE), done.err
    assert "Traceback" not in done.err
    if done.status == UNUSABLE:
        assert len(done.err.splitlines()) == 1, done.err


@pytest.fixture
def statements() -> Iterator[Callable[[int, Callable[[], None]], None]]:
    """Does something before the statement of that number, counted over all connections."""
    hooks: list[Any] = []

    def at(number: int, act: Callable[[], None]) -> None:
        left = [number]

        def before(*_args: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                act()

        while hooks:
            event.remove(Engine, "before_cursor_execute", hooks.pop())
        hooks.append(before)
        event.listen(Engine, "before_cursor_execute", before)

    yield at
    for hook in hooks:
        event.remove(Engine, "before_cursor_execute", hook)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_connection_that_is_cut_at_any_moment(
    terrier: Terrier, url: str, postgres_server: Server, tmp_path: Path, statements: Any, command: tuple[str, ...]
) -> None:
    database = url.rpartition("@/")[2].partition("?")[0]
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
    for number in (1, 4, 9, 16, 30):
        statements(number, lambda: postgres_server.ask(cut))
        done = terrier("--db", url, *words(command, tmp_path))
        is_one_line(done)
    statements(0, lambda: None)
    assert not list(tmp_path.glob(".*"))
    assert terrier("--db", url, "check").status == DONE


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("setting", "said"),
    [("statement_timeout=1", "statement_timeout"), ("idle_in_transaction_session_timeout=1", "idle_in_transaction")],
)
def test_a_server_that_allows_little_time(
    terrier: Terrier, url: str, tmp_path: Path, command: tuple[str, ...], setting: str, said: str
) -> None:
    done = terrier("--db", f"{url}&options=-c%20{setting}", *words(command, tmp_path))
    is_one_line(done)
    if done.status == UNUSABLE:
        assert said in done.err or "was lost" in done.err, done.err


def test_what_a_lock_holds_up_says_so(terrier: Terrier, url: str, postgres_server: Server, tmp_path: Path) -> None:
    database = url.rpartition("@/")[2].partition("?")[0]
    with postgres_server.connect(database) as other:
        other.execute("LOCK TABLE revision IN ACCESS EXCLUSIVE MODE")
        done = terrier("--db", f"{url}&options=-c%20lock_timeout=50ms", "set", "T-1", "memory=1")
        other.rollback()
    assert done.status == UNUSABLE
    assert "is in use" in done.err
