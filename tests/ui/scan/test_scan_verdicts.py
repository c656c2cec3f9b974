"""What a scan of a known computer says of it: the verdict, the numbers, and what they lead to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.drift.differences import drift_of
from app.imports.proposal_details import prepare
from app.reviews.decisions import decision_revision
from app.reviews.open_questions import open_decisions
from app.schema.change import NO_ANSWERS
from app.schema.plan import plan, revise
from app.schema.source_orders import OrderPlace, change_order
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.messages import EMPTY
from cmdb.model.source_orders import RankedSource
from importers.discovery import Inventory
from importers.inventory import reading
from tests.ui.scan.scans import document, inventory, scanned
from ui.context import Context
from ui.pages.scan.page import ScanPage


def test_of_a_machine_with_two_sources_the_scan_tells_what_its_drift_tells(
    page: ScanPage, workspace: Workspace, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = document()
    other["content"] |= {"versionclient": "GLPI-Agent_v1.7", "accesslog": {"logdate": "2026-11-19 08:00:00"}}
    other["content"]["batteries"] = [{"name": "BAT0", "serial": "77"}]
    other["content"]["softwares"] = other["content"]["softwares"][:1]
    del other["content"]["terrier"]["services"], other["content"]["terrier"]["scanned_at"]
    workspace.apply(prepare(Control(), workspace, [reading(other)], EMPTY).proposal.revision)
    found = document()
    found["content"]["batteries"] = [{"name": "BAT0", "serial": "77"}]
    said = ["Services: 9 seen for the first time · Installed software: 2 seen for the first time"]
    said += ["Services: 1 changed · Installed software: 1 upgraded", ""]
    for day, drift in enumerate(said, 20):
        found["content"]["terrier"]["scanned_at"] = f"2026-11-{day}T08:00:00Z"
        if day == 21:
            found["content"]["terrier"]["services"][0]["start"] = "manual"
            found["content"]["softwares"][0]["version"] = "9.1"
        scanned(page, Inventory(found, ()), idle, monkeypatch)
        assert page.result.drift.text() == drift
        assert ("Nothing about it has changed." in page.result.why.text()) == (not drift), "it was only seen again"
        assert "would change" not in page.result.why.text()
        assert page.verdict is not None
        uid = page.verdict.uid
        page.put.click()
        idle()
        assert page.applied is not None
        with workspace.read() as reader:
            after = drift_of(reader, uid, page.applied.number - 1)
        assert " · ".join(f"{one.title}: {one.counts_text}" for one in after if one.name != "details") == drift


def test_a_value_that_is_asked_about_is_counted_and_the_computer_is_not_in_doubt(
    page: ScanPage, workspace: Workspace, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(page, inventory(), idle, monkeypatch)
    page.put.click()
    idle()
    change = change_order(workspace.schema, OrderPlace("laptop", "memory"), (RankedSource("scan", "ask"),))
    with workspace.read() as reader:
        workspace.apply(revise(reader, plan(reader, change), NO_ANSWERS, "anna"))
    later = inventory(memory=65536)
    later.document["content"]["terrier"]["scanned_at"] = "2026-11-21T08:00:00Z"
    scanned(page, later, idle, monkeypatch)
    assert page.verdict is not None
    assert page.verdict.kind == "same"
    assert page.result.why.text().endswith("1 value asked about.")
    assert page.review.isHidden()
    page.put.click()
    idle()
    assert page.review.text().strip() == "Review 1 question"


def test_rows_that_are_asked_about_leave_the_computer_in_no_doubt(
    page: ScanPage, workspace: Workspace, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(page, inventory(), idle, monkeypatch)
    page.put.click()
    idle()
    place = OrderPlace("laptop", "services", of_section=True)
    with workspace.read() as reader:
        planned = plan(reader, change_order(workspace.schema, place, (RankedSource("scan", "ask"),)))
        workspace.apply(revise(reader, planned, NO_ANSWERS, "anna"))
    found = document()
    found["content"]["terrier"]["services"][0]["start"] = "manual"
    found["content"]["terrier"]["scanned_at"] = "2026-11-21T08:00:00Z"
    scanned(page, Inventory(found, ()), idle, monkeypatch)
    assert page.verdict is not None
    assert page.verdict.kind == "same"


def test_what_changed_on_the_machine_is_said_by_section_before_it_is_applied(
    page: ScanPage, workspace: Workspace, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(page, inventory(), idle, monkeypatch)
    assert page.result.drift.isHidden(), "all of a new record is new"
    page.put.click()
    idle()
    found = document()
    content = found["content"]
    content["softwares"][0]["version"] = "9.1"
    content["terrier"]["services"][0]["start"] = "manual"
    content["terrier"]["scanned_at"] = "2026-11-21T08:00:00Z"
    content["batteries"] = [{"name": "BAT0"}]
    scanned(page, Inventory(found, ()), idle, monkeypatch)
    said = page.result.drift.text()
    assert "Services: 1 changed" in said
    assert "Batteries: 1 seen for the first time" in said
    assert "Installed software: 1 upgraded" in said
    assert "Nothing about it has changed" not in page.result.why.text()
    page.put.click()
    idle()
    assert (page.applied is not None, page.result.drift.isHidden()) == (True, False)
    scanned(page, Inventory(found, ()), idle, monkeypatch)
    assert "Nothing about it has changed." in page.result.why.text()
    assert page.result.drift.isHidden()


def test_a_known_computer_shows_what_changed(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(page, inventory(), idle, monkeypatch)
    page.put.click()
    idle()
    later = inventory(memory=65536)
    later.document["content"]["terrier"]["scanned_at"] = "2026-11-21T08:00:00Z"
    scanned(page, later, idle, monkeypatch)
    assert page.prepared is not None
    assert page.verdict is not None
    assert page.verdict.kind == "same"
    (changed,) = page.prepared.changed
    assert ("memory", 32768, 65536) in changed.cells
    assert "serial number" in page.verdict.text
    assert "1 value would change" in page.result.why.text() or "values would change" in page.result.why.text()


def test_a_doubt_is_reported_and_goes_to_review(
    page: ScanPage, workspace: Workspace, context: Context, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmdb.model.revision import Edit, Revision, ci, new_id

    workspace.store.subscribe(lambda applied: context.tasks.post(page.changed, applied))  # as the window does

    one = {"class": "laptop", "name": "one", "serial_number": "PF9001XYZ", "machine_id": "f" * 32}
    two = {
        "class": "laptop",
        "name": "two",
        "serial_number": "OTHER123",
        "machine_id": "0123456789abcdef0123456789abcdef",
    }
    workspace.apply(Revision([Edit(ci(new_id()), "", None, v) for v in (one, two)], "anna"))
    scanned(page, inventory(), idle, monkeypatch)
    assert page.verdict is not None
    assert page.verdict.kind == "doubt"
    assert "under Review" in page.result.why.text()
    page.put.click()
    idle()
    with workspace.store.read() as reader:
        assert [f["state"] for f in reader.records("decision").values()] == ["open"]
        (decision,) = open_decisions(reader)
        revision = decision_revision(reader, decision, "1", "anna")
    assert (page.review.text().strip(), page.focusWidget()) == ("Review 1 question", page.review)
    workspace.apply(revision)
    idle()
    assert (page.review.isHidden(), page.focusWidget()) == (True, page.again), "nothing waits any longer"
    workspace.undo_stack.undo()
    idle()
    assert page.review.text().strip() == "Review 1 question"
    assert page.review.isVisible()
