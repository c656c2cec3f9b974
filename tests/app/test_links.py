"""Links between two records, and groups of links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.impact.dependencies import dependencies_of
from app.links import allowed, link, needs_can_be_read, record_group, unlink
from cmdb.model.control import Control
from cmdb.model.errors import NotFound
from cmdb.model.schema import Schema
from cmdb.register.live_graph import graph_of
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.app.map.failing_estate import fill


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = create_estate(tmp_path / "links.terrier")
    yield found
    found.close()


def test_types_follow_from_the_classes() -> None:
    labels = [choice.label for choice in allowed(Schema.load(), "server", "switch")]
    assert "uplinks through" in labels
    assert "supports" not in labels
    assert labels.index("uplinks through") < labels.index("connected to")


def test_a_link_is_read_from_either_end(store: Store) -> None:
    uids = fill(store)
    with store.read() as reader:
        revision = link(reader, uids["sw-2"], "uplinks_through", uids["host-a"], "anna", inverse=True)
    store.apply(revision)
    with store.read() as reader:
        assert "sw-2" in {one.name for one in reader.relationships(uids["host-a"]) if one.type == "uplinks_through"}
        revision = unlink(reader, uids["sw-2"], "uplinks_through", uids["host-a"], "anna", inverse=True)
    store.apply(revision)
    with store.read() as reader:
        assert "sw-2" not in {one.name for one in reader.relationships(uids["host-a"])}
        with pytest.raises(NotFound):
            unlink(reader, uids["sw-2"], "uplinks_through", uids["host-a"], "anna", inverse=True)


def test_a_proposed_group_is_recorded(store: Store) -> None:
    uids = fill(store)
    with store.read() as reader:
        found = dependencies_of(reader, graph_of(reader), uids["host-c"], Control())
        assert found is not None
        revision = record_group(reader, found.proposed[0], "anna")
    store.apply(revision)
    with store.read() as reader:
        fed = {
            (one.name, *(of.label for of in one.groups))
            for one in reader.relationships(uids["host-c"])
            if one.type == "powered_by"
        }
    assert fed == {("PDU-A", "power feeds"), ("PDU-B", "power feeds")}


def test_how_many_are_needed_is_a_count_a_share_or_left_open() -> None:
    assert all(map(needs_can_be_read, ("", "2", "50%")))
    assert not needs_can_be_read("several")
