"""The walk through the page Classes: its lists, the form of each, and the preview of a change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.schema.attributes import change_attribute, form_of
from ui.pages.classes.lists import NAMES
from ui.pages.classes.page import _WITH_SOURCES, ClassesPage


def walk_classes(walk: Any) -> None:
    """Every list of a class, the form of a new line and of the first one, and a preview that asks."""
    part = "classes"
    page = walk.window.stack.page(part)
    assert isinstance(page, ClassesPage)
    page.tree.choose("hardware")
    page._load()
    walk.rest()
    for name in NAMES:
        page.tabs.choose(name)
        page._show_list(name)
        walk.rest()
        walk.look_at_page(part)
        orders = (page._change_sources,) if name in _WITH_SOURCES else ()
        for run in (page._add, page._change, *orders):
            run()
            walk.rest()
            walk.look(part, walk.window.sheet)
            walk.window.services.close_sheet()
    for run in (page._new_class, page._rename_class, page._change_class_sources, page._retire_class):
        run()
        walk.rest()
        walk.look(part, walk.window.sheet)
        walk.window.services.close_sheet()
    schema = page.context.schema
    form = form_of(schema.attribute("hardware", "status"))
    change = change_attribute(schema, "hardware", "status", replace(form, choices=(form.choices or ())[:2]))
    page.sheets.propose(lambda _: change)
    walk.rest()
    walk.look_at_others(part)
