"""What a person may type into the palette: every kind of thing that has a list, a page or a record is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.assets.views import NamedView, ShownList, save, saved_views
from app.codes.keyboards import TEST_CODE, Typing
from app.codes.scanner import keep_test
from app.codes.short_codes import short_code
from app.comments import comments_with, write
from app.map.question import MapQuestion
from app.map.views import save as save_map
from cmdb.model.selection import Selection
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


def test_a_comment_is_found_by_its_words(
    offered: Callable[[str], list[PaletteEntry]], context: Context, shell: Any, settle: Settle
) -> None:
    with context.workspace.read() as reader:
        laptop = reader.find("LT-2041").uid
    long = "It was dropped in the stairs of the north building, and since then the Gehäuse “rattles”."
    for text in (long, "The battery is weak"):
        context.edit(lambda reader, text=text: write(reader, laptop, text, "anna"))
    settle()
    (found,) = (one for one in offered("GEHÄUSE rattl") if one.group == "Comments")
    assert found.title == "LT-2041"
    assert found.note.startswith("anna, ")
    assert found.note.endswith(": … and since then the Gehäuse “rattles”.")
    found.run()
    assert shell.calls[-1][:2] == ("open_ci", laptop)
    assert [one for one in offered("battery stairs") if one.group == "Comments"] == [], "all words in one comment"
    assert [one for one in offered("is") if one.group == "Comments"] == [], "too short"
    with context.workspace.read() as reader:
        (weak, _) = comments_with(reader, "the", 9)
        assert weak.text == "The battery is weak", "the latest first"
        assert len(comments_with(reader, "the", 1)) == 1


def test_a_scanned_code_finds_its_record_first_whatever_form_it_has(
    offered: Callable[[str], list[PaletteEntry]], context: Context
) -> None:
    with context.workspace.read() as reader:
        tagged = next(one for one in reader.page(Selection("laptop")) if one.values.get("asset_tag"))
        site = next(iter(reader.page(Selection("site"))))
        place = short_code(reader.schema, site.cls, site.uid)
    tag = tagged.text("asset_tag")
    for code in (tag.lower(), f"*{tag}*", f"https://old.example.org/ht/{tag}", tagged.uid):
        assert offered(code)[0].title == tagged.name, code
    assert tag in offered(f"https://old.example.org/ht/{tag}")[0].note
    assert offered(place)[0].title == site.name
    keep_test(context.workspace.settings, Typing("us", "de").typed(TEST_CODE))
    assert offered(Typing("us", "de").typed(f"https://old.example.org/ht/{tag}"))[0].title == tagged.name
