"""Bugs: the trace is saved where the person can find it and attach it to a report; the person sees one line."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path

from app.settings import config_folder
from cmdb.model.messages import tr


def save_trace(error: BaseException) -> Path:
    """Writes the error's trace, and what the program runs on, to a file. Returns its path.

    No values of the estate are added.
    """
    moment = datetime.now()
    text = "".join(
        (
            f"{moment.isoformat(timespec='seconds')} Python {sys.version.split()[0]} on {platform.platform()}\n",
            f"arguments: {' '.join(sys.argv[1:2])}\n\n",
            *traceback.format_exception(error),
        )
    )
    folder = config_folder() / "faults"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir())
    path = folder / f"fault-{moment:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    path.write_text(text, "utf-8")
    return path


def describe(error: BaseException) -> str:
    """One line for a bug, the saved trace named in it."""
    return tr(
        "Terrier made a mistake ({error}). Please report it with this file: {file}",
        error=type(error).__name__,
        file=save_trace(error),
    )
