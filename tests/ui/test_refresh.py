"""What the window reads again after an edit: what the edit changed, and no more the larger the estate is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.workspace import Workspace
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.upkeep.startup import open_estate
from tests.ui.conftest import open_in_window
from ui.pages.assets.page import AssetsPage
from ui.shell.window import Window

Settle = Callable[..., None]
MOST = 10
"""Statements that read back what one attribute's edit changed; one asks for former names."""
_AROUND = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "--", "SELECT max(number) FROM revision")
"""What is no reading back: transactions, and the look every two seconds whether others have written."""


class Statements:
    """What is asked of the database in transactions that only read, from ``start`` on."""

    def __init__(self, workspace: Workspace) -> None:
        self.read: list[str] = []
        self._writing: set[int] = set()

        @event.listens_for(workspace.store._engine, "checkout")
        def watch(connection: Any, *_: Any) -> None:
            connection.set_trace_callback(self._hear)

    def _hear(self, sql: str) -> None:
        thread = threading.get_ident()
        if sql == "BEGIN IMMEDIATE":
            self._writing.add(thread)
        elif sql == "BEGIN":
            self._writing.discard(thread)
        elif thread not in self._writing and not sql.startswith(_AROUND):
            self.read.append(" ".join(sql.split()))


@pytest.fixture(params=[0, 3_000], ids=["small", "larger"])
def file(request: pytest.FixtureRequest, estate: Path) -> Path:
    """The small estate, alone and among many more items."""
    store = open_estate(estate)
    more = [{"class": "laptop", "name": f"ZZ-{n:05d}", "status": "Deployed"} for n in range(request.param)]
    store.apply(Revision([Edit(ci(new_id()), "", None, values) for values in more], "tester"))
    store.close()
    return estate


@pytest.fixture
def window(window: Window, file: Path, settle: Settle) -> Window:
    """The window, large, the file open."""
    window.resize(1500, 900)
    open_in_window(window, file, settle)
    return window


@pytest.mark.parametrize("name", ["notes", "status", "assigned_to"])
def test_one_attribute_reads_little_back(window: Window, settle: Settle, name: str) -> None:
    context = window.services.context
    assert context is not None
    with context.workspace.read() as reader:
        shown, other = reader.find("LT-2041"), reader.find("LT-2048")
        value = {"notes": "Spare", "status": "In repair", "assigned_to": other.values.get("assigned_to")}[name]
        value = value or next(one.uid for one in reader.search("Anja"))
        before = shown.values.get(name)
    assert value != before
    window.services.open_ci(shown.uid)
    settle()
    page = window.stack.page("assets")
    assert isinstance(page, AssetsPage)
    assert page.detail.uid == shown.uid
    settle(lambda: page.detail.parts is not None)
    page.listing.table.grab()
    settle()
    statements = Statements(context.workspace)
    model, painted = page.listing.model, set[int]()
    model.dataChanged.connect(lambda first, last, *_: painted.update(range(first.row(), last.row() + 1)))
    page.detail.facts.save(context.schema.all_attributes("laptop")[name], value, "said")
    settle(lambda: page.detail.loaded is not None and page.detail.loaded.ci.values.get(name) == value)
    page.listing.table.grab()
    settle()
    window.estate.hear()
    settle()
    written = [sql for sql in statements.read if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []
    # What the edit itself looks at before it writes: the record and the ids that it refers to.
    back = statements.read[2:]
    assert len(back) <= MOST, "\n".join(back)
    row = next(r for r in range(model.rowCount()) if model.ci(r) == page.detail.loaded.ci)
    assert model.ci(row).values.get(name) == value, "the table shows what the details have read"
    assert painted == {row}, "the row is painted, not the table"
