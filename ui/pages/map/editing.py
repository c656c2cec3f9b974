"""Drawing is editing: lines drawn on the map become links, proposals become groups, all through revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from app.map.facts import Offer
from ui.actions import Action, fill_menu
from ui.pages.map.connecting import ConnectForm, Link, allowed, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.pages.map.page import MapPage


class Editing:
    """What the map writes; belongs to a map page."""

    def __init__(self, page: MapPage) -> None:
        self._page = page

    def offer_links(self, first: int, second: int, place: QPoint) -> None:
        """A line was drawn: asks which of the types that the classes allow it is."""
        page, found = self._page, self._page.answer
        if found is None:
            return
        ends = [(found.uids[ci], found.names[ci]) for ci in (first, second)]
        links = allowed(found.graph.schema, found.cls(first), found.cls(second))

        def make(link: Link) -> Callable[[], None]:
            return lambda: connect(page.context, ends[0], ends[1], link)

        menu = QMenu(page)
        menu.setToolTipsVisible(True)
        actions = [
            Action(
                f"map.link.{link.type}.{link.inverse}",
                f"{ends[0][1]} {link.label} {ends[1][1]}".replace("&", "&&"),
                make(link),
                separator=at > 0 and links[at - 1].impact and not link.impact,
            )
            for at, link in enumerate(links)
        ]
        fill_menu(menu, actions, page.theme)
        if not links:
            menu.addAction("The schema has no relationship between these classes").setEnabled(False)
        menu.popup(place)

    def connect_chosen(self) -> None:
        """The form that links the selected CI with another one."""
        found, ci = self._page.answer, self._page.view.current
        if found is None or ci is None:
            return
        shell = self._page.context.shell
        name = found.names[ci]
        form = ConnectForm(self._page.context, found.uids[ci], name, found.cls(ci), shell.close_sheet)
        shell.sheet(f"Connect {name}", form, form.buttons())

    def record(self, offer: Offer) -> None:
        """Records a proposed dependency group."""
        from cmdb.register import edits

        author = self._page.context.author
        self._page.context.edit(
            lambda reader: edits.regroup(reader, offer.owner, offer.label, offer.needs, offer.links, author),
            said=f"Recorded: {offer.text.rstrip('?')}",
        )
