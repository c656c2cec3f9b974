"""The overview: where its parts lead, and its three states."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, StoreProblem
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.reading.reader import Reader
from ui.context import Context
from ui.pages.overview.page import OverviewPage
from ui.pages.overview.rows import what
from ui.widgets.buttons import LinkButton

Settle = Callable[..., None]


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


def test_the_past_is_judged_by_its_own_day(context: Context, settle: Settle) -> None:
    day = date(2025, 3, 14)
    context.moment.set(2, "14 Mar 2025", day)
    page = show(context, settle)
    assert page.today == day
    assert page.months[0].first == date(2025, 3, 1)


def test_figures_of_another_moment_go_at_once(context: Context, settle: Settle) -> None:
    page = show(context, settle)
    assert "…" not in texts(page)
    context.moment.set(1, "at first", context.moment.day)
    page.reload()
    said = texts(page)
    assert said.count("…") == 4, "nothing is counted yet"
    assert "no licensed software" not in said.casefold()
    settle(lambda: page._licences._states.name not in ("loading", "content") and "…" not in texts(page))


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
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
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
        raise StoreProblem(Message("The file small.terrier cannot be read."), (Message("Its disk is gone."),))

    monkeypatch.setattr("ui.pages.overview.page.base", fail)
    page = show(context, settle)
    assert page._states.name == "failed"
    assert "The file small.terrier cannot be read." in texts(page)
    monkeypatch.undo()
    next(b for b in page.findChildren(QPushButton) if "Try again" in b.text()).click()
    settle(tasks=context.tasks)
    assert page._states.name == "content"


def test_a_revision_is_told_by_its_source_reason_and_size(context: Context) -> None:
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        second, first = reader.revisions()
    assert what(first) == ("Import: Register.xlsx", "7 new")
    assert what(second) == ("Repaired", "1 changed")


def test_a_slow_figure_does_not_delay_the_others(
    context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()

    def slow(reader: object, today: date) -> tuple[()]:
        free.wait(5)
        return ()

    monkeypatch.setattr("ui.pages.overview.page.attention_items", slow)
    page = OverviewPage(context)
    page.resize(1240, 850)
    page.opened()
    page.show()
    settle(lambda: page.scanned is not None and bool(page.months))
    assert "7" in texts(page).splitlines(), "the items stand"
    assert "still counting…" in texts(page)
    free.set()
    settle(tasks=context.tasks)
    settle(lambda: not page._coming)
    settle(tasks=context.tasks)
    assert "still counting…" not in texts(page)


def test_a_slow_figure_that_is_stopped_is_counted_at_the_next_visit(
    context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.overview.page.CALM", 0)
    asked: list[str] = []

    def stopped(name: str) -> Callable[..., None]:
        def ask(*_: object) -> None:
            asked.append(name)
            raise Cancelled

        return ask

    for name in ("questions", "endings", "fragile"):
        monkeypatch.setattr(f"ui.pages.overview.page.{name}", stopped(name))
    page = show(context, settle)
    settle(lambda: len(asked) == 3)
    settle(tasks=context.tasks)
    assert page._states.name == "content"
    assert "still counting…" not in texts(page)
    page.opened()
    settle(lambda: len(asked) == 6)
    settle(tasks=context.tasks)
    assert sorted(asked) == ["endings", "endings", "fragile", "fragile", "questions", "questions"]


def test_positions_are_computed_once_for_both_pages_that_show_them(
    context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmdb.licences import register_facts as module
    from ui.pages.licences.page import LicencesPage

    computed: list[date] = []
    real = module.gather

    def counting(reader: Reader, at: date, control: Control) -> object:
        computed.append(at)
        return real(reader, at, control)

    monkeypatch.setattr(module, "gather", counting)
    show(context, settle)
    licences = LicencesPage(context)
    licences.opened()
    settle(tasks=context.tasks)
    assert licences.found is not None
    assert len(computed) == 1
    licences.deleteLater()


def test_slow_figures_are_counted_again_on_request(
    context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(context, settle)
    monkeypatch.setattr("ui.pages.overview.licences.LONG", -1.0)
    again = next(b for b in page._licences.findChildren(QPushButton) if "Count again" in b.text())
    page._licences._states.content()
    page._licences.refresh()
    assert again.isVisibleTo(page)
    again.click()
    assert not again.isVisibleTo(page)
    settle(tasks=context.tasks)


def test_licences_of_a_large_register_are_counted_when_the_person_asks(
    context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.overview.licences.LARGE", 3)
    page = show(context, settle)
    assert page._licences._states.name == "empty"
    assert "not counted" in texts(page).splitlines()
    next(b for b in page._licences.findChildren(QPushButton) if "Count now" in b.text()).click()
    settle(tasks=context.tasks)
    assert "not counted" not in texts(page).splitlines()


def test_the_number_of_findings_opens_them_all(context: Context, settle: Settle) -> None:
    page = show(context, settle)
    next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "Needs attention").click()
    ((title,),) = context.shell.said("sheet")  # type: ignore[attr-defined]
    content = context.shell.content  # type: ignore[attr-defined]
    lines = [b for b in content.findChildren(QPushButton) if b.accessibleName().startswith("Fix: ")]
    assert len(lines) == len(page._found) > 0
    assert title == f"Needs attention: {len(lines)}"
    lines[0].click()
    assert context.shell.said("go")[-1][0] == page._found[0].page  # type: ignore[attr-defined]


def test_what_needs_attention_is_settled_by_its_verb_with_all_records_of_its_list(
    context: Context, shell: Any, settle: Settle
) -> None:
    ann, lent = new_id(), [new_id(), new_id()]
    edits = [Edit(ci(ann), "", None, {"class": "person", "name": "Ann"})]
    for uid in lent:
        values = {"class": "monitor", "name": f"M-{uid}", "assigned_to": ann, "expected_return": "2020-01-01"}
        edits.append(Edit(ci(uid), "", None, values))
    context.workspace.store.apply(Revision(edits, "tom"))
    page = show(context, settle)
    settle(lambda: not page._coming)
    found = next(one for one in page._found if str(one.text) == "not back when it should be")
    assert (str(found.subject), found.remedy) == ("Hardware: 2", "take_back")
    name = f"Take back: {found.subject} {found.text}"
    next(one for one in page._attention.findChildren(LinkButton) if one.accessibleName() == name).click()
    settle(lambda: shell.content is not None and shell.content._scope is not None)
    assert (shell.content._verb.name, shell.content._scope.number) == ("take_back", 2)
    page.close()
