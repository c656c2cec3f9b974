"""The place of the program's data: in a clone, and when installed."""

from __future__ import annotations

from pathlib import Path

from cmdb.model.resources import RESOURCES, find_resources


def test_a_clone_has_them_at_its_top() -> None:
    assert Path(__file__).resolve().parents[3] / "resources" == RESOURCES
    assert (RESOURCES / "schema").is_dir()


def test_an_installation_has_them_in_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()  # somebody else's
    assert find_resources(tmp_path) == tmp_path / "resources"
    (tmp_path / "terrier" / "resources").mkdir(parents=True)
    assert find_resources(tmp_path) == tmp_path / "terrier" / "resources"
