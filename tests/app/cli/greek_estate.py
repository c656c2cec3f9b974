"""An estate whose records have Greek names: shown words in ASCII letters are texts of the program."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.grouped_links import grouped


def greek_estate(path: Path) -> Path:
    """Creates the estate: services on redundant servers, people with equipment, licences, contracts; something of
    everything that a report lists.
    """
    estate = _Edits()
    soon, past = (date.today() + timedelta(days=30)).isoformat(), (date.today() - timedelta(days=90)).isoformat()
    athens = estate.ci("site", "Αθήνα")
    room = estate.ci("room", "Αίθουσα", location=athens)
    sales = estate.ci("department", "Πωλήσεις")
    maker = estate.ci("manufacturer", "Κατασκευαστής")
    model = estate.ci("hardware_model", "Μοντέλο")
    anna = estate.ci("person", "Άννα", department=sales, location=athens)
    nikos = estate.ci("person", "Νίκος", end=past)
    common: dict[str, Any] = {"model": model, "manufacturer": maker, "location": room, "purchase_date": "2024-05-06"}
    first, second = (
        estate.ci("server", name, status="Deployed", serial_number=serial, processor_sockets=2,
                  cores_per_processor=8, memory=8192, last_seen=f"{past}T10:00:00Z", **common)
        for name, serial in (("Ένα", "Σ1"), ("Δύο", "Σ2"))
    )  # fmt: skip
    machine = estate.ci("virtual_machine", "Μηχανή", status="Deployed", virtual_cores=4)
    laptop = estate.ci("laptop", "Φορητός", asset_tag="Ε-1", serial_number="Σ3", assigned_to=anna, status="Deployed",
                       purchase_cost=Decimal("1234.5"), currency="EUR", warranty_until=soon, **common)  # fmt: skip
    estate.ci("laptop", "Παλιός", asset_tag="Ε-2", serial_number="σ3", manufacturer=maker, assigned_to=nikos,
              status="Retired")  # fmt: skip
    estate.ci("laptop", "Άδειος", asset_tag="Ε-3", status="In stock")
    estate.ci("laptop", "Δίδυμος"), estate.ci("laptop", "Δίδυμος")
    shop, service = estate.ci("application", "Κατάστημα"), estate.ci("business_service", "Υπηρεσία")
    group = new_id()
    estate.add(Record("group", (group,)), owner=shop, label="Ζεύγος", needs="1")
    for server in (first, second):
        estate.edits += grouped("depends_on", shop, server, group)
    estate.add(Record("relationship", ("supports", shop, service)))
    estate.add(Record("relationship", ("runs_on", service, machine)))
    estate.ci("support_contract", "Σύμβαση", end=soon, cost=Decimal(100), currency="EUR")
    bought = {"product": "Εργαλείο", "publisher": "Εκδότης", "metric": "device", "end": soon, "cost": Decimal(30)}
    estate.ci("entitlement", "Άδεια", quantity=1, currency="EUR", **bought)
    seats = estate.ci("entitlement", "Θέσεις", product="Πίνακας", metric="named user", quantity=3, cost=Decimal(30))
    estate.add(Record("assignment", (seats, nikos)))
    task = estate.ci("task", "Εργασία", what_to_do="Πρώτα αυτό", assignee=anna, due=past, priority="High")
    estate.add(Record("relationship", ("concerns", task, laptop)))
    for one in (laptop, first, second, machine):
        estate.add(Record("installation", (one, "", "Εκδότης", "Εργαλείο", "", "1.0")), origin="scan")
    estate.add(Record("installation", (laptop, "", "Άλλος", "Άγνωστο", "", "2")), origin="scan")
    store = create_estate(path)
    store.apply(Revision(estate.edits, "δοκιμή", reason="αρχή"))
    store.close()
    return path


class _Edits:
    """Edits that create records."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []

    def add(self, record: Record, **values: Any) -> None:
        """One record of any kind."""
        self.edits.append(Edit(record, "", None, values))

    def ci(self, cls: str, name: str, **values: Any) -> str:
        """One configuration item; its id."""
        uid = new_id()
        self.add(Record("ci", (uid,)), **{"class": cls, "name": name, **values})
        return uid
