"""What the Licences page counts anew, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtTest import QTest

from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision
from tests.ui.licences.licences_user import (
    Settle,
    current,
    day,
    press,
    products,
    shown,
)
from ui.context import Context
from ui.pages.licences.page import LicencesPage


def test_rights_are_judged_at_the_day_chosen(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["WinRAR", "", "", "device"])
    assert current(page).entitled == 5
    page.day.pick(day(21))
    settle(tasks=context.tasks)
    assert current(page).verdict == "short"
    assert page.state()["at"] == day(21)
    page.day.pick("")
    settle(tasks=context.tasks)
    assert current(page).verdict == "over-licensed"


def test_revisions_in_a_row_are_counted_once(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show()
    counted: list[object] = []
    page.counting.counted.connect(counted.append)
    visio = licensed["visio"].record
    for before, after in ((1, 2), (2, 3), (3, 8)):
        context.workspace.apply(Revision([Edit(visio, "quantity", before, after)], "anna"))
    settle(until=lambda: current(page).entitled == 8)
    assert len(counted) == 1
    assert current(page).verdict == "over-licensed"
    assert current(page).product == "Visio", "the cursor stays on its position"


def test_irrelevant_revisions_cause_no_new_computation(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show()
    busy: list[bool] = []
    page.counting.busy.connect(busy.append)
    context.workspace.apply(Revision([Edit(licensed["pc"].record, "notes", None, "scratched")], "anna"))
    QTest.qWait(450)
    settle(tasks=context.tasks)
    assert busy == []


def test_an_empty_estate_says_what_to_do(show: Callable[..., LicencesPage], context: Context) -> None:
    page = show()
    assert "Nothing to license yet" in shown(page)
    assert not page._export.isEnabled()
    press(page, "Import a spreadsheet")
    assert context.shell.said("go") == [("import", {})]  # type: ignore[attr-defined]


def test_a_failure_can_be_tried_again(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(known: object, reader: object, at: date, jobs: object) -> None:
        raise StoreProblem(Message("The estate cannot be read."), (Message("Its disk is gone."),))

    monkeypatch.setattr("ui.pages.licences.computation.positions_of", fail)
    page = show()
    assert "The estate cannot be read." in shown(page)
    monkeypatch.undo()
    press(page, "Try again")
    settle(tasks=context.tasks)
    assert len(products(page)) == 5
