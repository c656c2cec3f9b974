"""A file that is moved, replaced or deleted while it is open: nothing is written to it, and two are never mixed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cmdb.model.errors import StoreProblem
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import create_estate

SITES = Selection("site")
OTHER = "another.terrier"


def delete(path: Path) -> None:
    path.unlink()


def move_away(path: Path) -> None:
    path.rename(path.with_name("aside.terrier"))


def replace(path: Path) -> None:
    path.with_name(OTHER).replace(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    create_estate(tmp_path / OTHER).close()
    return tmp_path / "estate.terrier"


@pytest.mark.parametrize("act", [delete, move_away, replace])
def test_nothing_is_written_to_a_file_that_is_no_longer_in_its_place(file: Path, act: Callable[[Path], None]) -> None:
    store = create_estate(file)
    store.apply(site("Rotterdam"))
    act(file)
    with pytest.raises(StoreProblem, match="was moved, replaced or deleted while it was open"):
        store.apply(site("Delft"))
    with pytest.raises(StoreProblem, match="was moved, replaced or deleted while it was open"):
        store.poll()
    with store.read() as reader:
        assert [one.name for one in reader.page(SITES, limit=10)] == ["Rotterdam"], "it can still be read and copied"
    store.close()


def test_a_file_that_is_put_back_is_written_to_again(file: Path) -> None:
    store = create_estate(file)
    move_away(file)
    file.with_name("aside.terrier").rename(file)
    store.apply(site("Delft"))
    store.poll()
    store.close()


def test_no_view_is_of_another_file_than_the_one_that_was_opened(file: Path) -> None:
    store = create_estate(file)
    store.apply(site("Rotterdam"))
    replace(file)
    with store.read() as one:  # the connection that the pool holds
        assert one.number == 1
        with pytest.raises(StoreProblem, match="was moved, replaced or deleted"), store.read():
            pass
    store.close()


def site(name: str) -> Revision:
    return Revision([Edit(ci(new_id()), "", None, {"class": "site", "name": name})], "anna")
