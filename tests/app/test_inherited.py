"""What an item has by its model is shown with it, and written nowhere."""

from __future__ import annotations

from datetime import date

from app.assets.detail import facts_depend_on, facts_of
from app.assets.rows import rows_of
from app.due import due
from app.due.model import asked
from app.reports import ReportContext, find
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from tests.cmdb.estates import Hand

TODAY = date(2026, 6, 15)


def test_details_lists_reports_and_what_is_due_show_what_the_model_says(hand: Hand) -> None:
    maker = hand.make("manufacturer", "Lenovo")
    model = hand.make(
        "hardware_model", "T14", manufacturer=maker, warranty_months=24, useful_life=60, power=65, category="Notebook",
        notes="of the model", status="Active",
    )  # fmt: skip
    laptop = hand.make("laptop", "LT-1", model=model, purchase_date="2024-06-20", manufacturer=maker)
    with hand.store.read() as reader:
        facts = facts_of(reader, laptop)
        assert facts.inherited.dates == {"warranty_until": "2026-06-20", "end_of_use": "2029-06-20"}
        assert [one.name for one in facts.inherited.said] == ["category", "power"]
        assert "warranty_until" not in facts.ci.values
        assert "warranty_until" not in reader.get(laptop).values
        (row,) = rows_of(reader, reader.ids(Selection("laptop"))).values()
        assert row.ci.values["warranty_until"] == "2026-06-20"
        (line,) = find("warranty_ending").rows(ReportContext(reader, TODAY))
        assert "2026-06-20" in line.cells
        (told,) = due(asked(reader, 30, TODAY))
        assert (told.name, told.day.isoformat(), told.key) == ("LT-1", "2026-06-20", f"{laptop}.warranty_until")
        depends = facts_depend_on(facts)
    applied = hand.store.apply(Revision(changed(model, "warranty_months", 24, 36), "tom"))
    assert any(one.is_concerned(applied) for one in depends)
    with hand.store.read() as reader:
        assert facts_of(reader, laptop).inherited.dates["warranty_until"] == "2027-06-20"
        assert not due(asked(reader, 30, TODAY))
    hand.set(laptop, "warranty_until", "2025-01-01")
    with hand.store.read() as reader:
        assert "warranty_until" not in facts_of(reader, laptop).inherited.dates


def changed(uid: str, field: str, before: int, after: int) -> list[Edit]:
    return [Edit(ci(uid), field, before, after)]
