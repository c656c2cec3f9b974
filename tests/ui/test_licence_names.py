"""Names of installed software: the list of Licences, a product's tab, a computer's software, the sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.pages.licences.page import LicencesPage
from ui.records.recognise_sheet import RecogniseForm

Settle = Callable[..., None]


def _installed(computer: str, product: str, publisher: str, version: str) -> Edit:
    return Edit(Record("installation", (computer, "", publisher, product, "", version)), "", None, {"origin": "scan"})


@pytest.fixture
def pcs(context: Context) -> list[str]:
    """Three laptops: two with Frob Suite, all with Chrome; and a product Visio."""
    uids = [new_id() for _ in range(3)]
    edits = [Edit(ci(uid), "", None, {"class": "laptop", "name": f"PC-{n}"}) for n, uid in enumerate(uids)]
    edits.append(Edit(ci(new_id()), "", None, {"class": "software_product", "name": "Visio", "publisher": "Microsoft"}))
    software = [_installed(uid, "Frob Suite 3.1 (x64)", "Frob Inc.", "3.1") for uid in uids[:2]]
    software += [_installed(uid, "Google Chrome", "Google LLC", "120.0") for uid in uids]
    context.workspace.apply(Revision([*edits, *software], "anna", "scan"))
    return uids


@pytest.fixture
def sheet(context: Context, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, tuple[QWidget, ...]]]:
    """The sheets that were opened, with their buttons; none is shown by the test's shell."""
    opened: list[tuple[Any, tuple[QWidget, ...]]] = []
    monkeypatch.setattr(
        type(context.shell), "sheet", lambda _, title, content, buttons=(): opened.append((content, buttons))
    )
    return opened


def _listed(page: LicencesPage) -> list[str]:
    return [one.reported.product for one in page.names.model.rows]


def _choose(page: LicencesPage, product: str) -> None:
    page.names.table.selectRow(_listed(page).index(product))


def test_a_name_that_is_not_recognised_is_listed_and_said_to_be_a_product(
    show_page: ShowPage, context: Context, settle: Settle, pcs: list[str], sheet: list[Any]
) -> None:
    page = show_page(LicencesPage)
    page.opened(view="names")
    settle(tasks=context.tasks)
    assert _listed(page) == ["Frob Suite 3.1 (x64)"]  # what is not recognised, at first
    assert not page.names.can_recognise
    _choose(page, "Frob Suite 3.1 (x64)")
    page.names.recognise()
    settle(tasks=context.tasks)
    form, buttons = sheet.pop()
    assert isinstance(form, RecogniseForm)
    said = "\n".join(label.text() for label in form.findChildren(QLabel))
    assert "Frob Suite 3.1 (x64)" in said
    assert "2 installations on 2 computers follow at once" in said
    assert len(buttons) == 2  # nothing was said yet that could be taken back
    form.save()
    assert form.error.isVisibleTo(form)  # an application needs a product
    form.product.setText("Visio")
    assert form.publisher.text() == "Microsoft"
    form.edition.setText("Professional")
    form.save()
    settle(tasks=context.tasks)
    assert _listed(page) == []
    page.names.chips.choose({"said"})
    page.names._filter()
    assert [one.meaning for one in page.names.model.rows] == ["Visio, Professional"]
    _choose(page, "Frob Suite 3.1 (x64)")
    page.names.recognise()
    settle(tasks=context.tasks)
    form, buttons = sheet.pop()
    assert len(buttons) == 3
    form.take_back()
    settle(tasks=context.tasks)
    page.names.chips.choose({"unknown"})
    page.names._filter()
    assert _listed(page) == ["Frob Suite 3.1 (x64)"]


def test_only_an_application_is_asked_for_a_product(
    show_page: ShowPage, context: Context, settle: Settle, pcs: list[str], sheet: list[Any]
) -> None:
    page = show_page(LicencesPage)
    page.opened(view="names")
    settle(tasks=context.tasks)
    QTest.keyClicks(page.names.search, "chrome")
    page.names.chips.choose(set())
    page.names._filter()
    _choose(page, "Google Chrome")
    page.names.recognise()
    settle(tasks=context.tasks)
    form, _ = sheet.pop()
    assert (form.product.text(), form.publisher.text()) == ("Chrome", "Google")
    form.kind.setCurrentIndex(form.kind.findData("none"))
    assert form.product.isHidden()
    form.save()
    settle(tasks=context.tasks)
    assert page.names.model.rows[0].what.kind == "none"


def test_a_product_shows_the_names_that_it_is_reported_by_and_a_computer_asks_for_one(
    show_page: ShowPage, context: Context, settle: Settle, pcs: list[str], sheet: list[Any]
) -> None:
    page = show_page(AssetsPage)
    page.opened(cls="laptop", uid=pcs[0])
    settle(tasks=context.tasks)
    software = page.detail.software
    page.detail.show_tab("software")
    software._table.selectRow(0)
    QTest.mouseClick(software.recognise, Qt.MouseButton.LeftButton)
    settle(tasks=context.tasks)
    form, _ = sheet.pop()
    form.product.setText("Visio")
    form.save()
    settle(tasks=context.tasks)
    with context.workspace.store.read() as reader:
        (product,) = [key for key, fields in _products(reader).items() if fields == "Visio"]
    page.opened(cls="software_product", uid=product)
    settle(tasks=context.tasks)
    page.detail.show_tab("names")
    settle(tasks=context.tasks)
    assert [one.reported.product for one in page.detail.names.model.rows] == ["Frob Suite 3.1 (x64)"]


def _products(reader: Any) -> dict[str, str]:
    from cmdb.model.selection import Selection

    return {one.uid: one.name for one in reader.all(Selection("software_product"))}
