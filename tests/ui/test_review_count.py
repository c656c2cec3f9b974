"""What waits in Review has one number: on its page, in the navigation and on the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from app.settings import Settings
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.upkeep.startup import create_estate
from ui.run import make_window
from ui.shell.navigation import NavButton
from ui.shell.window import Window

Settle = Callable[..., None]


@pytest.fixture
def window(app: QApplication, settle: Settle, tmp_path: Path) -> Iterator[Window]:
    create_estate(tmp_path / "people.terrier").close()
    made = make_window(app, Settings(tmp_path / "settings"))
    made.show()
    made.estate.open(str(tmp_path / "people.terrier"))
    settle(lambda: made.services.context is not None)
    settle(tasks=made.tasks)
    yield made
    made.close()
    settle(tasks=made.tasks)
    made.deleteLater()


def write(window: Window, *people: str) -> list[str]:
    assert window.estate.workspace is not None
    edits = [Edit(ci(new_id()), "", None, {"class": "person", "name": name}) for name in people]
    window.estate.workspace.apply(Revision(edits, "anna"))
    return [edit.record.key[0] for edit in edits]


def badge(window: Window) -> str:
    (button,) = (b for b in window.navigation.findChildren(NavButton) if b.accessibleName() == "Review")
    return button.accessibleDescription()


def texts(window: Window) -> str:
    page = window.stack.currentWidget()
    assert page is not None
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_people_of_nearly_equal_names_are_counted_alike_everywhere(window: Window, settle: Settle) -> None:
    settle(lambda: not badge(window))  # nothing waits
    write(window, "Joris Benali", "benali joris")
    settle(lambda: badge(window) == "1 waiting, something is due")
    window.services.go("overview")
    settle(lambda: "1 question" in texts(window))
    window.services.go("review")
    settle(lambda: "1 question open" in texts(window).splitlines())
    write(window, "Maria Rossi", "rossi maria")
    settle(lambda: badge(window) == "2 waiting, something is due")
    settle(lambda: "2 questions open" in texts(window).splitlines())


def test_until_pairs_are_counted_nothing_says_that_none_waits(window: Window, settle: Settle) -> None:
    settle(lambda: not badge(window))
    window.counts.recount()
    settle(lambda: badge(window) != "")
    assert badge(window) == "Still counting…"
    settle(lambda: badge(window) == "")
