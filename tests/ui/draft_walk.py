"""A draft in the walk through the window: made, written into, in conflict, and shown on the pages that name it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit

from app.drafts import make_draft
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from ui.pages.drafts.page import DraftPage


def walk_drafts(walk: Any) -> None:
    """The sheet of a new draft, the band, the draft's page with and without conflicts, and the pages beside it."""
    window, workspace = walk.window, walk.window.estate.workspace
    window.drafts.ask_new()
    walk.look("drafts", window.sheet)
    assert window.sheet.findChildren(QLineEdit)
    window.services.close_sheet()
    draft, _ = make_draft(workspace.base, "Σχέδιο", "άννα")
    window.drafts.open(draft.id)
    walk.rest(window.drafts.is_open)
    with workspace.base.read() as reader:
        host, laptop = (reader.page(Selection(cls), limit=1)[0] for cls in ("server", "laptop"))
    edits = [Edit(ci(one.uid), "status", one.values.get("status"), "Retired") for one in (host, laptop)]
    workspace.apply(Revision(edits, "άννα"))
    workspace.base.apply(Revision([Edit(ci(laptop.uid), "status", laptop.values.get("status"), "Lost")], "άννα"))
    page = walk.page("drafts")
    assert isinstance(page, DraftPage)
    walk.rest(lambda: bool(page.conflicts.model.rows) and window.drafts.state is not None)
    page.table.selectRow(0)
    walk.look_at_page("drafts")
    walk.look("drafts", window.drafts.band, window.top)
    for action in window.actions_list:
        walk.hear("drafts", str(action.refusal))
    window.drafts.apply()
    walk.look_at_others("drafts")
    window.drafts.drop()
    walk.look_at_others("drafts")
    walk.page("licences")
    walk.page("map", uid=host.uid, impact=True)
    walk.page("history")
    page.conflicts.take.click()
    walk.rest()
    window.services.close_sheet()
    window.drafts.leave()
    walk.rest()
    walk.page("drafts")
