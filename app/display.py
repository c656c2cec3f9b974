"""Whether a window can be shown here. Qt ends the whole process where it cannot: so it is checked before Qt starts."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from cmdb.model.errors import UserError
from cmdb.model.messages import Message


def check(environment: Mapping[str, str] = os.environ) -> None:
    """Raises UserError unless a display responds (or Qt is set to run without one)."""
    if environment.get("QT_QPA_PLATFORM") or not sys.platform.startswith(("linux", "freebsd")):
        return
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if not wayland and not x11:
        raise UserError(
            Message(
                "There is no display to open the window on (neither DISPLAY nor WAYLAND_DISPLAY is set); "
                "the commands work without one, see --help."
            )
        )
    if wayland and _answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/nonexistent"), wayland))):
        return
    if x11 and _x11_answers(x11):
        return
    raise UserError(
        Message(
            "The display {display} does not answer; the commands work without one, see --help.", display=x11 or wayland
        )
    )


def _x11_answers(display: str) -> bool:
    match = re.fullmatch(r"(?:unix|([^:]*)):(\d+)(?:\.\d+)?", display)
    if match is None:
        return Path(display.split(":")[0]).is_socket()
    host, number = match[1], int(match[2])
    if host:
        try:
            socket.create_connection((host, 6000 + number), timeout=3).close()
        except OSError:
            return False
        return True
    name = f"/tmp/.X11-unix/X{number}"
    return _answers(name) or _answers("\0" + name)


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(address)
        except OSError:
            return False
    return True
