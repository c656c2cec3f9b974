from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from app.display import check
from cmdb.model.errors import UserError

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland only")


def test_no_display_is_one_clear_line() -> None:
    with pytest.raises(UserError, match="no display"):
        check({})


def test_a_display_that_does_not_answer_is_named() -> None:
    with pytest.raises(UserError, match=":4711 does not answer"):
        check({"DISPLAY": ":4711"})


def test_a_display_that_answers_will_do(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen(1)
        check({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})


def test_a_chosen_platform_plugin_is_left_to_qt() -> None:
    check({"QT_QPA_PLATFORM": "offscreen"})
