"""What can be done on the map, for its menus, the palette and the shortcut list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.actions import Action

if TYPE_CHECKING:
    from ui.pages.map.page import MapPage

_CONTEXT = ("context",)


def map_actions(page: MapPage) -> tuple[Action, ...]:
    """The actions, in the order of the context menu."""
    view = page.view

    def chosen() -> bool:
        return bool(page.chosen_uid)

    def shown() -> bool:
        return page.answer is not None

    def with_current(run: Callable[[int], object]) -> Callable[[], None]:
        def act() -> None:
            if view.current is not None:
                run(view.current)

        return act

    return (
        Action("map.fail", "Fail this", lambda: page.fail(page.chosen_uid), "power", "Ctrl+Shift+X", _CONTEXT, chosen,
               lambda: page.chosen_uid in page.question.failed, "Let the selected item fail"),
        Action("map.expand", "Show more around it", with_current(page.expand), "plus", "", _CONTEXT, chosen,
               hint="Show more neighbours (Enter)", separator=True),
        Action("map.collapse", "Hide what is behind it", with_current(page.collapse), "minus", "", _CONTEXT, chosen),
        Action("map.start", "Start from here", lambda: page.ask(page.question.starting(page.chosen_uid)), "focus", "",
               _CONTEXT, chosen),
        Action("map.focus", "Focus", with_current(view.focus_on), "camera-focus", "", _CONTEXT, chosen,
               hint="Put the selected item into the middle (F)"),
        Action("map.connect", "Connect to…", page.connect_chosen, "link", "Ctrl+L", _CONTEXT,
               lambda: chosen() and page.context.editable, separator=True),
        Action("map.open", "Open in Assets", lambda: page.context.shell.open_ci(page.chosen_uid), "open", "", _CONTEXT,
               chosen),
        Action("map.clear", "Nothing fails", lambda: page.ask(replace(page.question, failed=(), depth=0)), "good", "",
               _CONTEXT, lambda: bool(page.question.failed), separator=True),
        Action("map.fit", "Fit", view.fit, "fit", "", _CONTEXT, shown, hint="Show the whole drawing (0)"),
        Action("map.larger", "Larger", lambda: view.zoom(1.25), "zoom-in", "", (), shown, hint="Larger (+)"),
        Action("map.smaller", "Smaller", lambda: view.zoom(0.8), "zoom-out", "", (), shown, hint="Smaller (-)"),
        Action("map.back", "Back on the map", lambda: page.step(-1), "arrow-left", "Ctrl+[", (),
               lambda: page.can_step(-1)),
        Action("map.forward", "Forward on the map", lambda: page.step(1), "arrow-right", "Ctrl+]", (),
               lambda: page.can_step(1)),
        *page.keeping.actions(shown),
    )  # fmt: skip
