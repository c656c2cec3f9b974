"""The history page: the journal, two moments compared, baselines, and how long history is kept."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from app.history import comparison
from app.moments import PointInTime, after, before, on_day, word
from cmdb.model.errors import UserError
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.register import baselines, retention
from cmdb.store.upkeep.integrity import check_integrity
from tests.ui.conftest import RecordingShell
from ui.context import Context
from ui.pages.history.page import HistoryPage
from ui.pages.history.retention import RetentionSheet
from ui.widgets.table import TableView
from ui.widgets.time_control import TimePopup, label_of, show_moment

Settle = Callable[..., None]


@pytest.fixture
def page(context: Context, settle: Settle) -> HistoryPage:
    found = HistoryPage(context)
    found.resize(1200, 800)
    found.show()
    found.opened()
    settle(lambda: found.revision.number == 2 and bool(found.model.rows))
    return found


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def press(widget: QWidget, title: str) -> None:
    next(b for b in widget.findChildren(QPushButton) if b.text().strip() == title).click()


def listed(page: HistoryPage) -> list[tuple[str, str, str, str]]:
    return [(d.item, d.what, d.then, d.now) for d in page.comparison.model.rows]


def actions(page: HistoryPage) -> dict[str, Callable[[], None]]:
    return {a.id: a.run for a in page.page_actions() if a.enabled()}


def test_the_head_of_the_journal_is_shown_and_copied(page: HistoryPage) -> None:
    with page.context.workspace.read() as reader:
        head = reader.head()
    assert f"The journal's head: 2:{head.hash[:16]}…" in texts(page)
    button = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "Copy the journal's head")
    button.click()
    assert QApplication.clipboard().text() == f"2:{head.hash}"


def test_a_column_without_values_gives_its_room_to_the_names(page: HistoryPage, settle: Settle) -> None:
    table = page.revision.findChildren(TableView)[0]
    seen = {}
    for number in (1, 2):
        page.revision.show_revision(number)
        settle(lambda number=number: page.revision.number == number and not page.context.tasks.busy)
        seen[number] = [table.isColumnHidden(column) for column in range(4)]
    assert seen == {1: [False, False, True, False], 2: [False] * 4}, "the first revision only created"


def test_two_moments_are_compared_listed_and_narrowed(page: HistoryPage, settle: Settle) -> None:
    actions(page)["history.compare"]()
    settle(lambda: page.comparing and not page.context.tasks.busy)
    assert listed(page) == [("LT-2041", "Status", "In repair", "Deployed")]
    assert "1 changed" in texts(page.comparison)
    page.opened(compare=[0, None])
    settle(lambda: len(page.comparison.model.rows) == 7 and not page.context.tasks.busy)
    assert {row[1] for row in listed(page)} == {"Created"}
    view = page.comparison
    view.classes.setCurrentIndex(view.classes.findData("computer"))
    assert {row[0] for row in listed(page)} == {"LT-2041", "LT-2048", "LT-2055", "host-a"}
    view.search.setText("host")
    view._filter()
    assert [row[0] for row in listed(page)] == ["host-a"]
    view.kinds.choose("relationship")
    view._filter()
    assert "No difference fits" in texts(view)
    press(view, "Show all differences")
    assert len(listed(page)) == 7
    page.comparison._swap()
    settle()
    assert {row[1] for row in listed(page)} == {"Deleted"}
    assert page.state() == {"compare": [None, 0]}
    press(view, "Back to the journal")
    assert not page.comparing
    assert page.state() == {"revision": 2}


def test_a_long_list_says_so_and_a_filter_looks_through_all_of_it(
    page: HistoryPage, settle: Settle, monkeypatch: pytest.MonkeyPatch, shell: RecordingShell, tmp_path: Path
) -> None:
    monkeypatch.setattr(comparison, "MOST", 3)
    page.comparison.compare(PointInTime(0, "the beginning"))
    page.comparison.show()
    settle()
    assert len(listed(page)) == 3
    assert "of 7 differences are listed" in texts(page.comparison)
    page.comparison.search.setText("host-a")
    page.comparison._filter()
    settle()
    assert [row[0] for row in listed(page)] == ["host-a"]
    path = tmp_path / "difference.csv"
    page.comparison.write(path)
    settle(lambda: bool(shell.said("toast")))
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 8
    assert shell.said("toast") == [("difference.csv is written: 7 rows",)]


def test_an_item_of_the_difference_is_opened_or_reported_as_deleted(
    page: HistoryPage, settle: Settle, shell: RecordingShell
) -> None:
    with page.context.workspace.store.read() as reader:
        server = reader.find("host-a")
    page.context.workspace.apply(Revision([Edit(ci(server.uid), "", {}, None)], "tom"))
    page.comparison.compare(PointInTime(1, "then"))
    settle()
    rows = {d.item: place for place, d in enumerate(page.comparison.model.rows)}
    page.comparison._open(rows["LT-2041"])
    page.comparison._open(rows["host-a"])
    assert len(shell.said("open_ci")) == 1
    assert shell.said("toast") == [("host-a is no longer there. It was, as of then.",)]


def test_the_estate_is_shown_before_and_after_a_revision(page: HistoryPage, settle: Settle) -> None:
    moment = page.context.moment
    actions(page)["history.before"]()
    settle(lambda: moment.at == 1)
    assert "before “Repaired”" in moment.label
    assert moment.day == date.today()
    moment.set(None)
    actions(page)["history.after"]()
    settle(lambda: moment.at == 2)
    assert "(revision 2)" in moment.label


def test_moments_are_found_by_what_a_person_types(context: Context) -> None:
    store = context.workspace.store
    store.apply(baselines.add("Year end", 1, "tom"))
    with store.read() as reader:
        assert word("2")(reader).number == 2
        assert word("year END")(reader).number == 1
        assert label_of(word("Year end")(reader)).endswith(" (baseline “Year end”)")
        assert word("2001-01-01")(reader) == PointInTime(0)
        assert label_of(PointInTime(0)) == "the beginning"
        assert label_of(on_day("2001-01-31")(reader)) == "31 Jan 2001"
        assert on_day(date.today().isoformat())(reader).number is None
        assert before(1)(reader).number == 0
        assert after(3)(reader).number == 3
        with pytest.raises(UserError, match="nor a baseline"):
            word("some day")(reader)


def test_the_time_control_offers_imports_and_baselines(context: Context, settle: Settle) -> None:
    context.workspace.store.apply(baselines.add("Year end", 2, "tom"))
    host = QWidget()
    host.show()
    popup = TimePopup(context, host, lambda resolve: show_moment(context, resolve))
    popup.pop_up(host)
    settle(lambda: any("Register.xlsx" in b.text() for b in popup.findChildren(QPushButton)))
    assert any("Year end" in b.text() for b in popup.findChildren(QPushButton))
    next(b for b in popup.findChildren(QPushButton) if "Register.xlsx" in b.text()).click()
    settle(lambda: context.moment.at == 0)
    assert "before “" in context.moment.label
    popup = TimePopup(context, host, lambda resolve: show_moment(context, resolve))
    popup.pop_up(host)
    popup.field.setText("Year end")
    popup.field.returnPressed.emit()
    settle(lambda: context.moment.at == 2)


def test_a_moment_gets_a_name_another_one_and_none(page: HistoryPage, settle: Settle, shell: RecordingShell) -> None:
    store = page.context.workspace.store
    page.revision.show_revision(1)
    settle()
    actions(page)["history.name"]()
    settle(lambda: bool(shell.said("sheet")))
    name, note = shell.content.findChildren(QLineEdit)
    name.setText("Before the repairs")
    note.setText("as found")
    shell.buttons[-1].click()  # type: ignore[attr-defined]
    settle()
    with store.read() as reader:
        (made,) = baselines.baselines(reader)
    assert (made.name, made.number, made.note) == ("Before the repairs", 1, "as found")
    page.baselines.show()
    settle()
    assert "Before the repairs" in texts(shell.content)
    press(shell.content, "Compare with now")
    settle(lambda: page.comparing and bool(listed(page)))
    page.baselines.rename(made)
    shell.content.findChildren(QLineEdit)[0].setText("Found")
    shell.buttons[-1].click()  # type: ignore[attr-defined]
    settle()
    page.baselines.show()
    settle()
    press(shell.content, "Show")
    settle(lambda: page.context.moment.at == 1)
    page.context.moment.set(None)
    page.baselines.show()
    settle()
    press(shell.content, "Remove")
    settle()
    with store.read() as reader:
        assert baselines.baselines(reader) == []
        assert str(reader.revisions(2)[1].reason) == "Baseline “Before the repairs” is now called “Found”"


def test_retention_shows_what_it_would_delete_and_deletes_it_on_request(
    page: HistoryPage, settle: Settle, shell: RecordingShell
) -> None:
    store = page.context.workspace.store
    with store.read() as reader:
        laptop = reader.page(Selection("laptop"))[0]
    later = datetime.now(UTC) + timedelta(days=200)
    store.clock = lambda: later.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    store.apply(Revision([Edit(ci(laptop.uid), "notes", None, "later")], "tom"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retention.clock, "moment", lambda: datetime.now().astimezone() + timedelta(days=90))
        sheet = RetentionSheet(page.context)
        sheet.show()
        settle()
        assert "All of the past can be shown" in sheet.now.text()
        assert not sheet.save.isEnabled()
        sheet.unit.setCurrentIndex(sheet.unit.findData("m"))
        settle()
        assert "1 old version from before" in texts(sheet.goes)
        assert not sheet.prune.isEnabled(), "not before the rule is saved"
        sheet.save.click()
        settle()
        with store.read() as reader:
            assert retention.rule(reader) == "2m"
        sheet = RetentionSheet(page.context)
        sheet.show()
        settle()
        assert sheet.keep == "2m"
        sheet.prune.click()
        assert shell.said("confirm") == [("Remove old history?", "Remove it")]
        settle(lambda: any("removed from the history" in said[0] for said in shell.said("toast")))
    with store.read() as reader:
        assert retention.remaining(reader)[0] == 2
    page.reload()
    settle()
    assert "is no longer kept" in texts(page)
    page.revision.show_revision(1)
    settle()
    assert "The past before" in texts(page.revision)
    page.opened(compare=[1, None])
    settle()
    assert not page.comparing, "where one was, but it is let go"
    assert any("no longer kept" in said[0] for said in shell.said("toast"))
    assert check_integrity(store) == []


def test_today_in_a_filter_is_the_day_that_is_shown(context: Context, settle: Settle) -> None:
    found: list[list[str]] = []
    ending = Selection("laptop", "warranty_until > today and warranty_until < today+30d")
    for day in (date(2026, 11, 30), date(2027, 1, 1), date(2030, 1, 1)):
        context.moment.set(2, f"{day}", day)
        context.query(lambda reader: [c.name for c in reader.all(ending)], found.append)
        settle()
    assert found == [["LT-2041"], ["LT-2048", "LT-2055"], []]


def test_a_right_click_on_a_revision_offers_what_can_be_done_with_it(page: HistoryPage, settle: Settle) -> None:
    page._menu(page.table.visualRect(page.model.index(1, 2)).center())
    (menu,) = [m for m in page.findChildren(QMenu) if m.isVisible()]
    settle(lambda: page.revision.number == 1)
    titles = [a.text() for a in menu.actions() if a.text()]
    menu.close()
    assert titles == [
        "Undo this revision…", "Show the estate before this", "Show the estate after this", "Show its items in Assets",
        "Compare what was before this with now", "Name this moment…",
    ]  # fmt: skip
    page.context.moment.set(1, "then")
    page.reload()
    settle()
    assert "history.name" not in actions(page), "names are given now"


def test_a_part_of_a_revision_is_taken_back(page: HistoryPage, settle: Settle) -> None:
    context = page.context
    store = context.workspace.store
    assert "history.undo_record" not in actions(page), "nothing is chosen"
    with store.read() as reader:
        uids = [reader.find(name).uid for name in ("LT-2041", "LT-2048")]
    both = [Edit(ci(uid), name, None, value) for uid in uids for name, value in (("notes", "seen"), ("memory", 4096))]
    number = store.apply(Revision(both, "tom", reason="Counted")).number
    page.opened(revision=number)
    settle(lambda: len(page.revision._model.rows) == 4)
    line = next(i for i, one in enumerate(page.revision._model.rows) if one.attribute == "memory")
    chosen = page.revision._model.rows[line].uid
    page.revision._table.selectRow(line)
    actions(page)["history.undo_value"]()

    def values(uid: str) -> tuple[object, object]:
        with store.read() as reader:
            found = reader.get(uid).values
            return found.get("memory"), found.get("notes")

    settle(lambda: values(chosen) == (None, "seen"))
    page.revision._table.selectRow(line)
    actions(page)["history.undo_record"]()
    settle(lambda: values(chosen) == (None, None))
    other = next(uid for uid in uids if uid != chosen)
    assert values(other) == (4096, "seen")


def test_the_journal_is_narrowed_to_a_person(page: HistoryPage, context: Context, settle: Settle) -> None:
    with context.workspace.read() as reader:
        laptop = reader.find("LT-2041").uid
    page.changed(context.workspace.apply(Revision([Edit(ci(laptop), "notes", None, "Dented")], "Bea")))
    settle(lambda: len(page.model.rows) == 3)
    menu = QMenu()
    page._people(menu)
    offered = [one.text() for one in menu.actions() if not one.isSeparator()]
    assert offered[0] == "Anyone"
    assert f"{context.author} (1)" in offered
    next(one for one in menu.actions() if one.text() == f"{context.author} (1)").trigger()
    assert [one.author for one in page.model.rows] == [context.author]
    page._clear()
    assert len(page.model.rows) == 3
