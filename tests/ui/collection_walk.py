"""The walk through the steps of Scan, Review and Import for the test of the pseudo-locale, with Greek data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from PySide6.QtWidgets import QWidget

from app import import_proposal
from app import scans as scanning
from cmdb.model.messages import Message
from importers.discovery import Inventory
from importers.discovery.collector import CollectorOutcome
from importers.importer import Options
from ui.pages.import_.page import CHECK, COMPARE, MAP, ImportPage
from ui.pages.review.page import ReviewPage
from ui.pages.scan.page import ScanPage

if TYPE_CHECKING:
    from ui.shell.window import Window

LAPTOPS = """Κτήμα
Ετικέτα;Όνομα;Κατάσταση;Μοντέλο;Ημέρα;Χρώμα
Ε1;φορητός-1;χαμένο;Μ7440;31/12/2027;γκρι
Ε2;φορητός-2;;Μ7440;31/02/2028;γκρι
"""
"""A sheet with a wrong choice, a wrong date, and a model that the register lacks."""


class PageWalk(Protocol):
    """What the walk needs of the window's walk."""

    window: Window
    folder: Path

    def rest(self, until: Callable[[], bool] | None = None) -> None:
        """Waits until nothing is asked any more."""

    def page(self, name: str, **params: Any) -> QWidget:
        """Opens a page and collects its texts."""

    def look_at_page(self, name: str) -> None:
        """Collects the texts of a page."""

    def look_at_others(self, part: str) -> None:
        """Collects the texts of dialogs and popups, and closes them."""

    def hear(self, part: str, *texts: str) -> None:
        """Collects texts that pass."""


def inventory() -> Inventory:
    """The inventory of a made-up computer that has something of everything."""
    content = {
        "versionclient": "Terrier",
        "hardware": {"name": "υπολογιστής", "memory": 32768, "lastloggeduser": "άννα", "defaultgateway": "192.0.2.1"},
        "bios": {"ssn": "ΣΕΙΡΑ-9999", "smanufacturer": "Κατασκευή", "smodel": "Τ14"},
        "operatingsystem": {"full_name": "Σύστημα", "boot_time": "2026-11-20 08:00:00", "install_date": "2025-01-02"},
        "cpus": [{"name": "Επεξεργαστής", "core": 4, "speed": 2400}],
        "memories": [{"capacity": 16384, "type": "4"}],
        "storages": [{"name": "δίσκος", "disksize": 512_000}],
        "networks": [{"description": f"δ{i}", "mac": f"02:00:00:00:00:0{i}"} for i in range(8)],
        "softwares": [{"name": f"π{i}", "version": "1", "from": "πηγή"} for i in range(3)],
        "users": [{"login": "άννα"}],
        "local_users": [{"login": f"χ{i}", "id": str(1000 + i)} for i in range(9)],
        "monitors": [{"caption": "οθόνη"}],
        "printers": [{"name": "εκτυπωτής"}],
        "batteries": [{"name": "μπαταρία"}],
        "usbdevices": [{"name": "συσκευή"}],
        "virtualmachines": [{"name": "εικονική"}],
        "antivirus": [{"name": "προστασία"}],
        "processes": [{}, {}],
        "terrier": {
            "format": 1,
            "scanned_at": "2026-11-20T08:00:00Z",
            "volumes": [{"mount": "/", "free_bytes": 1 << 33, "total_bytes": 1 << 35}],
            "listening_ports": [{"port": 22, "address": "0.0.0.0"}],
            "connections": [{"remote_address": "192.0.2.7", "remote_port": 22}] * 2,
            "services": [{"name": f"υ{i}", "start": "automatic", "state": "running"} for i in range(9)],
            "scheduled_jobs": [{}],
            "security": {
                "mandatory_access_control": "Μονάδα", "pending": {"updates": 3, "security_updates": 1},
                "lists_refreshed": "2026-11-20T08:00:00Z", "restart_required": True, "automatic_updates": False,
            },
        },
    }  # fmt: skip
    document = {"deviceid": "υπολογιστής", "action": "inventory", "itemtype": "Computer", "content": content}
    return Inventory(
        document,
        (
            CollectorOutcome("system", "collected", 0.01, elevate=("firewall rules",)),
            CollectorOutcome("storage", "timed out", 5.0, Message("stopped after {seconds} s", seconds=5)),
            CollectorOutcome("memory", "not permitted", 0.01, elevate=("secure boot",)),
            CollectorOutcome("printers", "absent", 0.0),
            CollectorOutcome("network", "failed", 0.0),
        ),
    )


