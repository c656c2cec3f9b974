"""The offers of the palette: the items that a search finds, the actions of all pages, the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from app.other_names import noted, words_of_action
from cmdb.model.messages import tr
from ui.actions import Action, without_dots
from ui.palette import LIMIT, PaletteEntry
from ui.shell.page_actions import run_or_say
from ui.shell.palette_lists import list_offers
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from app.found_lists import FoundLists
    from app.found_rows import FoundRow
    from cmdb.model.records import CI
    from ui.context import Context

_IDENTIFYING = ("asset_tag", "serial_number", "email", "host_name", "number")


def action_offers(
    actions: Iterable[Action], say: Callable[[str], None], titles: Mapping[str, str] | None = None
) -> list[PaletteEntry]:
    """Actions to choose from; those of the Go menu count as pages.

    Actions that can't be done now come last, with the reason, which is also shown when they are chosen. ``titles``
    are the pages' ones, by the part of the ids before the dot: those of other pages than the shown one say where.
    """
    found: list[tuple[bool, bool, PaletteEntry]] = []
    for action in actions:
        if action.id == "go.palette":
            continue
        page = action.id.startswith("go.") and action.id not in ("go.back", "go.forward")
        group = tr("Pages") if page else tr("Actions")
        title = without_dots(action.title) if page else str(action.title)
        refusal = str(action.refusal)
        note = refusal or (titles or {}).get(action.id.partition(".")[0], "")
        words = f"{action.hint} {words_of_action(action.id)}"
        offer = PaletteEntry(
            group, title, partial(run_or_say, action, say), action.icon, note, action.shortcut, words=words
        )
        found.append((not page, bool(refusal), offer))
    return [offer for *_, offer in sorted(found, key=lambda one: one[:2])]


def noted_offers(text: str, actions: Iterable[Action], say: Callable[[str], None]) -> list[PaletteEntry]:
    """Other programs' words for features that Terrier doesn't have: each names the nearest alternative."""
    known = {action.id: action for action in actions}
    return [
        PaletteEntry(
            tr("Actions"), name, partial(run_or_say, known[one.action], say), known[one.action].icon, str(one.note)
        )
        for name, one in noted(text)
        if one.action in known
    ]


def find_items(context: Context, text: str, take: Callable[[list[PaletteEntry]], None]) -> None:
    """Looks items and lists up in a worker; ``take`` gets them as offers, the lists first, the best items first."""
    from app.found_lists import found_lists  # with the first search, not with the window
    from app.found_rows import found_with_rows

    def show(found: tuple[list[CI], dict[str, FoundRow], FoundLists]) -> None:
        items, rows, lists = found
        take([*list_offers(context, text, items, lists), *(_offer(context, one, rows.get(one.uid)) for one in items)])

    context.query(
        lambda reader: (*(found := found_with_rows(reader, text, LIMIT)), found_lists(reader, found[0])), show,
        key="palette",
    )  # fmt: skip


def _offer(context: Context, one: CI, by: FoundRow | None) -> PaletteEntry:
    """An item; where a row of a section is why it was found, that is said, and choosing it opens the row."""
    cls = context.schema.cls(one.cls)
    extra = [str(one.values[name]) for name in _IDENTIFYING if one.values.get(name)][:2]
    if by is not None:
        extra = [by.words]
    standing = cls.standing
    note = " · ".join((cls.label, *extra, text_of(standing, one.values.get(standing.name), {})))
    uid, name, said = one.uid, cls.name, note.rstrip(" ·")

    def run() -> None:
        if by is not None and context.schema.root_of(name) == "ci":
            context.shell.go("assets", uid=uid, row=(by.section, by.key))
        else:
            context.shell.open_ci(uid, name)

    return PaletteEntry(tr("Items"), one.name, run, cls.icon, said, words=note, sure=True)
