"""Makes a section of a capture of what a function reads."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from importers.captures.capture import CaptureSection
from importers.discovery.collector import ABSENT, COLLECTED, FAILED, NOT_PERMITTED

Rows = list[dict[str, Any]]


def section(read: Callable[[], Rows], elevate: str = "") -> CaptureSection:
    """The section of the rows that are read; its outcome says why there are none."""
    started = time.monotonic()
    words = (elevate,) if elevate else ()
    try:
        rows = read()
    except PermissionError:
        return CaptureSection(NOT_PERMITTED, time.monotonic() - started, words)
    except Exception:  # a defect in one section must not cost the person the others; its subject says that it failed
        return CaptureSection(FAILED, time.monotonic() - started)
    content = json.dumps(rows, ensure_ascii=False, default=str) if rows else ""
    return CaptureSection(COLLECTED if rows else ABSENT, time.monotonic() - started, words, content)
