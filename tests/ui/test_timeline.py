"""An item's timeline: who, when, what it was and is, why, from which source; its links too; and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu

from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.register import retention
from cmdb.store.store import Store
from tests.app.drift.inventories import NAME, take
from ui.context import Context
from ui.records.detail.timeline import Timeline
from ui.widgets.buttons import LinkButton

Settle = Callable[..., None]


def shown(context: Context, settle: Settle, name: str) -> str:
    with context.workspace.store.read(context.moment.at) as reader:
        one = reader.find(name)
    timeline = Timeline(context)
    timeline.show_of(one, now=True)
    settle()
    found = "\n".join(label.text() for label in timeline.findChildren(QLabel))
    timeline.deleteLater()
    return found


def link(store: Store, reason: str) -> None:
    with store.read() as reader:
        one, other = reader.find("LT-2041").uid, reader.find("host-a").uid
    record = Record("relationship", ("depends_on", one, other))
    store.apply(Revision([Edit(record, "", None, {})], "anja", "sheet:Links.xlsx", reason))


def test_it_says_who_changed_what_when_why_and_from_where(context: Context, settle: Settle) -> None:
    store = context.workspace.store
    link(store, "As wired")
    with store.read() as reader:
        server = reader.find("host-a").uid
        laptop = reader.find("LT-2041").uid
        anja = reader.find("Anja Vogt").uid
        tom = reader.find("Tom Okafor").uid
    store.apply(Revision([Edit(ci(laptop), "assigned_to", anja, tom)], "tom", reason="Handed over"))
    store.apply(Revision([Edit(ci(anja), "", {}, None), Edit(ci(server), "", {}, None)], "tom", reason="Cleared out"))
    said = shown(context, settle, "LT-2041")
    for part in (
        "Handed over", "Assigned to: Anja Vogt → Tom Okafor", "As wired", "sheet Links.xlsx",
        "Linked: LT-2041 depends on host-a", "Unlinked: LT-2041 depends on host-a", "Status: In repair → Deployed",
        "Repaired", "Created", "anna", "import Register.xlsx",
    ):  # fmt: skip
        assert part in said, part
    assert "no longer kept" not in said


def test_what_is_undone_stands_in_one_column(context: Context, settle: Settle) -> None:
    store = context.workspace.store
    for number in range(11):
        with store.read() as reader:
            before = reader.find("LT-2041").values.get("notes")
            edit = Edit(ci(reader.find("LT-2041").uid), "notes", before, str(number))
        store.apply(Revision([edit], "tom"))
    with store.read() as reader:
        one = reader.find("LT-2041")
    timeline = Timeline(context)
    timeline.resize(500, 600)
    timeline.show()
    timeline.show_of(one, now=True)
    settle()
    undone = [found for found in timeline.findChildren(LinkButton) if found.text() == "Undo…"]
    assert {len(str(version.number)) for version in timeline.versions} == {1, 2}, "numbers of one and two figures"
    assert len({found.mapTo(timeline, QPoint(0, 0)).x() for found in undone}) == 1
    timeline.close()


def test_it_ends_where_the_past_does(context: Context, settle: Settle) -> None:
    store = context.workspace.store
    link(store, "As wired")
    context.moment.set(2, "then")
    said = shown(context, settle, "LT-2041")
    assert "Repaired" in said
    assert "As wired" not in said, "that came later"
    context.moment.set(None)
    with store.read() as reader:
        store.apply(retention.set_rule(reader, "1m", "tom"))
    retention.prune(store, "tom", now=datetime.now(UTC) + timedelta(days=40))
    said = shown(context, settle, "LT-2041")
    assert "Created" not in said
    assert "is no longer kept" in said


def test_what_a_revision_did_with_the_item_or_one_value_of_it_is_taken_back(context: Context, settle: Settle) -> None:
    store = context.workspace.store
    with store.read() as reader:
        uids = [reader.find(name).uid for name in ("LT-2041", "LT-2048")]
    both = [Edit(ci(uid), name, None, value) for uid in uids for name, value in (("notes", "seen"), ("memory", 4096))]
    store.apply(Revision(both, "tom", reason="Counted"))
    with store.read() as reader:
        one = reader.get(uids[0])
    timeline = Timeline(context)
    timeline.show_of(one, now=True)
    settle(lambda: bool(timeline.versions))

    def entries() -> dict[str, QAction]:
        menu = QMenu(timeline)
        timeline.fill_parts(menu, timeline.versions[0], {})
        return {action.text(): action for action in menu.actions()}

    def memory() -> list[object]:
        with store.read() as reader:
            return [reader.get(uid).values.get("memory") for uid in uids]

    value = next(action for text, action in entries().items() if "Undo this value: Memory" in text)
    value.trigger()
    settle(lambda: memory() == [None, 4096])
    with store.read() as reader:
        assert reader.get(uids[0]).values["notes"] == "seen"
    entries()["Undo this record's part…"].trigger()

    def notes() -> list[object]:
        with store.read() as reader:
            return [reader.get(uid).values.get("notes") for uid in uids]

    settle(lambda: notes() == [None, "seen"])
    timeline.deleteLater()


def test_software_is_told_by_product_or_counted_where_it_is_much(context: Context, settle: Settle) -> None:
    store = context.workspace.store
    take(store, 1, [("Fox Browser", "115.0"), ("Editor", "1"), *((f"Tool {n}", "1") for n in range(4))])
    take(store, 2, [("Fox Browser", "128.0"), *((f"Tool {n}", "1") for n in range(4))])
    take(store, 3, [("Fox Browser", "128.0"), *((f"Tool {n}", "2") for n in range(4)), ("Viewer", "1")])
    said = shown(context, settle, NAME)
    for part in (
        "Installed software: 6 added", "Installed software: Fox Browser: 115.0 → 128.0",
        "Installed software: removed: Editor 1", "Installed software: 1 added, 4 upgraded",
    ):  # fmt: skip
        assert part in said, said
