"""An estate with licences, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cmdb.model.revision import Edit, Revision
from tests.ui.conftest import ShowPage
from tests.ui.licences.licences_user import (
    Settle,
    day,
    installed,
    new,
    uid,
)
from ui.context import Context
from ui.pages.licences.page import LicencesPage


@pytest.fixture
def licensed(context: Context) -> dict[str, Edit]:
    """An estate with a short product, an unknown one, a spare one, an exempt one, and one asking a question."""
    pcs = [new("laptop", name=f"PC-{n}", status="Deployed", last_seen=f"{day(0)}T00:00:00Z") for n in range(3)]
    host = new("server", name="host-x", status="Deployed", processor_sockets=2, cores_per_processor=8)
    vm = new("virtual_machine", name="vm-sql", status="Deployed", host=uid(host))
    visio = new("entitlement", name="Visio licences", product="Visio", edition="Professional", version="2021",
                metric="device", quantity=1, unit_cost=Decimal(200), currency="EUR", purchase_order="PO-1")  # fmt: skip
    sql = new("entitlement", name="SQL cores", product="SQL Server", edition="Standard", version="2019",
              metric="sql server core", quantity=4, pack_size=2, channel="volume")  # fmt: skip
    rar = new("entitlement", name="WinRAR", product="WinRAR", metric="device", quantity=5, channel="subscription",
              start=day(-300), end=day(20), cost=Decimal(50), currency="EUR")  # fmt: skip
    edits = [*pcs, host, vm, visio, sql, rar]
    context.workspace.apply(Revision(edits, "anna"))
    software = [installed(pc, "Microsoft Visio Professional 2021", "Microsoft", "Professional", "2021") for pc in pcs]
    software += [installed(pc, "7-Zip", "Igor Pavlov") for pc in pcs[:2]]
    software += [installed(pcs[0], "WinRAR", "win.rar GmbH"), installed(pcs[1], "Docker Desktop", "Docker")]
    software += [installed(vm, "Microsoft SQL Server 2019", "Microsoft", "Standard", "2019")]
    context.workspace.apply(Revision(software, "anna", "scan"))
    return {"pc": pcs[0], "vm": vm, "visio": visio, "sql": sql, "rar": rar}


@pytest.fixture
def show(show_page: ShowPage, context: Context, settle: Settle) -> Callable[..., LicencesPage]:
    """Opens the page, counted; revisions reach it as in the window."""

    def open_page(**params: Any) -> LicencesPage:
        page = show_page(LicencesPage, 1240, 850)
        page.opened(**params)
        settle(tasks=context.tasks)
        return page

    return open_page
