"""Undo and redo of a session: in order, and a failed one is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, Conflict, InvalidValue, Irreversible, NotFound, StoreProblem
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.register import edits
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    found = Workspace(create_estate(tmp_path / "a.terrier"), Settings())
    yield found
    found.close()


def notes(workspace: Workspace) -> str:
    with workspace.read() as reader:
        return str(reader.find("LT-1").values.get("notes", ""))


def write(workspace: Workspace, text: str) -> int:
    return workspace.edit(lambda r: edits.set_values(r, [r.find("LT-1").uid], {"notes": text}, "me")).number


@pytest.fixture
def three(workspace: Workspace) -> list[int]:
    values = {"class": "laptop", "name": "LT-1"}
    workspace.store.apply(Revision([Edit(ci(new_id()), "", None, values)], "tester"))
    return [write(workspace, text) for text in ("one", "two", "three")]


@pytest.mark.parametrize(
    "error",
    [
        StoreProblem(Message("in use")),
        Conflict(Message("changed")),
        InvalidValue(Message("no such")),
        NotFound(Message("it refers to what is gone")),
        Cancelled(),
        ValueError("a bug"),
    ],
)
def test_a_failed_undo_is_tried_again_next(
    workspace: Workspace, three: list[int], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    apply = Store.apply

    def fail(store: Store, revision: Revision, control: Control | None = None) -> Any:
        raise error

    for step in (workspace.undo, workspace.redo):
        monkeypatch.setattr(Store, "apply", fail)
        with pytest.raises(type(error)):
            step()
        assert workspace.can_undo
        assert notes(workspace) == ("three" if step == workspace.undo else "two")
        monkeypatch.setattr(Store, "apply", apply)
        assert step() is not None
        assert notes(workspace) == ("two" if step == workspace.undo else "three")
    workspace.undo()
    workspace.undo()
    assert notes(workspace) == "one", "in turn, none left out"


def test_an_impossible_undo_is_skipped(workspace: Workspace, three: list[int]) -> None:
    from cmdb.register import history

    history.undo(workspace.store, three[-1], "somebody else")
    assert notes(workspace) == "two"
    with pytest.raises(Irreversible, match="taken back already"):
        workspace.undo()
    assert workspace.undo() is not None, "the one before it"
    assert notes(workspace) == "one"
