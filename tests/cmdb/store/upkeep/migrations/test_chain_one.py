"""The first hash chain proves kept estates, and finds what was changed in them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from cmdb.store.upkeep.migrations import chain_one

KEPT = sorted(
    p
    for p in (Path(__file__).parent.parent / "kept").glob("*.terrier.gz")
    if p.name.split("-")[1].split(".")[0] in ("1", "2")
)


@pytest.fixture(params=KEPT, ids=lambda p: p.name.split(".")[0])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    """A kept estate as it was written."""
    path = tmp_path / "old.terrier"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_a_kept_estate_is_proved(old: Connection) -> None:
    assert chain_one.proves(old) == []
    assert chain_one.checkpoint_holds(old)


def test_a_change_is_found_in_its_revision(old: Connection) -> None:
    last = old.exec_driver_sql("SELECT max(number) FROM revision").scalar()
    old.exec_driver_sql(f"UPDATE revision SET author = 'another' WHERE number = {last}")
    assert chain_one.proves(old) == [last]
    number = old.exec_driver_sql("SELECT max(revision) FROM claim").scalar()
    old.exec_driver_sql(f"UPDATE claim SET said = replace(said, ':', ' :') WHERE revision = {number}")
    assert chain_one.proves(old) == sorted({number, last})


def test_a_removed_row_is_found_in_its_revision(old: Connection) -> None:
    number = old.exec_driver_sql("SELECT max(ended) FROM ci_version").scalar()
    old.exec_driver_sql(f"DELETE FROM ci WHERE revision = {number}")
    old.exec_driver_sql(f"DELETE FROM ci_version WHERE ended = {number}")
    assert number in chain_one.proves(old)


def test_a_changed_header_before_the_checkpoint_is_found(old: Connection) -> None:
    if chain_one.checkpoint(old) is None:
        pytest.skip("the whole history is kept")
    old.exec_driver_sql("UPDATE revision SET author = 'another' WHERE number = 1")
    assert chain_one.proves(old) == []
    assert not chain_one.checkpoint_holds(old)
