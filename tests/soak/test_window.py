"""Fifty walks through all pages of the sample with actions at random: no warning of Qt, no fault, memory bounded."""

from __future__ import annotations

import gc
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog

from app.settings import Settings
from cmdb.model.selection import Selection
from tests.ui.conftest import _no_qt_warnings, app, settle  # noqa: F401  (fixtures)
from ui.actions import Action
from ui.run import make_window
from ui.shell.window import Window
from ui.widgets.file_dialog import FileDialog

pytestmark = pytest.mark.soak

WALKS, WARM = 50, 15
GROWTH = 40
"""Megabytes by which the process may grow after the first walks, in all the others together."""

#: What leaves the window or the estate, or looks through this computer.
LEAVES = {"file.quit", "file.close", "file.new", "file.open", "file.sample", "scan.start"}
Settle = Callable[..., None]


@pytest.fixture
def window(
    app: QApplication,  # noqa: F811
    settle: Settle,  # noqa: F811
    sample_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Window]:
    for name in ("getOpenFileName", "names_to_read", "name_to_write"):
        monkeypatch.setattr(FileDialog, name, staticmethod(lambda *a, **k: ("", "")))
    monkeypatch.setattr(FileDialog, "folder", staticmethod(lambda *a, **k: ""))
    found = make_window(app, Settings())
    found.show()
    found.estate.open(str(shutil.copy(sample_file, tmp_path / "sample.terrier")))
    settle(found.is_open, seconds=60)
    yield found
    found.close()
    settle(tasks=found.tasks, seconds=60)
    found.deleteLater()


def calm(window: Window, settle: Settle) -> None:  # noqa: F811
    """Waits until everything has been answered, and puts away what opened."""
    jobs = window.estate.workspace.jobs if window.estate.workspace else None
    settle(lambda: not window.tasks.busy and not (jobs and jobs.active()), seconds=120)
    for widget in QApplication.topLevelWidgets():
        if widget is not window and widget.isVisible():
            widget.reject() if isinstance(widget, QDialog) else widget.close()
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    if window.palette_list.isVisible():
        window.palette_list.close()
    window.services.close_sheet()
    if window.services.in_the_past():
        window.services.back_to_now()
    settle(lambda: not window.tasks.busy, seconds=120)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def choices(window: Window, page: str) -> list[Action]:
    """What can be done now, on this page or anywhere."""
    every = [*window.actions_list, *window.stack.actions_of(page)]
    return [one for one in every if one.id not in LEAVES and not one.id.startswith("go.") and one.enabled()]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_window_stays_sound_and_small(window: Window, settle: Settle, seed: int) -> None:  # noqa: F811
    chance = random.Random(seed)
    calm(window, settle)
    assert window.estate.workspace is not None
    with window.estate.workspace.store.read() as reader:
        uids = [one.uid for one in reader.all(Selection("hardware"))]
    sizes: list[float] = []
    done: list[str] = []
    for _ in range(WALKS):
        for entry in window._entries:
            how = chance.randrange(4)
            if how == 0 and entry.id == "assets":
                window.services.open_ci(chance.choice(uids))
            elif how < 2 and entry.id == "map":
                window.services.open_on_map(chance.choice(uids), impact=chance.random() < 0.5)
            else:
                window.services.go(entry.id)
            calm(window, settle)
            action = chance.choice(choices(window, entry.id))
            done.append(action.id)
            action.run()
            calm(window, settle)
            assert faults() == [], f"after {done[-3:]}"
        gc.collect()
        sizes.append(psutil.Process().memory_info().rss / 2**20)
    print(" ".join(f"{size:.0f}" for size in sizes))
    assert window.is_open()
    assert len(set(done)) > 40, "many different actions were taken"
    assert max(sizes[WARM:]) - sizes[WARM - 1] < GROWTH, [round(size) for size in sizes]


def faults() -> list[str]:
    """The traces of what went wrong."""
    folder = Path(os.environ["TERRIER_CONFIG"]) / "faults"
    return [path.read_text("utf-8") for path in folder.iterdir()] if folder.exists() else []