def walk_scan(walk: PageWalk) -> None:
    """A scan: the collectors, what was found, what would change, and the result."""
    found = inventory()
    page = walk.page("scan")
    assert isinstance(page, ScanPage)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "scan", lambda control, heard, plugins=(), watch=None: found)
        patch.setattr(scanning, "names", lambda plugins=(): [one.name for one in found.outcomes])
        page.scan()
        walk.look_at_page("scan")
        walk.rest(lambda: page._job is None)
    for tab in ("found", "changes", "course"):
        page.result.tabs.choose(tab)
        page.result.tabs.chosen.emit(tab)
        walk.rest()
        walk.look_at_page("scan")
    page.apply()
    walk.rest(lambda: page._job is None)
    walk.look_at_page("scan")
    page.undo.click()
    walk.rest()
    walk.look_at_others("scan")


def walk_review(walk: PageWalk) -> None:
    """Questions of an import: rows that disagree."""
    workspace = walk.window.estate.workspace
    assert workspace is not None
    path = walk.folder / "επιτραπέζιοι.csv"
    schema = workspace.schema
    labels = [schema.attribute("desktop", name).label for name in ("name", "serial_number", "memory")]
    rows = (("επιτραπέζιος", "ΣΕΙΡΑ-7777", "16384"), ("επιτραπέζιος", "ΣΕΙΡΑ-7777", "32768"))
    path.write_text("\n".join(";".join(row) for row in (labels, *rows)), "utf-8")
    readings = import_proposal.read_files([path], schema, Options(cls="desktop"))[0]
    proposal = import_proposal.propose(workspace.store, readings, "άννα")
    assert proposal.review
    workspace.apply(proposal.revision)
    page = walk.page("review")
    assert isinstance(page, ReviewPage)
    assert page.buttons


def walk_import(walk: PageWalk) -> None:
    """An import step by step: files, mapping, problems, comparison, result."""
    path = walk.folder / "φορητοί.csv"
    path.write_text(LAPTOPS, "utf-8")
    page = walk.page("import", files=[str(path)])
    assert isinstance(page, ImportPage)
    flow, workspace = page.flow, walk.window.estate.workspace
    assert workspace is not None

    def still() -> bool:
        return not flow.busy and not workspace.jobs.busy

    walk.rest(still)
    walk.look_at_page("import")
    sheet = flow.sheets[0]
    flow.change_class(sheet, "laptop")
    walk.rest(still)
    page.go_to(MAP)
    for index, name in enumerate(("asset_tag", "name", "status", "model", "warranty_until")):
        flow.change_mapping(sheet, sheet.mapping.use(index, role="attribute", name=name))
    page.mapping_view.change(1, ("upper",))
    page.mapping_view.change(3, ("before:Χ", "trim:Υ"))
    page.mapping_view.set_constant("notes", "σημείωση")
    walk.look_at_page("import")
    page.mapping_view.choose(5)
    walk.look_at_others("import")
    page.mapping_view._choose_class()
    walk.look_at_others("import")
    page.go_to(CHECK)
    walk.rest(still)
    for row in range(page.check_view.groups.count()):
        page.check_view.groups.setCurrentRow(row)
        walk.look_at_page("import")
    side = page.check_view.side
    for tab in ("near", "new"):
        side.tabs.choose(tab)
        side.tabs.chosen.emit(tab)
        walk.rest(still)
        walk.look_at_page("import")
    page.go_to(COMPARE)
    walk.rest(still)
    for tab in ("new", "changed", "rejected"):
        page.compare_view.view.tabs.choose(tab)
        page.compare_view.view._choose(tab)
        walk.look_at_page("import")
    page.check_view.mend(True)
    page.next()
    walk.rest(still)
    walk.look_at_page("import")
    page.result_view.undo.click()
    walk.rest(still)
    walk.look_at_others("import")
