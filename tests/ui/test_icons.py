"""Icons tell apart."""

from __future__ import annotations

from collections import defaultdict

from ui.icons import FOLDER


def test_no_two_icons_are_drawn_alike() -> None:
    names = defaultdict(set)
    for path in FOLDER.glob("*.svg"):
        names["".join(path.read_text("utf-8").split())].add(path.stem)
    assert len(names) > 100
    assert [alike for alike in names.values() if len(alike) > 1] == []
