"""Saved traces: they say where and what kind, and hold nothing of the estate."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from app.faults import describe, save_trace, trace_of
from app.settings import config_folder
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

SECRET = "Anna's laptop"


def failed(work: object) -> BaseException:
    try:
        work()  # type: ignore[operator]
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def chained() -> None:
    try:
        try:
            {}[SECRET]
        except KeyError:
            raise NotFound(Message("There is no {name}.", name=SECRET)) from None
    except NotFound as error:
        group = ExceptionGroup(SECRET, [ValueError(SECRET), OSError(13, SECRET, SECRET)])
        group.add_note(SECRET)
        raise group from error


def test_a_trace_has_places_and_kinds_and_no_values() -> None:
    text = trace_of(failed(chained))
    assert SECRET not in text
    assert "in chained" in text
    for word in ("NotFound: There is no {name}.", "ExceptionGroup", "ValueError", "PermissionError: EACCES"):
        assert word in text


def test_what_leads_to_itself_comes_to_an_end() -> None:
    one, two = ValueError(SECRET), KeyError(SECRET)
    one.__cause__, two.__cause__ = two, one
    assert trace_of(one).count("KeyError") == 1


def test_an_error_of_the_database_quotes_no_row(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "x.terrier")

    def broken(self: Store) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("SELECT nonsense(?)", (SECRET,))

    error = failed(lambda: broken(store))
    assert "OperationalError" in trace_of(error)
    assert SECRET not in trace_of(error) + str(error) + repr(error)
    store.close()


def test_a_trace_is_its_owner_s_and_names_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = config_folder() / "faults"
    folder.mkdir(parents=True, mode=0o755)
    monkeypatch.setattr(sys, "argv", ["main.py", f"--db=postgresql://me:{SECRET}@db/x", "list", SECRET])
    saved = [save_trace(ValueError(SECRET)) for _ in range(2)]
    assert len(set(saved)) == 2
    for path in saved:
        assert path is not None
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert SECRET not in path.read_text("utf-8")
        assert "command: list\n" in path.read_text("utf-8")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_where_nothing_can_be_written_it_is_still_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_CONFIG", os.devnull)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "none"))
    assert describe(ValueError(SECRET)) == "Terrier made a mistake (ValueError). Its trace could not be saved."
