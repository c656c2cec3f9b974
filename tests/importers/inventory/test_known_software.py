"""What an entry of a list of software says is found out once; what others say never becomes what it says."""

from __future__ import annotations

import math
from typing import Any

from importers.inventory import software
from importers.inventory.software import ListedSoftware, software_list

SAID = (None, math.nan, math.inf, True, 1, "1", 1.0, "\ud800", "\\ud800", "null", ["a"], [None], [math.nan], {})


def told(value: Any) -> ListedSoftware:
    return software_list({"softwares": [{"name": "X", "version": value, "arch": value, "comments": value}]})


def test_what_was_read_before_changes_nothing() -> None:
    alone = []
    for value in SAID:
        software._said_often.cache_clear()
        alone.append(told(value))
    software._said_often.cache_clear()
    assert [told(value) for value in reversed(SAID)] == alone[::-1]
    assert [told(value) for value in SAID] == alone
