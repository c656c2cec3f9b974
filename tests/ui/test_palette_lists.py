"""What a person may type into the palette: every kind of thing that has a list, a page or a record is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.assets.views import NamedView, ShownList, save, saved_views
from app.map.question import MapQuestion
from app.map.views import save as save_map
from ui.context import Context
from ui.palette import PaletteEntry, rank
from ui.shell.palette_search import find_items

Settle = Callable[..., None]


@pytest.fixture
def offered(context: Context, settle: Settle) -> Callable[[str], list[PaletteEntry]]:
    """What is offered for a text, in order."""

    def found(text: str) -> list[PaletteEntry]:
        offers: list[PaletteEntry] = []
        find_items(context, text, offers.extend)
        settle()
        return rank(text, offers)

    return found


@pytest.mark.parametrize(
    ("text", "title", "cls"),
    [
        ("laptops", "Laptops", "laptop"), ("Laptop", "Laptops", "laptop"), ("notebook", "Laptops", "laptop"),
        ("entitlements", "Entitlements", "entitlement"), ("people", "People", "person"), ("person", "People", "person"),
        ("places", "Places", "place"), ("sites", "Sites", "site"), ("tasks", "Tasks", "task"),
        ("servers", "Servers", "server"),
    ],
)  # fmt: skip
def test_a_class_in_any_number_offers_its_list(
    offered: Callable[[str], list[PaletteEntry]], shell: Any, text: str, title: str, cls: str
) -> None:
    found = offered(text)
    place = [one.title for one in found].index(title)
    assert place < 3, [one.title for one in found]
    found[place].run()
    assert shell.said("open_list")[-1][0] == cls


def test_saved_views_are_offered_by_their_names(
    offered: Callable[[str], list[PaletteEntry]], context: Context, shell: Any, settle: Settle
) -> None:
    context.edit(lambda reader: save(reader, "Warranties ending", ShownList("laptop"), "anna"))
    context.edit(lambda reader: save(reader, "Warranty calls", ShownList("task"), "anna", "tasks"))
    context.edit(lambda reader: save_map(reader, "Warranty map", MapQuestion("a"), {}, "anna"))
    settle()
    found = {one.title: one for one in offered("warrant")}
    assert found.keys() >= {"Warranties ending", "Warranty calls", "Warranty map"}
    found["Warranty calls"].run()
    (view,) = shell.said("open_view")[-1]
    assert isinstance(view, NamedView)
    assert view.view.cls == "task"
    found["Warranty map"].run()
    page, params = shell.said("go")[-1]
    assert (page, set(params)) == ("map", {"view"})
    with context.workspace.read() as reader:
        assert saved_views(reader)


def test_a_place_offers_what_is_in_it(
    offered: Callable[[str], list[PaletteEntry]], context: Context, shell: Any
) -> None:
    found = {one.title: one for one in offered("rotterdam")}
    found["Hardware in Rotterdam"].run()
    assert shell.said("open_list")[-1] == ("hardware", "location within Rotterdam", "")
