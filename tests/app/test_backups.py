"""Automatic backups: daily by the window, and before large imports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import main
from app import import_proposal
from app.import_proposal import LARGE
from app.settings import Settings
from app.upkeep import back_up_daily
from app.workspace import Workspace
from cmdb.model.revision import Revision
from cmdb.register.retention import remaining, set_rule
from cmdb.store.upkeep.backups import BackupReason, folder_of, kept
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand


@pytest.fixture
def where(tmp_path: Path) -> Path:
    found = tmp_path / "estate.terrier"
    store = create_estate(found)
    Hand(store).make("site", "Rotterdam")
    store.close()
    return found


@pytest.fixture
def workspace(where: Path) -> Iterator[Workspace]:
    found = Workspace.open(where, Settings())
    yield found
    found.close()


def daily(workspace: Workspace) -> None:
    job = back_up_daily(workspace)
    assert job is not None
    assert job.wait(10)


def test_one_is_made_a_day(workspace: Workspace, where: Path) -> None:
    daily(workspace)
    Hand(workspace.store).make("site", "Ghent")
    daily(workspace)
    assert [one.occasion for one in kept(where)] == [BackupReason.DAILY]


def test_pruning_runs_after_the_backup(workspace: Workspace, where: Path) -> None:
    store, hand = workspace.store, Hand(workspace.store)
    said: list[str] = []
    workspace.notice = said.append
    uid = hand.make("laptop", "LT-1", notes="a")
    hand.set(uid, "notes", "b")
    daily(workspace)
    with store.read() as reader:
        assert (remaining(reader)[0], said) == (0, []), "nobody has said so"
        rule = set_rule(reader, "1m", "tester")
    store.apply(rule)
    later = (datetime.now(UTC) + timedelta(days=70)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    store.clock = lambda: later
    hand.set(uid, "notes", "c")
    daily(workspace)
    with store.read() as reader:
        assert remaining(reader)[0] == 0, "nothing is older than a month yet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERRIER_NOW", (datetime.now(UTC) + timedelta(days=60)).isoformat())
        daily(workspace)
    with store.read() as reader:
        assert remaining(reader)[0] == 4
    assert said == ["2 old versions were taken out of the history, as the estate's rule says."]
    assert check_integrity(store) == []


def test_they_can_be_switched_off(workspace: Workspace, where: Path) -> None:
    workspace.settings.set("backups", False)
    assert back_up_daily(workspace) is None
    assert kept(where) == []


def test_a_person_is_told_why_there_is_none(workspace: Workspace, where: Path) -> None:
    said: list[str] = []
    workspace.notice = said.append
    folder_of(where).write_text("a file in its way")
    daily(workspace)
    assert len(said) == 1
    assert "No backups can be kept in" in said[0]


def sheet(folder: Path, rows: int) -> Path:
    path = folder / f"{rows}.csv"
    path.write_text("\n".join(["Asset tag,Name,Class", *(f"T-{n},pc-{n},Laptop" for n in range(rows))]), "utf-8")
    return path


def test_only_a_large_import_is_preceded_by_one(where: Path, tmp_path: Path) -> None:
    assert main.main(["--db", str(where), "import", str(sheet(tmp_path, 20))]) == 0
    assert kept(where) == []
    assert main.main(["--db", str(where), "import", str(sheet(tmp_path, LARGE + 30))]) == 0
    (backup,) = kept(where)
    assert backup.occasion == BackupReason.IMPORT
    before = open_estate(backup.path)
    assert before.size() == 21, "as it was before"
    before.close()


def test_an_import_runs_without_a_backup(where: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder_of(where).write_text("a file in its way")
    assert main.main(["--db", str(where), "import", str(sheet(tmp_path, LARGE + 1))]) == 0
    assert "No backups can be kept in" in capsys.readouterr().err
    store = open_estate(where)
    assert store.size() == LARGE + 2
    store.close()


def test_the_import_of_a_new_estate_has_nothing_to_back_up(tmp_path: Path) -> None:
    where = tmp_path / "new.terrier"
    assert main.main(["--db", str(where), "import", str(sheet(tmp_path, LARGE + 1))]) == 0
    assert not folder_of(where).exists()


def test_links_count_as_much_as_records(workspace: Workspace, where: Path) -> None:
    from cmdb.reconciliation import Proposal

    proposal = Proposal(Revision([], "tester"), installed=LARGE)
    assert import_proposal.secure(workspace.store, proposal) == ""
    assert kept(where) == []
    proposal.created = 1
    assert import_proposal.secure(workspace.store, proposal) == ""
    assert len(kept(where)) == 1
