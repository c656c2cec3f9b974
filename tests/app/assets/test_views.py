"""Saved views of lists: kept, found by name, forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.assets.views import ShownList, change, forget, save, saved_views
from app.workspace import Workspace
from cmdb.model.errors import NotFound
from cmdb.model.revision import Edit, Record, Revision, new_id

MINE = ShownList("laptop", "status = Deployed", "-name", ("name", "status"))


def test_a_saved_view_is_read_unchanged(workspace: Workspace) -> None:
    workspace.edit(lambda reader: save(reader, "Zebra", ShownList("ci"), "anna"))
    workspace.edit(lambda reader: save(reader, "mine", MINE, "anna"))
    with workspace.read() as reader:
        found = saved_views(reader)
    assert [one.name for one in found] == ["mine", "Zebra"]
    assert found[0].view == MINE
    workspace.edit(lambda reader: forget(reader, found[0], "tom"))
    assert [one.name for one in workspace.question(saved_views).answer()] == ["Zebra"]
    assert not workspace.edit(lambda reader: forget(reader, found[0], "tom")).number, "it is gone already"


def test_a_view_is_changed_in_place_also_by_its_name(workspace: Workspace) -> None:
    workspace.edit(lambda reader: save(reader, "mine", MINE, "anna"))
    grouped = replace(MINE, where="", columns=("name",), group="status")
    workspace.edit(lambda reader: save(reader, " Mine", grouped, "tom"))
    (one,) = workspace.question(saved_views).answer()
    assert (one.name, one.view) == ("mine", grouped)
    workspace.edit(lambda reader: change(reader, one, MINE, "tom"))
    (one,) = workspace.question(saved_views).answer()
    assert one.view == MINE, "the grouping is gone again"
    assert not workspace.edit(lambda reader: change(reader, one, MINE, "tom")).number, "nothing changes"
    workspace.undo_stack.undo()
    (one,) = workspace.question(saved_views).answer()
    assert one.view == grouped
    workspace.edit(lambda reader: forget(reader, one, "anna"))
    with pytest.raises(NotFound, match="deleted meanwhile"):
        workspace.edit(lambda reader: change(reader, one, MINE, "tom"))


def test_views_of_the_map_and_of_unknown_classes_are_others_business(workspace: Workspace) -> None:
    for cls in ("map", "spaceship"):
        fields = {"name": "Around sw-2", "cls": cls, "where": "", "sort": "", "columns": []}
        workspace.apply(Revision([Edit(Record("saved_view", (new_id(),)), "", None, fields)], "anna"))
    assert workspace.question(saved_views).answer() == []
