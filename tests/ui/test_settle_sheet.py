"""The sheet that settles what a leaver has: each thing has a line, and saving it is one revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.leavers.settling import LineOutcome
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from ui.context import Context
from ui.records.settle_sheet import SettledItemLine, SettleForm
from ui.records.verbs import Verbs
from ui.widgets.reference import ReferenceField

Settle = Callable[..., None]


def leaving(context: Context) -> dict[str, str]:
    """Ann leaves with three things, a seat and a team."""
    names = ("Ann", "Bob", "LT-1", "PH-1", "TB-1", "Office", "Support", "Store room")
    uids = {name: new_id() for name in names}

    def new(cls: str, name: str, **values: Any) -> Edit:
        return Edit(ci(uids[name]), "", None, {"class": cls, "name": name, **values})

    ann = uids["Ann"]
    edits = [
        new("person", "Ann", status="Left", end="2026-10-31"),
        new("person", "Bob", status="Active"),
        new("room", "Store room"),
        new("laptop", "LT-1", status="Deployed", assigned_to=ann, asset_tag="A-1"),
        new("phone", "PH-1", status="Deployed", assigned_to=ann),
        new("tablet", "TB-1", status="Deployed", assigned_to=ann),
        new("team", "Support", manager=ann),
        new("entitlement", "Office", product="Office", metric="named user", quantity=3),
        Edit(Record("assignment", (uids["Office"], ann)), "", None, {}),
    ]
    context.workspace.store.apply(Revision(edits, "tester"))
    return uids


def opened(context: Context, shell: Any, settle: Settle, uid: str) -> SettleForm:
    Verbs(context).run("settle", lambda _: [uid], "Ann", "person")
    settle()
    form = shell.content
    assert isinstance(form, SettleForm)
    return form


def test_each_thing_has_a_line_and_all_is_one_revision(context: Context, shell: Any, settle: Settle) -> None:
    uids = leaving(context)
    form = opened(context, shell, settle, uids["Ann"])
    assert [one.item.record.name for one in form.lines] == ["LT-1", "PH-1", "TB-1"]
    assert {one.outcome for one in form.lines} == {LineOutcome.LATER}
    assert form.last_day.value() == "2026-10-31"
    laptop, phone, _ = form.lines
    form.return_all()
    phone.choose(LineOutcome.MISSING)
    form.lines[2].choose(LineOutcome.LATER)
    assert phone.asked() == []
    form.save()
    settle()
    assert "Where is LT-1 kept now?" in form.problem.text()
    (place, condition) = laptop.asked()
    assert isinstance(place, ReferenceField)
    place.show_ci(uids["Store room"], "Store room")
    condition.set_value("Good")
    form.handed["manager"].show_ci(uids["Bob"], "Bob")
    before = context.workspace.store.data_version()
    form.save()
    settle()
    assert context.workspace.store.data_version() == before + 1
    with context.workspace.read() as reader:
        laptop_now, phone_now, team = (reader.get(uids[name]) for name in ("LT-1", "PH-1", "Support"))
        seats = reader.assignments()
    assert (laptop_now.text("status"), laptop_now.text("location")) == ("In stock", uids["Store room"])
    assert phone_now.text("status") == "Lost"
    assert team.text("manager") == uids["Bob"]
    assert not [one for one in seats if one[1] == uids["Ann"]]


def test_what_a_thing_that_they_keep_is_asked(context: Context, shell: Any, settle: Settle) -> None:
    form = opened(context, shell, settle, leaving(context)["Ann"])
    laptop: SettledItemLine = form.lines[0]
    laptop.choose(LineOutcome.KEPT)
    assert [field.attribute.name for field in laptop.asked()][:2] == ["way", "method"]
    form.save()
    settle()
    assert form.problem.isHidden()  # the way is missing, and is said under its field
    assert laptop.answer().values == {}
