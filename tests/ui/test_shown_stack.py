"""What is not shown takes no room: a page is not scrolled because of another step or view of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.settings import Settings
from ui.pages import entries
from ui.run import make_window
from ui.shell.page_area import PageArea
from ui.theme import Theme
from ui.widgets.labels import Text
from ui.widgets.layout import box, column
from ui.widgets.shown_stack import ShownStack


def test_a_stack_needs_the_room_of_what_is_shown_alone(app: QApplication) -> None:
    small, large = QLabel("a"), QWidget()
    large.setMinimumSize(900, 700)
    stack = ShownStack()
    stack.addWidget(small)
    stack.addWidget(large)
    outer = box(column(stack))
    assert outer.minimumSizeHint().width() < 100
    stack.setCurrentWidget(large)
    assert (outer.minimumSizeHint().width(), outer.minimumSizeHint().height()) == (900, 700)
    stack.setCurrentWidget(small)
    assert outer.minimumSizeHint().width() < 100


def test_a_stack_is_as_high_as_the_wrapped_lines_of_what_is_shown(app: QApplication) -> None:
    words, other = Text("several words in several lines " * 9, wrap=True), Text("as many as these " * 99, wrap=True)
    stack = ShownStack()
    for one in (words, other):
        stack.addWidget(box(column(one)))
    stack.resize(300, 400)
    stack.show()
    app.processEvents()
    assert stack.minimumSizeHint().height() == words.heightForWidth(300)
    stack.close()


def test_no_page_begins_with_sideways_scrolling_in_the_smallest_window_with_large_text(
    app: QApplication, theme: Theme, estate: Path, tmp_path: Path, settle: Callable[..., None]
) -> None:
    window = make_window(app, Settings(tmp_path / "settings"))
    try:
        window.theme.set_text_size(20)
        window.resize(1024, 700)
        window.show()
        window.estate.open(str(estate))
        settle(lambda: window.services.context is not None, tasks=window.tasks)
        area, beside = window.findChild(PageArea), {}
        assert isinstance(area, PageArea)
        for entry in entries():
            window.services.go(entry.id)
            settle(tasks=window.tasks)
            beside[entry.id] = area.horizontalScrollBar().maximum()
        assert {page: missing for page, missing in beside.items() if missing} == {}
    finally:
        window.close()
        window.deleteLater()
        theme.set_text_size(0)
