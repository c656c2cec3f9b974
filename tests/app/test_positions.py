"""The revisions after which a licence position must be computed again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from app.positions import DEPENDENCE, FACTS
from cmdb.licences import record_facts
from cmdb.model.applied_revision import AppliedRevision


def test_the_facts_of_a_position_are_the_ones_that_are_watched() -> None:
    source = Path(record_facts.__file__).read_text("utf-8")
    read = set(re.findall(r"(?:\bv|values)\.get\(\"(\w+)\"", source))
    assert read > {"quantity", "virtual_cores", "main_user"}
    assert read <= FACTS | {"first_name", "last_name"}


def test_only_what_positions_depend_on_concerns_them() -> None:
    def applied(**parts: Any) -> AppliedRevision:
        parts = {"created": frozenset(), "updated": frozenset(), "deleted": frozenset(), "fields": frozenset(),
                 "kinds": frozenset({"ci"}), **parts}  # fmt: skip
        return AppliedRevision(1, "r", **parts)

    assert not DEPENDENCE.is_concerned(applied(updated=frozenset({"x"}), fields=frozenset({"notes", "asset_tag"})))
    assert not DEPENDENCE.is_concerned(applied(kinds=frozenset({"saved_view"})))
    assert DEPENDENCE.is_concerned(applied(updated=frozenset({"x"}), fields=frozenset({"quantity"})))
    assert DEPENDENCE.is_concerned(applied(deleted=frozenset({"x"})))
    assert DEPENDENCE.is_concerned(applied(kinds=frozenset({"installation"})))
