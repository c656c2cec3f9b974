"""What tests of the Licences page write into an estate, and how they read and use the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from cmdb.licences.engine.results import Position
from cmdb.model.revision import Edit, Record, ci, new_id
from ui.pages.licences.page import LicencesPage

Settle = Callable[..., None]
TODAY = date.today()


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def new(cls: str, **values: Any) -> Edit:
    return Edit(ci(new_id()), "", None, {"class": cls, **values})


def uid(edit: Edit) -> str:
    return edit.record.key[0]


def installed(computer: Edit, product: str, publisher: str = "", edition: str = "", version: str = "") -> Edit:
    key = (uid(computer), "", publisher, product, edition, version)
    return Edit(Record("installation", key), "", None, {"origin": "scan"})


def products(page: LicencesPage) -> list[str]:
    return [row.product for row in page.listing.model.rows]


def shown(page: LicencesPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(page: LicencesPage, text: str) -> None:
    next(b for b in page.findChildren(QPushButton) if b.text().strip() == text and b.isVisible()).click()


def line_of(widget: QWidget) -> QLineEdit:
    found = widget.findChild(QLineEdit)
    assert found is not None
    return found


def current(page: LicencesPage) -> Position:
    assert page.detail.position is not None
    return page.detail.position
