"""A small estate of which every figure is known: a site, two people, three laptops, a server; one of them repaired."""

from __future__ import annotations

from typing import Any

from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.store import Store


def fill_small(store: Store) -> None:
    def new(cls: str, **values: Any) -> Edit:
        return Edit(ci(new_id()), "", None, {"class": cls, **values})

    site = new("site", name="Rotterdam")
    anja = new("person", name="Anja Vogt", status="Active", email="anja@harbour.example")
    tom = new("person", name="Tom Okafor", status="Left", email="tom@harbour.example")
    laptops = [
        new(
            "laptop",
            name=f"LT-{number}",
            status=status,
            asset_tag=f"A{number}",
            assigned_to=owner.record.key[0],
            location=site.record.key[0],
            warranty_until=warranty,
        )
        for number, status, owner, warranty in (
            (2041, "In repair", anja, "2026-12-12"),
            (2048, "Deployed", tom, "2027-01-04"),
            (2055, "In stock", anja, "2027-01-19"),
        )
    ]
    server = new("server", name="host-a", status="Deployed", serial_number="SRV1")
    store.apply(Revision([site, anja, tom, *laptops, server], "anna", "import:Register.xlsx", "Register.xlsx"))
    first = laptops[0].record
    store.apply(Revision([Edit(first, "status", "In repair", "Deployed")], "tom", reason="Repaired"))
