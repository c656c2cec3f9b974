"""Requests to the map: immediately if possible, otherwise after the relationships have been read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.drafts import make_draft
from app.impact.drafted_losses import drafted_losses
from app.map.answer_request import about, answer_at_once, losses_after, read_relationships
from app.map.counts_in_words import counts_in_words
from app.map.question import MapQuestion
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.register import live_graph
from cmdb.store.reading.reader import Reader
from cmdb.store.upkeep.startup import create_estate
from tests.app.map.failing_estate import fill

UIDS: dict[str, str] = {}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    where = tmp_path / "map.terrier"
    store = create_estate(where)
    UIDS.update(fill(store))
    store.close()
    found = Workspace.open(where, Settings())
    yield found
    found.close()


def failing(name: str) -> MapQuestion:
    return MapQuestion(start=UIDS[name], failed=(UIDS[name],))


def test_a_small_estate_is_answered_at_once(workspace: Workspace) -> None:
    with workspace.read() as reader:
        found = answer_at_once(workspace, reader, failing("sw-2"))
    assert found is not None
    assert found.fails
    assert found.total == 17


def test_a_large_estate_is_read_first(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_graph, "SMALL", 3)
    with workspace.read() as reader:
        assert answer_at_once(workspace, reader, failing("sw-2")) is None
    read_relationships(workspace, None)
    with workspace.read() as reader:
        assert answer_at_once(workspace, reader, failing("sw-2")) is not None


def test_the_places_of_a_saved_view_are_kept(workspace: Workspace) -> None:
    kept = {UIDS["sw-2"]: (10.0, 20.0), "00000000-0000-7000-8000-000000000000": (1.0, 1.0)}
    with workspace.read() as reader:
        found = answer_at_once(workspace, reader, failing("sw-2"), kept=kept)
        assert found is not None
        (switch,) = [ci for ci, uid in found.uids.items() if uid == UIDS["sw-2"]]
    assert found.picture.positions[switch] == (10.0, 20.0)
    assert set(found.picture.positions) == set(found.picture.nodes)


def test_further_questions_continue_from_an_answer(workspace: Workspace) -> None:
    with workspace.read() as reader:
        found = answer_at_once(workspace, reader, failing("sw-2"))
        assert found is not None
        losses, every = losses_after(reader, found, Control())
        one = about(reader, found, UIDS["host-c"], Control())
    assert every
    assert {name for loss in losses for _, name in loss.cis} == {"sw-1", "host-a", "host-b"}
    assert one is not None
    assert one.uid == UIDS["host-c"]


def test_the_trail_of_an_answer_leads_from_what_failed(workspace: Workspace) -> None:
    with workspace.read() as reader:
        found = answer_at_once(workspace, reader, failing("sw-2"))
    assert found is not None
    ids = {name: ci for ci, name in found.names.items()}
    assert [found.names[ci] for ci in found.trail(ids["cluster-rtm"])] == ["sw-2", "host-c", "cluster-rtm"]
    assert found.state(ids["host-c"]) == "down"
    assert found.trail(ids["host-a"]) == []
    assert found.cls(ids["host-a"]) == "server"


def test_with_a_draft_the_counts_stand_beside_those_of_today(workspace: Workspace) -> None:
    draft, _ = make_draft(workspace.base, "Summer", "anna")
    workspace.open_draft(draft.id)

    def plan(reader: Reader) -> Revision:
        link = Record("relationship", ("powered_by", UIDS["host-c"], UIDS["PDU-A"]))
        whole = reader.records("relationship")[link.key]
        status = reader.get(UIDS["PDU-A"]).values.get("status")
        return Revision([Edit(link, "", whole, None), Edit(ci(UIDS["PDU-A"]), "status", status, "Retired")], "anna")

    workspace.edit(plan)
    with workspace.read() as reader:
        found = answer_at_once(workspace, reader, failing("PDU-A"))
    assert found is not None
    assert found.today is not None
    assert (found.counts.get("down"), found.today.get("down")) == (1, 12)
    assert counts_in_words(found.counts).startswith("1 down")
    losses = drafted_losses(workspace.drafted, workspace.graphs, Control())
    assert losses is not None
    assert (losses.retired, losses.deleted) == ((UIDS["PDU-A"],), ())
    assert (losses.drafted, losses.today) == (found.counts, found.today)
    workspace.close_draft()
    with workspace.read() as reader:
        found = answer_at_once(workspace, reader, failing("PDU-A"))
    assert found is not None
    assert found.today is None
