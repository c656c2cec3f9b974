"""Who comes to a page by a key goes on with keys: its list has the focus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QAbstractItemView, QApplication

from app.settings import Settings
from ui.run import make_window


def test_the_list_of_a_page_has_the_focus(
    app: QApplication, estate: Path, tmp_path: Path, settle: Callable[..., None]
) -> None:
    window = make_window(app, Settings(tmp_path / "settings"))
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.estate.open(str(estate))
    settle(window.is_open)
    settle()
    for name in ("assets", "reports", "history", "classes"):
        window.services.go(name)
        settle()
        focused = window.focusWidget()
        assert isinstance(focused, QAbstractItemView), name
        assert window.stack.page(name).isAncestorOf(focused), name
    window.services.go("import")
    settle()
    focused = window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Choose files…"
    window.close()
