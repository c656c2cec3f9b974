"""No value is invented: what a machine does not tell is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.discovery.collector import Collector
from importers.discovery.registry import collectors
from tests.importers.discovery.machines import collect

COLLECTORS = pytest.mark.parametrize("collector", collectors("linux"), ids=lambda one: one.name)


@COLLECTORS
def test_a_bare_tree_has_no_values(collector: Collector, tmp_path: Path) -> None:
    outcome, content = collect(collector, tmp_path)
    assert content == {}
    assert outcome.state == "absent"
