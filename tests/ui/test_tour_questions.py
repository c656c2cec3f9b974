"""What the tour compares: a workbook has every position, and its verdict in the words that people read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.reports.compliance_workbook import write
from tests.app.reports.test_compliance_workbook import HEAD, example
from ui.tour.question_stops import lacking


def test_the_workbook_is_found_to_have_every_position_and_to_lack_another(tmp_path: Path) -> None:
    positions = example().positions
    path = write(example(), tmp_path / "position.xlsx", HEAD)
    assert lacking(positions, path) == []
    stranger = replace(positions[0], product="Nobody's")
    assert lacking([*positions, stranger], path) == [stranger.title]
