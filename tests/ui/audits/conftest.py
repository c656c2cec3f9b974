"""An estate with a store of twenty laptops, a room next door, what was retired or lost, and an audit of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.audits.running import start
from cmdb.model.audits import AuditScope
from cmdb.model.revision import Edit, Revision, ci, new_id
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.audits.page import AuditsPage

Settle = Callable[..., None]


@dataclass
class AuditedStore:
    """The ids by name, and the audit."""

    ids: dict[str, str] = field(default_factory=dict)
    audit: str = ""


@pytest.fixture
def store(context: Context) -> AuditedStore:
    """The places and laptops; no audit yet."""
    found = AuditedStore()
    edits: list[Edit] = []

    def new(cls: str, name: str, **values: Any) -> str:
        uid = found.ids[name] = new_id()
        edits.append(Edit(ci(uid), "", None, {"class": cls, "name": name, **values}))
        return uid

    room, next_door = new("room", "Store"), new("room", "Office")
    for number in range(20):
        new("laptop", f"ST-{number:02}", asset_tag=f"S{number:03}", status="In stock", location=room)
    new("laptop", "OF-1", asset_tag="F001", status="Deployed", location=next_door)
    new("laptop", "RT-1", asset_tag="R001", status="Retired", location=next_door)
    new("laptop", "LO-1", asset_tag="L001", status="Lost", location=next_door)
    context.workspace.store.apply(Revision(edits, "anna"))
    return found


@pytest.fixture
def begin(context: Context, store: AuditedStore) -> Callable[..., str]:
    """Starts an audit of the store."""

    def run(**more: Any) -> str:
        scope = AuditScope(place=store.ids["Store"])
        with context.workspace.read() as reader:
            revision = start(reader, scope, "anna", **more)
        store.audit = next(iter(context.workspace.apply(revision).created))
        return store.audit

    return run


@pytest.fixture
def page(store: AuditedStore, begin: Callable[..., str], show_page: ShowPage, settle: Settle) -> AuditsPage:
    """The page with a running audit of the store."""
    begin()
    return opened(store, show_page, settle)


def opened(store: AuditedStore, show_page: ShowPage, settle: Settle) -> AuditsPage:
    """The page with the store's audit, focused."""
    made = show_page(AuditsPage)
    made.activateWindow()
    made.opened(uid=store.audit)
    settle()
    made.setFocus()
    return made
