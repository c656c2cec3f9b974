"""The palette's offers of lists: the records of a class, what is in a place, saved views of lists and of the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from cmdb.model.messages import tr
from ui.palette import PaletteEntry, score

if TYPE_CHECKING:
    from app.found_lists import FoundLists
    from cmdb.model.records import CI
    from ui.context import Context

_LEAST = 50
"""The least score of a list: by letters in order, as "imps" finds "Import spreadsheet", too many classes are found."""
_HARDWARE = "hardware"


def list_offers(context: Context, text: str, items: Iterable[CI], found: FoundLists) -> list[PaletteEntry]:
    """The lists that the words name, in the singular or the plural; ``items`` are those that the words find."""
    named = [*_classes(context), *_views(context, found)]
    return [
        *(one for one in named if score(text, one.title, one.words) >= _LEAST),
        *_places(context, items, found),
    ]


def _classes(context: Context) -> Iterator[PaletteEntry]:
    for one in context.schema.classes.values():
        if not one.hidden:
            run, words = partial(context.shell.open_list, one.name), " ".join((one.label, *one.synonyms))
            yield PaletteEntry(tr("Lists"), one.plural, run, one.icon, tr("All of this class"), words=words)


def _views(context: Context, found: FoundLists) -> Iterator[PaletteEntry]:
    shell, schema = context.shell, context.schema
    for one in found.views:
        cls = schema.cls(one.view.cls)
        run = partial(shell.open_view, one)
        yield PaletteEntry(tr("Lists"), one.name, run, cls.icon, tr("Saved view of {classes}", classes=cls.plural))
    for view in found.maps:
        run = partial(shell.go, "map", view=view.id)
        yield PaletteEntry(tr("Lists"), view.name, run, "map", tr("Saved view of the map"))


def _places(context: Context, items: Iterable[CI], found: FoundLists) -> Iterator[PaletteEntry]:
    shell, schema = context.shell, context.schema
    for one in items:
        if one.uid in found.places and _HARDWARE in schema.classes:
            title = tr("{classes} in {place}", classes=schema.cls(_HARDWARE).plural, place=one.name)
            run = partial(shell.open_list, _HARDWARE, found.places[one.uid])
            yield PaletteEntry(tr("Lists"), title, run, schema.cls(one.cls).icon, sure=True)
