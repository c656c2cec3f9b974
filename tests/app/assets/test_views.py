"""Saved views of lists: kept, found by name, forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.assets.views import ShownList, change, forget, save, saved_views
from app.question import Ask
from app.workspace import Workspace
from cmdb.model.errors import Conflict, NotFound
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.store.reading.reader import Reader

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
    (one,) = workspace.question(saved_views).answer()
    workspace.edit(lambda reader: save(reader, " Mine", grouped, "tom", over=one))
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


def beside(workspace: Workspace, make: Ask[Revision], others: Ask[Revision]) -> Ask[Revision]:
    """``make``, where somebody else writes between the decision and its revision, once."""
    left = [others]

    def made(reader: Reader) -> Revision:
        revision = make(reader)
        if left:
            with workspace.read() as present:
                workspace.store.apply(replace(left.pop()(present), decided_at=present.number))
        return revision

    return made


def test_two_who_save_a_view_under_one_name_at_once_make_one(workspace: Workspace) -> None:
    hers = replace(MINE, where="status = Lost")
    with pytest.raises(Conflict, match="Another view was saved as “mine” meanwhile"):
        workspace.edit(
            beside(workspace, lambda reader: save(reader, "mine", MINE, "anna"),
                   lambda reader: save(reader, "Mine", hers, "bea"))
        )  # fmt: skip
    assert [(one.name, one.view) for one in workspace.question(saved_views).answer()] == [("Mine", hers)]
    with pytest.raises(Conflict, match="Another view"):
        workspace.edit(lambda reader: save(reader, "mine", MINE, "anna"))


def test_two_who_save_views_of_other_names_at_once_keep_both(workspace: Workspace) -> None:
    applied = workspace.edit(
        beside(workspace, lambda reader: save(reader, "mine", MINE, "anna"),
               lambda reader: save(reader, "hers", MINE, "bea"))
    )  # fmt: skip
    assert "View “hers” saved" in str(applied.meanwhile[0])
    assert [one.name for one in workspace.question(saved_views).answer()] == ["hers", "mine"]


@pytest.mark.parametrize("at_once", [True, False])
def test_nobody_overwrites_a_view_that_they_have_not_seen(workspace: Workspace, at_once: bool) -> None:
    """Also where the two change different parts of it."""
    workspace.edit(lambda reader: save(reader, "mine", MINE, "anna"))
    (seen,) = workspace.question(saved_views).answer()
    hers, his = replace(MINE, sort="name"), replace(MINE, where="status = Lost")
    others: Ask[Revision] = lambda reader: change(reader, seen, hers, "bea")  # noqa: E731
    make: Ask[Revision] = lambda reader: change(reader, seen, his, "tom")  # noqa: E731
    if not at_once:
        workspace.edit(others)
    with pytest.raises(Conflict, match="“mine” was changed meanwhile"):
        workspace.edit(beside(workspace, make, others) if at_once else make)
    with pytest.raises(Conflict, match="“mine” was changed meanwhile"):
        workspace.edit(lambda reader: save(reader, "mine", his, "tom", over=seen))
    with pytest.raises(Conflict, match="“mine” was changed meanwhile, and is not deleted"):
        workspace.edit(lambda reader: forget(reader, seen, "tom"))
    (one,) = workspace.question(saved_views).answer()
    assert one.view == hers
    workspace.edit(lambda reader: change(reader, one, his, "tom"))


def test_nobody_deletes_a_view_that_is_changed_at_the_same_moment(workspace: Workspace) -> None:
    workspace.edit(lambda reader: save(reader, "mine", MINE, "anna"))
    (seen,) = workspace.question(saved_views).answer()
    hers = replace(MINE, sort="name")
    with pytest.raises(Conflict, match="is not deleted"):
        workspace.edit(
            beside(workspace, lambda reader: forget(reader, seen, "tom"),
                   lambda reader: change(reader, seen, hers, "bea"))
        )  # fmt: skip
    (one,) = workspace.question(saved_views).answer()
    assert one.view == hers
