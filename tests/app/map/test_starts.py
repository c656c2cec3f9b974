"""Where a map may begin: the services that matter most come first."""

from __future__ import annotations

from pathlib import Path

from app.map.starts import critical_services
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.upkeep.startup import create_estate


def test_services_are_offered_the_most_critical_first_and_then_by_name(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "services.terrier")
    made = [("Archive", "Low", ""), ("Payroll", "Critical", ""), ("Intranet", None, ""), ("Mail", "High", ""),
            ("Billing", "Critical", ""), ("Telephony", "Medium", ""), ("Fax", "Critical", "Retired")]  # fmt: skip

    def values(name: str, how: str | None, status: str) -> dict[str, str]:
        said = {"class": "business_service", "name": name, "criticality": how or "", "status": status}
        return {field: value for field, value in said.items() if value}

    edits = [Edit(ci(new_id()), "", None, values(*one)) for one in made]
    store.apply(Revision(edits, "anna"))
    with store.read() as reader:
        offered = [one.name for one in critical_services(reader, 10)]
        assert offered == ["Billing", "Payroll", "Mail", "Telephony", "Archive", "Intranet"]
        assert [one.name for one in critical_services(reader, 3)] == offered[:3]
        assert critical_services(reader, 0) == []
    store.close()
