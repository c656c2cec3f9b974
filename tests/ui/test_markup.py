"""What records say does nothing in the window: no markup is interpreted, no key is taken, nothing hidden passes.

The estate is one of an older version, which let everything in.
"""

from __future__ import annotations

import gc
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtCore import Qt as QtCore
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.sample.sample_estate import revisions
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.old_texts import let_in
from tests.planted import ACTS, free_texts, plant, planted
from tests.ui.shown_texts import Held, held_in
from tests.ui.window_walk import WindowWalk, walk_window
from ui.pages import entries

_TAG = re.compile(r"<(?:img|b|i)\b")
_KEY = re.compile(r"(?<!&)&(?!&)")


def fill(store: Store) -> None:
    """The sample estate as somebody who wishes ill would have typed it."""
    texts = free_texts(store.schema)
    told = list(revisions(store.schema, date.today()))
    store.clock = iter([one.time for one in told]).__next__
    for one in told:
        store.apply(plant(one, texts))


def interpreted(held: Held) -> set[str]:
    """Texts of widgets that Qt takes for markup or for a key, and what nobody sees in them."""
    found = set()
    for one, texts in held:
        if (
            isinstance(one, QLabel)
            and one.textFormat() != QtCore.TextFormat.PlainText
            and Qt.mightBeRichText(one.text())
        ):
            found.add(f"{type(one).__name__} is markup: {one.text()[:60]!r}")
        if isinstance(one, QAbstractButton) and _KEY.search(raw := QAbstractButton.text(one).replace("&&", "")):
            found.add(f"{type(one).__name__} has a key: {raw[:60]!r}")
        typed = isinstance(one, QLineEdit | QPlainTextEdit)
        silent = isinstance(one, QMenu) and not one.toolTipsVisible()
        for kind, text in texts:
            if silent and kind == "action's tip":
                continue
            if "tip" in kind and Qt.mightBeRichText(text) and _TAG.search(text):
                found.add(f"{type(one).__name__}'s {kind} is markup: {text[:60]!r}")
            if kind == "action" and _KEY.search(text.replace("&&", "")):
                found.add(f"{type(one).__name__}'s {kind} has a key: {text[:60]!r}")
            if not typed and "accessible" not in kind and ACTS & set(text):
                found.add(f"{type(one).__name__}'s {kind} hides something: {text[:60]!r}")
    return found


class MarkupWalk(WindowWalk):
    """The walk that looks at what Qt makes of the texts."""

    def __init__(
        self, app: QApplication, folder: Path, patch: pytest.MonkeyPatch, renamed: Callable[[str], str]
    ) -> None:
        super().__init__(app, folder, patch, renamed)
        self.broken: dict[str, set[str]] = defaultdict(set)

    def judge(self, part: str, held: Held) -> None:
        """Collects which of the texts are interpreted."""
        self.broken[part] |= interpreted(held)


@pytest.fixture(
    scope="module",
    params=[False, pytest.param(True, marks=pytest.mark.soak)],
    ids=["with records", "with and without records"],
)
def walked(request: pytest.FixtureRequest, app: QApplication, tmp_path_factory: pytest.TempPathFactory) -> MarkupWalk:
    """The window, gone through; in ``make soak`` then with an empty estate, too, where little is said of records."""
    folder = tmp_path_factory.mktemp("<b>R&D{0}%s")
    path = folder / "=cmd<b>R&D{0}%s.terrier"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "<b>R&D</b>")
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(folder))
        store = create_estate(path)
        with let_in():
            fill(store)
        store.close()
        walk = MarkupWalk(app, folder, patch, planted)
        walk.broken = defaultdict(set)
        try:
            walk_window(walk, path, empty=request.param)
        finally:
            walk.window.close()
            walk.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return walk


@pytest.mark.parametrize("part", ["shell", *(entry.id for entry in entries())])
def test_nothing_that_records_say_is_interpreted(walked: MarkupWalk, part: str) -> None:
    assert walked.texts[part]
    assert walked.broken[part] == set()


@pytest.mark.parametrize("part", ["shell", *(entry.id for entry in entries())])
def test_what_is_painted_hides_nothing(walked: MarkupWalk, part: str) -> None:
    assert {text for text, place in walked.texts[part].items() if place == "painted" and ACTS & set(text)} == set()


def test_what_was_planted_is_shown(walked: MarkupWalk) -> None:
    shown = {part for part, texts in walked.texts.items() if any("R&D" in text for text in texts)}
    assert shown >= {"assets", "map", "history", "licences", "reports", "overview"}


def test_what_is_interpreted_is_seen(app: QApplication) -> None:
    name, widget = planted("x"), QWidget()
    QLabel(name, widget)
    QPushButton("R&D", widget).setToolTip(name)
    QMenu(widget).addAction("R&D")
    assert {text.split(":")[0] for text in interpreted(held_in(widget))} == {
        "QLabel is markup", "QLabel's text hides something", "QPushButton has a key", "QPushButton's tip is markup",
        "QPushButton's tip hides something", "QMenu's action has a key",
    }  # fmt: skip
    widget.deleteLater()
