"""A scan that finds upgrades and other rows of a known machine: what the proposal, the result and the history say."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import import_proposal
from app.cli import import_report
from app.drift.computer_state import state_of
from app.drift.differences import differences
from app.drift.releases import catalogue_for
from app.drift.state_after import state_after
from app.history.revisions import revision_changes
from app.imports import proposed_software
from app.imports.file_summaries import file_summaries, read_file
from app.imports.proposal_details import dress
from cmdb.register.difference import plain
from cmdb.store.store import Store
from importers.inventory import reading
from tests.app.drift.inventories import MODULES, NAME, inventory, laptop, take

FIRST = [("Fox Browser", "115.0"), ("Tool 1.2 (x64)", "1.2"), ("Editor", "1"), ("Same", "7")]
SECOND = [("Fox Browser", "128.0"), ("Tool 2.0 (x64)", "2.0"), ("Viewer", "3"), ("Same", "7")]
SERVICE = {"name": "NgInx", "manager": "SystemD", "start": "manual", "program": "/usr/sbin/nginx"}


def test_upgrades_are_one_line_rows_have_their_names_and_numbers_agree(store: Store) -> None:
    take(store, 1, FIRST, terrier={"services": [SERVICE]})
    processes = [{"cmd": "/bin/a", "pid": 7, "user": "root", "cpuusage": 1.0, "mem": 1.0, "tty": "?",
                  "started": "2026-03-02 08:00", "virtualmemory": 1}]  # fmt: skip
    document = inventory(2, SECOND, terrier={"services": [{**SERVICE, "start": "automatic"}]}, processes=processes)
    document["content"]["terrier"]["collectors"][0]["complete"].append("processes")
    read = [reading(document, "b.json")]
    proposal = import_proposal.propose(store, read, "tester")
    with store.read() as reader:
        found = dress(reader, proposal)
    assert [(one.left, one.verb, one.right) for one in found.software] == [
        ("Fox Browser 115.0 → 128.0", "upgraded on", NAME),
        ("Tool 1.2 (x64) → Tool 2.0 (x64)", "upgraded on", NAME),
        ("Viewer 3", "installed on", NAME),
        ("Editor 1", "no longer installed on", NAME),
    ]
    assert (found.replaced, found.links, found.cut) == (2, [], (False, False, False))
    with pytest.MonkeyPatch.context() as patch, store.read() as reader:
        patch.setattr(proposed_software, "MOST_SOFTWARE", 1)
        few = proposed_software.proposed_software(reader, proposal)
    assert (few.replaced, few.cut) == (0, True), "of some, no number is told as that of all"
    services = [row.words for row in found.rows if row.section == "Services"]
    assert services == ["SystemD NgInx: Start manual → automatic"], "a changed row is called by its own name"
    assert len(found.rows) == sum(map(sum, proposal.sections.values())), "the tab and the result say one number"
    assert "processes" not in proposal.sections, "rows without a history are no rows that change"
    told = next(iter(import_report.lines(store.schema, proposal, None, found.replaced)))
    assert told.endswith("1 installation, 2 installations changed, 1 installation removed."), told

    files = [read_file(one, read) for one in (Path("a.json"), Path("b.json"))]
    assert [(one.updated, one.unchanged) for one in file_summaries(files, proposal)] == [(1, 0)] * 2
    assert [(one.name, one.state) for one in found.changed] == [(NAME, "changed")], "only its rows and software change"

    number = store.apply(proposal.revision).number
    with store.read() as reader:
        lines = [(one.what, one.before, one.after) for one in revision_changes(reader, number, plain).changes.lines]
    assert ("Service SystemD NgInx", "Start manual", "Start automatic") in lines
    assert ("Installed software: Fox Browser", "115.0", "128.0") in lines
    again = import_proposal.propose(store, [reading(document)], "tester")
    assert (again.updated, again.unchanged) == (0, 1), "the same again changes nothing"


def test_rows_that_another_source_has_or_that_come_with_software_are_counted_nowhere(store: Store) -> None:
    take(store, 1, FIRST)
    terrier = {"software_details": [{"name": n, "version": v, "architecture": "x86_64"} for n, v in FIRST]}
    first = inventory(2, FIRST, "other", terrier=dict(terrier), memories=[*MODULES, {"numslots": 3, "capacity": 4096}])
    first["content"]["versionclient"] = "GLPI-Agent_v1.7"
    proposal = import_proposal.propose(store, [reading(first)], "tester")
    with store.read() as reader:
        found = dress(reader, proposal)
    modules = [row.words for row in found.rows if row.section == "Memory modules"]
    assert [words for words in modules if "3" not in words] == []
    assert found.row_changes() == len(found.rows) < sum(map(sum, proposal.sections.values()))
    number = store.apply(proposal.revision).number
    with store.read() as reader:
        lines = [one.what for one in revision_changes(reader, number, plain).changes.lines]
    assert lines.count("Memory module") == 1, lines
    gone = inventory(3, FIRST, "other", memories=[])
    gone["content"]["versionclient"] = "GLPI-Agent_v1.7"
    proposal = import_proposal.propose(store, [reading(gone)], "tester")
    with store.read() as reader:
        rows = [row.words for row in dress(reader, proposal).rows if row.section == "Memory modules"]
    assert len(rows) == 1, "two of the modules another source sees still"
    number = store.apply(proposal.revision).number
    with store.read() as reader:
        lines = [one.what for one in revision_changes(reader, number, plain).changes.lines]
    assert lines.count("Memory module") == 1, lines
    told = [{"name": "Fox Browser", "version": "128.0", "arch": "x86_64", "from": "registry"}]
    upgraded = [reading(inventory(4, softwares=told))]
    proposal = import_proposal.propose(store, upgraded, "tester")
    with store.read() as reader:
        found = dress(reader, proposal)
        before = state_of(reader, laptop(store))
        after = state_after(reader.schema, before, proposal.revision.edits)
        drift = list(differences(reader.schema, before, after, {}, catalogue_for(reader)))
    assert proposal.sections["software_details"].added == 1
    assert (found.rows, found.software[0].left) == ([], "Fox Browser 115.0 → 128.0")
    assert [one.title for one in drift] == ["Installed software"]
