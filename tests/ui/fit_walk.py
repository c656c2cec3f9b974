"""The walk through all pages, dialogs and sheets that finds what does not fit, at one size of the window or several.

As a program it walks the sample estate in the pseudo-locale, at every size in ``SIZES``, and prints what it found by
part as JSON: ``python -m tests.ui.fit_walk FOLDER TEXT FONT``, TEXT being the pixels of the text, FONT one of the
choices of the settings. The screen's scale is that of the process (QT_SCALE_FACTOR).
"""

from __future__ import annotations

import json
import os
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
SIZES = ((1024, 700), (1280, 720), (1366, 768), (1440, 900), (2560, 1440))
#: The normal text, and 16 points on a screen of 96 dots to the inch, in pixels.
NORMAL, LARGE = 13, 21


class FitWalk(WindowWalk):
    """Goes through a window of some sizes, with text of ``text`` pixels; ``unfit`` is what does not fit, by part."""

    def __init__(
        self,
        app: QApplication,
        folder: Path,
        patch: pytest.MonkeyPatch,
        renamed: Callable[[str], str],
        sizes: Sequence[tuple[int, int]] = SIZES[:1],
        text: int = NORMAL,
        font: str = "inter",
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
        if font != "inter":
            self.window.theme.set_font(font)
        if text != NORMAL:
            self.window.theme.set_text_size(text)
        app.processEvents()

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


def main(folder: Path, text: int, font: str) -> None:
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
        walk = FitWalk(app, folder, patch, lambda name: name, SIZES, text, font)
        walk_window(walk, path)
    sys.stdout.write(json.dumps({part: sorted(faults) for part, faults in walk.unfit.items() if faults}))
    sys.stdout.flush()
    os._exit(0)  # the window's threads are not waited for


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
