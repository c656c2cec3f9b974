"""Undo and redo of a session: in order, and a failed one is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from app.undo import kept_text, step_title, undo_preview
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, Conflict, InvalidValue, Irreversible, NotFound, StoreProblem
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import edits
from cmdb.register.revision_titles import titled
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

    for step in (workspace.undo_stack.undo, workspace.undo_stack.redo):
        monkeypatch.setattr(Store, "apply", fail)
        with pytest.raises(type(error)):
            step()
        assert workspace.undo_stack.can_undo
        assert notes(workspace) == ("three" if step == workspace.undo_stack.undo else "two")
        monkeypatch.setattr(Store, "apply", apply)
        assert step() is not None
        assert notes(workspace) == ("two" if step == workspace.undo_stack.undo else "three")
    workspace.undo_stack.undo()
    workspace.undo_stack.undo()
    assert notes(workspace) == "one", "in turn, none left out"


def test_an_impossible_undo_is_skipped(workspace: Workspace, three: list[int]) -> None:
    from cmdb.register import history

    history.undo(workspace.store, three[-1], "somebody else")
    assert notes(workspace) == "two"
    with pytest.raises(Irreversible, match="taken back already"):
        workspace.undo_stack.undo()
    assert workspace.undo_stack.undo() is not None, "the one before it"
    assert notes(workspace) == "one"


def test_an_undo_is_called_by_what_it_takes_back(workspace: Workspace, three: list[int]) -> None:
    workspace.undo_stack.undo()
    with workspace.read() as reader:
        latest = titled(reader, reader.revisions(limit=1))[0]
        assert str(latest.title) == "Undo: Notes of LT-1 changed"
        assert str(step_title(reader, latest.number)) == str(step_title(reader, three[-1])) == "Notes of LT-1 changed"


def test_an_undo_names_the_question_that_was_answered_since(workspace: Workspace) -> None:
    record = Record("decision", ("one",))
    asked = Edit(record, "", None, {"kind": "rows", "state": "open", "name": "DT-9", "question": "Which?"})
    number = workspace.apply(Revision([asked], "me")).number
    workspace.apply(Revision([Edit(record, "state", "open", "done")], "me"))
    with workspace.read() as reader:
        kept = undo_preview(reader, number, "me").kept
        assert [kept_text(workspace.schema, one) for one in kept] == ["DT-9: Decision of the review"]
