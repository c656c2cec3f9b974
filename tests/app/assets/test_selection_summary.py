"""What several chosen records have in common."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.assets.selection_summary import summarized
from app.workspace import Workspace
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection

TODAY = date(2026, 11, 30)


def test_chosen_records_are_counted_summed_and_have_an_age(workspace: Workspace) -> None:
    with workspace.read() as reader:
        rows = reader.page(Selection("laptop"))
    values = [("2023-11-02", "1000.50", "EUR"), ("2025-11-30", "20", "USD"), (None, "1", "EUR")]
    edits = []
    for row, (day, cost, code) in zip(rows, values, strict=True):
        new = {"purchase_date": day, "purchase_cost": Decimal(cost), "currency": code, "memory": 16}
        edits += [Edit(ci(row.uid), name, row.values.get(name), value) for name, value in new.items() if value]
    workspace.apply(Revision(edits, "anna"))
    with workspace.read() as reader:
        found = summarized(reader, Selection("hardware"), [row.id for row in rows], ["name"], TODAY)
        assert found.count == 3
        parts = {part.title: {line.label: line.text for line in part.lines} for part in found.parts}
        assert parts["Class"] == {"Laptops": "3"}
        assert parts["Status"] == {"In stock": "1", "Deployed": "2"}
        assert parts["Sums"]["Purchase cost"] == "1,001.50 EUR · 20.00 USD"
        assert parts["Sums"]["Memory"] == "48 MiB"
        assert parts["Age since Purchase date"] == {
            "On average": "2.0 years", "Youngest": "1.0 years", "Oldest": "3.0 years", "Without Purchase date": "1",
        }  # fmt: skip
        whole = summarized(reader, Selection("hardware"), None, ["name"], TODAY)
        assert whole.count == reader.count(Selection("hardware"))
        tones = [line.tone for part in found.parts if part.title == "Status" for line in part.lines]
        assert all(tones)
