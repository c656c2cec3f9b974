"""Installed software: what one source lists does not unsay what another found."""

from __future__ import annotations

from cmdb.observation import InstallationSeen, Installed, Mention, Observation
from tests.cmdb.reconciliation.estate import Estate, scan, sheet


def test_a_list_of_software_keeps_what_a_scan_found(estate: Estate) -> None:
    found = Installed("openssl", "Debian", version="3.0.14", origin="deb")
    computer = Observation(
        "laptop", {"name": "nb-1", "serial_number": "PF1ABCDE"}, installed=[found], sections=("software",)
    )
    estate.take(scan(computer))
    listed = Installed("openssl", "Debian", version="3.0.14", origin="sheet")
    again = estate.propose(sheet(installations=[InstallationSeen(Mention("computer", "nb-1"), listed)]))
    assert [e for e in again.revision.edits if e.record.kind == "installation"] == []
