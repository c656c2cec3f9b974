"""Where a map may begin."""

from __future__ import annotations

from pathlib import Path

from app.map.starts import critical_services
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.upkeep.startup import create_estate


def test_the_most_critical_services_are_offered_first(tmp_path: Path) -> None:
    """Not the first of the alphabet; of one level by name, those without a level last, none that has left."""
    services = (
        ("Archive", "Low", ""), ("Wiki", "", ""), ("Billing", "High", ""), ("Accounts", "High", ""),
        ("Switchboard", "Critical", ""), ("Fax", "Critical", "Retired"),
    )  # fmt: skip
    store = create_estate(tmp_path / "services.terrier")
    edits = []
    for name, criticality, status in services:
        values = {"class": "business_service", "name": name, "criticality": criticality, "status": status}
        edits.append(Edit(ci(new_id()), "", None, {key: value for key, value in values.items() if value}))
    store.apply(Revision(edits, "anna"))
    with store.read() as reader:
        offered = [one.name for one in critical_services(reader, 10)]
        assert offered == ["Switchboard", "Accounts", "Billing", "Archive", "Wiki"]
        assert [one.name for one in critical_services(reader, 2)] == offered[:2]
    store.close()
