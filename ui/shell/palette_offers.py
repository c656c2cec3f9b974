"""What the palette offers: the actions of the window and of all pages, the pages, and what a search finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from app.other_names import noted, words_of_action
from cmdb.model.messages import tr
from ui.actions import Action, ActionList, without_dots
from ui.palette import PaletteEntry
from ui.shell.page_actions import PageActions, run_or_say
from ui.shell.palette_search import find_items
from ui.shell.services import Services


class PaletteOffers:
    """The offers of a window with ``actions`` of its own and those of its ``pages``."""

    def __init__(self, services: Services, actions: ActionList, pages: PageActions) -> None:
        self._services, self._actions, self._pages = services, actions, pages

    def standing(self) -> list[PaletteEntry]:
        """What is offered without a search, those of the shown page before those of the others."""
        here = action_offers([*self._actions, *self._pages.here()], self._say)
        return here + action_offers(self._pages.elsewhere(), self._say, self._pages.titles())

    def find(self, text: str, take: Callable[[list[PaletteEntry]], None]) -> None:
        """Searches the open estate; ``take`` gets what other programs call so, then what is found."""
        if self._services.context is not None:
            actions = [*self._actions, *self._pages.here(), *self._pages.elsewhere()]
            others = noted_offers(text, actions, self._say)
            find_items(self._services.context, text, lambda found: take([*others, *found]))

    def _say(self, text: str) -> None:
        self._services.toast(text, tone="warning")


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
