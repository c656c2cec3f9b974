"""The tour: the main job through the real window, offscreen; and pictures of every page.

What a person would do first is done here by the program, and looked at: numbers, not only the absence of errors.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.tour.guide import Guide


def run(folder: str) -> int:
    """Takes the tour, with everything it makes in ``folder``; 0 only if all of it worked."""
    from ui.tour.stops import take

    start = time.monotonic()
    with _guide(Path(folder)) as guide:
        take(guide)
    made = sorted(p.name for p in Path(folder).iterdir() if p.suffix in (".png", ".xlsx", ".svg"))
    print(f"Made under {folder}: {', '.join(made)}")
    if guide.failures:
        print(f"{len(guide.failures)} of {guide.checks} checks failed:", file=sys.stderr)
        for failure in guide.failures:
            print(f"  {failure}", file=sys.stderr)
        return 1
    print(f"All {guide.checks} checks held, in {time.monotonic() - start:.0f} s.")
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
