"""The order of urgency, the exceptions of a position, and the workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.answer_cache import AnswerCache
from app.licences.exceptions import all_exceptions, exceptions_about
from app.licences.position_order import VERDICTS, key_of, ranked
from app.licences.workbook import write_workbook
from app.settings import Settings
from app.workspace import Workspace
from cmdb.licences.engine.facts import Device, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Positions
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small

DAY = date(2026, 11, 29)


def positions() -> Positions:
    """Visio is two short and costs most, Project is one short, 7-Zip needs no licence."""
    devices = tuple(Device(f"d{n}", f"PC-{n}") for n in range(3))
    installed = [InstallationFact(d.id, p, edition="Professional", version="2021")
                 for d in devices for p in ("Visio", "Project")]  # fmt: skip
    installed.append(InstallationFact("d0", "7-Zip"))
    entitlements = tuple(
        Entitlement(name, name, name, edition="Professional", version="2021", metric="device", quantity=quantity,
                    unit_cost=cost, currency="EUR")
        for name, quantity, cost in (("Visio", 1, 200.0), ("Project", 2, 100.0))
    )  # fmt: skip
    return position(Facts(devices=devices, installations=tuple(installed), entitlements=entitlements), DAY)


def test_what_is_short_comes_first_and_the_dearest_of_it() -> None:
    found = ranked(positions().positions)
    assert [one.product for one in found] == ["Visio", "Project", "7-Zip"]
    assert [VERDICTS[one.verdict] for one in found] == ["bad", "bad", "neutral"]
    assert key_of(found[0]) == ("Visio", "Professional", "2021", "device")


def test_exceptions_are_those_of_its_product() -> None:
    found = positions()
    zipped = next(one for one in found.positions if one.product == "7-Zip")
    assert {one.product for one in exceptions_about(zipped, found.exceptions)} == {"7-Zip"}
    visio = next(one for one in found.positions if one.product == "Visio")
    assert exceptions_about(visio, found.exceptions) == []


def test_what_is_not_recognised_is_among_the_exceptions() -> None:
    devices = (Device("d0", "PC-0"), Device("d1", "PC-1"))
    installed = tuple(InstallationFact(one.id, "House software", "Us", version="1") for one in devices)
    found = position(Facts(devices=devices, installations=installed), DAY)
    (line,) = [one for one in all_exceptions(found) if one.kind == "unrecognised"]
    assert (line.product, str(line.text)) == ("House software", "unknown; 2 installations on 2 computers")


def test_the_workbook_is_written_over_what_was_known_and_can_be_stopped(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    fill_small(store)
    workspace = Workspace(store, Settings())
    try:
        path = tmp_path / "position.xlsx"
        assert write_workbook(Control(), workspace, AnswerCache(), path, DAY, 1) == path
        assert "Position" in openpyxl.load_workbook(path).sheetnames
        stopped = Control()
        stopped.cancel()
        with pytest.raises(Cancelled):
            write_workbook(stopped, workspace, AnswerCache(), tmp_path / "none.xlsx", DAY, None)
        assert not (tmp_path / "none.xlsx").exists()
    finally:
        workspace.close()
