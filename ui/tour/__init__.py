"""The tour: the program's main work, done through the real window without a display; and pictures of every page.

It does what a person does first, and compares what the window shows with what the register holds.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.messages import tr, trn

if TYPE_CHECKING:
    from ui.tour.guide import Guide


def run(folder: str) -> int:
    """Takes the tour, with everything it makes in ``folder``; 0 only if all of it worked."""
    from ui.tour.stops import take

    start = time.monotonic()
    with _guide(Path(folder)) as guide:
        take(guide)
    made = sorted(p.name for p in Path(folder).iterdir() if p.suffix in (".png", ".xlsx", ".svg"))
    print(tr("Made under {folder}: {files}", folder=folder, files=tuple(made)))
    if guide.failures:
        failed = trn(
            "{count} of {number} checks failed:",
            "{count} of {number} checks failed:",
            len(guide.failures),
            number=guide.checks,
        )
        print(failed, file=sys.stderr)
        for failure in guide.failures:
            print(f"  {failure}", file=sys.stderr)
        return 1
    seconds = round(time.monotonic() - start)
    print(tr("All {number} checks held, in {seconds} s.", number=guide.checks, seconds=seconds))
    return 0


def screenshots(folder: str) -> int:
    """Saves a picture of every page of the sample estate, light and dark, under ``folder``."""
    from ui.tour.stops import open_sample, walk

    with _guide(Path(folder)) as guide:
        open_sample(guide)
        for look in ("light", "dark"):
            walk(guide, look)
    for failure in guide.failures:
        print(failure, file=sys.stderr)
    return 1 if guide.failures else 0


def _guide(folder: Path) -> Guide:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.tour.guide import Guide

    folder.mkdir(parents=True, exist_ok=True)
    return Guide(folder)
