"""Saved views of lists: kept, found by name, forgotten."""

from __future__ import annotations

from app.assets.views import ShownList, forget, save, saved_views
from app.workspace import Workspace
from cmdb.model.revision import Edit, Record, Revision, new_id

MINE = ShownList("laptop", "status = Deployed", "-name", ("name", "status"))


def test_a_saved_view_is_read_unchanged(workspace: Workspace) -> None:
    workspace.apply(save("Zebra", ShownList("ci"), "anna"))
    workspace.apply(save("mine", MINE, "anna"))
    with workspace.read() as reader:
        found = saved_views(reader)
    assert [one.name for one in found] == ["mine", "Zebra"]
    assert found[0].view == MINE
    workspace.edit(lambda reader: forget(reader, found[0], "tom"))
    assert [one.name for one in workspace.question(saved_views).answer()] == ["Zebra"]
    assert not workspace.edit(lambda reader: forget(reader, found[0], "tom")).number, "it is gone already"


def test_views_of_the_map_and_of_unknown_classes_are_others_business(workspace: Workspace) -> None:
    for cls in ("map", "spaceship"):
        fields = {"name": "Around sw-2", "cls": cls, "where": "", "sort": "", "columns": []}
        workspace.apply(Revision([Edit(Record("saved_view", (new_id(),)), "", None, fields)], "anna"))
    assert workspace.question(saved_views).answer() == []
