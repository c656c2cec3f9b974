"""Abandoned proposals of killed processes are cleared in a job when the estate is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings
from app.upkeep import clear_staging
from app.workspace import Workspace
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.connection import process
from cmdb.store.staging import StagedProposal, stage
from cmdb.store.upkeep.abandoned_proposals import abandoned
from cmdb.store.upkeep.startup import create_estate


def test_opening_clears_only_abandoned_proposals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = create_estate(tmp_path / "a.terrier")

    def staged() -> StagedProposal:
        return stage(store, Revision([Edit(ci(new_id()), "", None, {"class": "site", "name": "Ghent"})], "me"), {})

    mine = staged()
    with monkeypatch.context() as other:
        gone = {**process.this_one(), "started": "1"}
        other.setattr(process, "this_one", lambda: gone)
        left = staged()
    assert [one.id for one in abandoned(store)] == [left.id]
    workspace = Workspace(store, Settings())
    job = clear_staging(workspace)
    assert job is not None
    assert job.wait(20)
    assert job.error is None
    assert abandoned(store) == []
    assert (left.counts(), mine.counts()) == ({}, {"new": 1})
    workspace.close()
