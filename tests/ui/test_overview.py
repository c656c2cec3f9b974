"""The overview: what it counts, where its parts lead, and its three states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from cmdb.errors import StoreProblem
from cmdb.revision import Edit, Revision, ci, new_id
from cmdb.schema import Schema
from cmdb.store import Selection
from ui.context import Context
from ui.pages.overview.facts import ASIDE, ending, gather
from ui.pages.overview.page import OverviewPage
from ui.pages.overview.rows import what

Settle = Callable[..., None]
TODAY = date(2026, 11, 22)


def show(context: Context, settle: Settle) -> OverviewPage:
    page = OverviewPage(context)
    page.resize(1240, 850)
    page.opened()
    page.show()
    settle(tasks=context.tasks)
    settle(lambda: page._states.name != "content" or page._licences._states.name != "loading")
    settle(tasks=context.tasks)
    return page


def texts(page: OverviewPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_what_ends_is_every_marked_date_once_where_it_is_declared() -> None:
    found = ending(Schema.load())
    assert ("hardware", "warranty_until", "Warranty") in found
    assert not [f for f in found if f[0] == "laptop"]
    assert not [f for f in found if f[1] == "cancel_by"]
    assert len({f[:2] for f in found}) == len(found)


def test_the_counts_of_a_small_estate(context: Context) -> None:
    with context.read() as reader:
        facts = gather(reader, TODAY)
    assert facts.items == 7
    assert facts.computers == 3, "the laptop in stock is not in use"
    assert facts.stale == 3
    assert {s.label: s.count for s in facts.statuses} == {"In stock": 1, "Deployed": 3}
    assert {s.cls: s.count for s in facts.classes} == {"hardware": 4, "party": 2, "place": 1}
    assert [m.count for m in facts.months] == [0, 1, 2] + [0] * 9
    assert facts.months[1].kinds == {"Warranty": 1}
    assert [h.number for h in facts.lately] == [2, 1]


def test_every_number_leads_to_as_many_items(context: Context) -> None:
    with context.read() as reader:
        facts = gather(reader, TODAY)
        for share in (*facts.classes, *facts.statuses):
            assert reader.count(Selection(share.cls, share.where)) == share.count
        for month in facts.months:
            if month.count:
                assert reader.count(Selection(month.cls, month.where)) == month.count
        assert reader.count(Selection("computer", facts.stale_where)) == facts.stale
        for care in facts.care:
            if care.page == "assets":
                assert reader.count(Selection(str(care.params["cls"]), str(care.params["where"]))) > 0


def test_hardware_of_people_who_left_needs_care(context: Context) -> None:
    with context.read() as reader:
        facts = gather(reader, TODAY)
    left = next(care for care in facts.care if "left" in care.text)
    assert left.subject == "LT-2048"
    assert left.tone == "bad"


def test_months_cross_the_year_and_list_only_what_is_still_to_end(context: Context) -> None:
    with context.read() as reader:
        facts = gather(reader, date(2026, 12, 20))
    assert [m.first.isoformat() for m in facts.months][:2] == ["2026-12-01", "2027-01-01"]
    assert facts.months[0].count == 0, "what ended on the 12th has ended"


def test_the_past_is_judged_by_its_own_day(context: Context, settle: Settle) -> None:
    with context.read() as reader:
        facts = gather(reader, date(2025, 3, 14))
        assert "today" not in facts.stale_where
        assert all("today" not in str(care.params.get("where", "")) for care in facts.care)
    context.moment.set(2, "14 Mar 2025", date(2025, 3, 14))
    page = show(context, settle)
    assert page._facts is not None
    assert page._facts.today == date(2025, 3, 14)
    assert page._facts.months[0].first == date(2025, 3, 1)


def test_the_statuses_that_are_left_aside_exist() -> None:
    choices = Schema.load().classes["hardware"].attributes["status"].choices
    assert set(ASIDE) < {choice.value for choice in choices}


def test_the_page_shows_figures_and_leads_on(context: Context, shell: object, settle: Settle) -> None:
    page = show(context, settle)
    shown = texts(page)
    assert "Items" in shown
    assert "7" in shown
    tile = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "Items")
    tile.click()
    assert context.shell.said("open_list") == [("ci", "", "")]  # type: ignore[attr-defined]


def test_undo_opens_the_preview_and_never_acts(context: Context, settle: Settle) -> None:
    page = show(context, settle)
    next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "Undo: Repaired").click()
    settle(tasks=context.tasks)
    assert context.shell.said("go") == [("history", {"revision": 2, "undo": True})]  # type: ignore[attr-defined]
    with context.read() as reader:
        assert reader.number == 2


def test_fix_leads_to_the_list(context: Context, settle: Settle) -> None:
    page = show(context, settle)
    button = next(b for b in page.findChildren(QPushButton) if b.accessibleName().startswith("Fix: LT-2048"))
    button.click()
    ((name, params),) = context.shell.said("go")  # type: ignore[attr-defined]
    assert name == "assets"
    assert params["cls"] == "hardware"


def test_a_bar_answers_the_keyboard(context: Context, settle: Settle) -> None:
    page = show(context, settle)
    chart = page._classes
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    assert context.shell.said("open_list") == [("hardware", "", "")]  # type: ignore[attr-defined]


def test_an_edit_is_counted_at_once(context: Context, settle: Settle) -> None:
    page = show(context, settle)
    new = Edit(ci(new_id()), "", None, {"class": "site", "name": "Gent"})
    applied = context.workspace.apply(Revision([new], "anna"))
    page.changed(applied)
    page.changed(applied)
    settle(lambda: "8" in texts(page).splitlines())
    settle(tasks=context.tasks)


def test_an_empty_estate_says_what_to_do_first(context: Context, settle: Settle) -> None:
    context.moment.set(0, "1 Jan 2020")
    page = show(context, settle)
    assert page._states.name == "empty"
    assert "nothing here on 1 Jan 2020" in texts(page)


def test_a_failure_is_shown_with_a_way_to_try_again(
    context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(reader: object, today: date) -> None:
        raise StoreProblem("The file small.terrier cannot be read.", ("Its disk is gone.",))

    monkeypatch.setattr("ui.pages.overview.page.gather", fail)
    page = show(context, settle)
    assert page._states.name == "failed"
    assert "The file small.terrier cannot be read." in texts(page)
    monkeypatch.undo()
    next(b for b in page.findChildren(QPushButton) if "again" in b.text()).click()
    settle(tasks=context.tasks)
    assert page._states.name == "content"


def test_a_revision_is_told_by_its_source_reason_and_size(context: Context) -> None:
    with context.read() as reader:
        second, first = reader.revisions()
    assert what(first) == ("Import  Register.xlsx", "7 new")
    assert what(second) == ("Repaired", "1 changed")
