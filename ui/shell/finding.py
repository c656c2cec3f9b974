"""What the palette offers: the items that a search finds, the actions that are enabled, the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.finding import searched
from ui.actions import Action
from ui.palette import LIMIT, Offer

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from ui.context import Context

_IDENTIFYING = ("asset_tag", "serial_number", "email", "host_name")


def action_offers(actions: Iterable[Action]) -> list[Offer]:
    """The enabled actions; those of the Go menu count as pages."""
    found = []
    for action in actions:
        if action.enabled() and action.id != "go.palette":
            page = action.id.startswith("go.") and action.id not in ("go.back", "go.forward")
            group = "Pages" if page else "Actions"
            title = action.title.rstrip("…") if page else action.title
            found.append(Offer(group, title, action.run, action.icon, keys=action.shortcut, words=action.hint))
    return sorted(found, key=lambda offer: offer.group != "Pages")


def find_items(context: Context, text: str, take: Callable[[list[Offer]], None]) -> None:
    """Looks items up in a worker; ``take`` gets them as offers, the best first."""

    def show(found: list[CI]) -> None:
        take([_offer(context, one) for one in found])

    context.query(lambda reader: searched(reader, text, LIMIT), show, key="palette")


def _offer(context: Context, one: CI) -> Offer:
    cls = context.schema.cls(one.cls)
    extra = [str(one.values[name]) for name in _IDENTIFYING if one.values.get(name)][:2]
    note = " · ".join((cls.label, *extra, str(one.values.get("status", ""))))
    uid = one.uid
    return Offer(
        "Items", one.name, lambda: context.shell.open_ci(uid), cls.icon, note.rstrip(" ·"), words=note, sure=True
    )
