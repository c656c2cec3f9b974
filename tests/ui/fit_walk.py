"""The walk through all pages, dialogs and sheets that finds what does not fit, at one size of the window or several.

As a program it walks the sample estate in the pseudo-locale and prints what it found by part as JSON. Its arguments are
those of ``walked``; the screen's scale is that of the process (QT_SCALE_FACTOR).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.fit import cut_painting, unfit
from tests.ui.shown_texts import Held
from tests.ui.window_walk import WindowWalk, walk_window

#: Sizes of windows in device-independent pixels: the smallest that is supported, and common screens.
Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((1024, 700), (1280, 720), (1366, 768), (1440, 900), (2560, 1440))
#: The normal text, and 16 points on a screen of 96 dots to the inch, in pixels.
NORMAL, LARGE = 13, 21
#: The interface's font, and the one that the person may choose instead; a bare system's is DejaVu, which is wide.
INTER, SYSTEM = "inter", "system"
ROOT = Path(__file__).resolve().parents[2]


class FitWalk(WindowWalk):
    """Goes through a window of some sizes, with text of ``text`` pixels; ``unfit`` is what does not fit, by part."""

    def __init__(
        self,
        app: QApplication,
        folder: Path,
        patch: pytest.MonkeyPatch,
        renamed: Callable[[str], str],
        sizes: Sequence[Size] = SIZES[:1],
        text: int = NORMAL,
        font: str = INTER,
    ) -> None:
        super().__init__(app, folder, patch, renamed)
        self.sizes = sizes
        self.unfit: dict[str, set[str]] = defaultdict(set)
        draw = QPainter.drawText

        def painted(painter: QPainter, *args: Any) -> Any:
            if self._part and (fault := cut_painting(painter, args)):
                self.unfit[self._part].add(fault)
            return draw(painter, *args)

        patch.setattr(QPainter, "drawText", painted)
        self.window.resize(*sizes[0])
        if font != INTER:
            self.window.theme.set_font(font)
        if text != NORMAL:
            self.window.theme.set_text_size(text)
        app.processEvents()

    def forget(self) -> None:
        """Lets go of what was collected."""
        super().forget()
        self.unfit.clear()

    def judge(self, part: str, held: Held) -> None:
        """Collects what does not fit."""
        root = held[0][0]
        if isinstance(root, QMenu):
            return
        for width, height in self.sizes:
            if len(self.sizes) > 1:
                self.window.resize(width, height)
                self.settle()
                root.grab()
            else:
                self.settle()
            self.unfit[part] |= {f"{width} x {height}: {fault}" for fault in unfit(root)}

    def settle(self) -> None:
        """Lets everything find its place: a need for more room is passed from part to part, each time by an event."""
        for _ in range(10):
            self.app.processEvents()


def walked(folder: Path, scale: str, text: int, font: str, sizes: Sequence[Size] = SIZES) -> dict[str, list[str]]:
    """What does not fit by part, in a process of its own, because Qt reads the scale once."""
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen", "LOGNAME": "anja"}
    environment |= {name: str(folder) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    command = [sys.executable, "-m", "tests.ui.fit_walk", str(folder), str(text), font, json.dumps(sizes)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def main(folder: Path, text: int, font: str, sizes: Sequence[Size]) -> None:
    """Walks, and prints what does not fit by part."""
    from app.sample.sample_estate import revisions
    from cmdb.model import clock
    from cmdb.store.upkeep.startup import create_estate
    from tests.pseudo_locale import spoken
    from ui.run import application

    app = application()
    path = folder / "sample.terrier"
    store = create_estate(path)
    told = list(revisions(store.schema, clock.today()))
    store.clock = iter([one.time for one in told]).__next__
    for one in told:
        store.apply(one)
    store.close()
    with spoken(), pytest.MonkeyPatch.context() as patch:
        walk = FitWalk(app, folder, patch, lambda name: name, sizes, text, font)
        walk_window(walk, path)
    sys.stdout.write(json.dumps({part: sorted(faults) for part, faults in walk.unfit.items() if faults}))
    sys.stdout.flush()
    os._exit(0)  # the window's threads are not waited for


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], [(w, h) for w, h in json.loads(sys.argv[4])])
