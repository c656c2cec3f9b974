"""The Audits page over an estate: scans are answered, answered for, finished and accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from app.audits.scanning import CodeRead
from app.audits.shown_audit import AuditShown, Verdict
from cmdb.model.audits import SEEN
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision, ci
from tests.ui.audits.conftest import AuditedStore, opened
from tests.ui.conftest import RecordingShell, ShowPage
from ui.context import Context
from ui.pages.audits import scan_queue
from ui.pages.audits.answers import Answer
from ui.pages.audits.new_audit_sheet import NewAuditSheet
from ui.pages.audits.page import AuditsPage
from ui.records.new_sheet import NewRecordForm
from ui.widgets.buttons import PrimaryButton
from ui.widgets.reference import ReferencePicker

Settle = Callable[..., None]


def scan(page: AuditsPage, settle: Settle, *codes: str) -> AuditShown:
    for code in codes:
        QTest.keyClicks(page.screen_.line.field, code)
        QTest.keyClick(page.screen_.line.field, Qt.Key.Key_Return)
    settle()
    assert page.audit is not None
    return page.audit


def press(shell: RecordingShell, settle: Settle) -> None:
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()


def revision_number(context: Context) -> int:
    with context.workspace.read() as reader:
        return reader.number


def words(page: AuditsPage) -> str:
    return page.screen_.verdict.band.word.text()


def counts(found: AuditShown) -> dict[str, int]:
    return {verdict.value: number for verdict, number in found.counts.items() if number}


def test_a_room_of_twenty_is_audited_as_it_is_drawn(
    page: AuditsPage, store: AuditedStore, context: Context, shell: RecordingShell, settle: Settle
) -> None:
    """17 right ones, one of them twice, one from next door, one retired, one unknown."""
    found = page.audit
    assert found is not None
    assert (found.expected, found.place_name, found.running) == (20, "Store", True)
    assert page.screen_.line.field.hasFocus()
    codes = [f"S{number:03}" for number in range(17)]
    found = scan(page, settle, *codes, codes[0], "F001", "R001", "8718868004170")
    assert counts(found) == {"found": 17, "not_yet": 3, "outside": 1, "retired": 1, "unknown": 1}
    assert words(page) == "Unknown"
    again = [one for one in found.scans if one.again]
    assert [one.code for one in again] == [codes[0]]
    finish(page, shell, settle)
    assert counts(page.audit) == {"found": 17, "missing": 3, "outside": 1, "retired": 1, "unknown": 1}  # type: ignore[arg-type]
    card = page.screen_.acceptance
    assert card.isVisibleTo(page)
    assert card.found is not None
    assert (card.found.seen, card.found.moved, card.found.missing, card.found.tasks) == (19, 1, 3, 1)
    assert [one.verb for one in card.found.proposals] == ["take_back"] or card.found.proposals[0].name == "RT-1"
    before = revision_number(context)
    card.accept.click()
    settle()
    assert revision_number(context) == before + 1
    with context.workspace.read() as reader:
        assert reader.get(store.ids["OF-1"]).text("location") == store.ids["Store"]
        assert reader.get(store.ids["RT-1"]).text("status") == "Retired"
    assert page.audit is not None
    assert page.audit.accepted
    context.workspace.undo_stack.undo()
    settle()
    with context.workspace.read() as reader:
        assert reader.get(store.ids["OF-1"]).text("location") == store.ids["Office"]


def finish(page: AuditsPage, shell: RecordingShell, settle: Settle) -> None:
    page.screen_.head.finish.click()
    settle()
    assert shell.said("confirm")[-1][1] == "Finish audit"


def test_what_was_elsewhere_is_left_where_a_person_says_so(
    page: AuditsPage, store: AuditedStore, context: Context, shell: RecordingShell, settle: Settle
) -> None:
    scan(page, settle, "F001")
    finish(page, shell, settle)
    card = page.screen_.acceptance
    assert [(one.name, one.was, one.scanned, one.moves) for one in card.model.rows] == [
        ("OF-1", "Office", "Store", True)
    ]
    card.turn([0])
    settle()
    assert card.found is not None
    assert card.found.moved == 0
    card.accept.click()
    settle()
    with context.workspace.read() as reader:
        assert reader.get(store.ids["OF-1"]).text("location") == store.ids["Office"]


def test_function_keys_say_something_of_the_last_scan_and_the_next_one_keeps_it(
    page: AuditsPage, settle: Settle
) -> None:
    scan(page, settle, "F001")
    card = page.screen_.verdict
    assert card.move_here.property("tone") == "primary"
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F6):
        QTest.keyClick(page.screen_.line.field, key)
        settle()
    assert card.scan is not None
    assert (card.scan.move, card.scan.condition) == (False, "worn")
    found = scan(page, settle, "S001")
    assert (found.scans[0].condition, found.scans[0].move) == ("worn", False)
    QTest.keyClick(page.screen_.line.field, Qt.Key.Key_F7)
    settle()
    assert page.audit is not None
    assert page.audit.counts[Verdict.DAMAGED] == 1
    QTest.keyClick(page.screen_.line.field, Qt.Key.Key_Escape)
    settle()
    assert [one.code for one in page.audit.scans] == ["F001"]
    QTest.keyClick(page.screen_.line.field, Qt.Key.Key_F2)
    settle()
    assert page.audit.scans[0].move


def test_a_note_stays_with_its_scan(page: AuditsPage, shell: RecordingShell, settle: Settle) -> None:
    scan(page, settle, "S001")
    QTest.keyClick(page.screen_.line.field, Qt.Key.Key_F9)
    shell.content.findChildren(QPlainTextEdit)[0].setPlainText("corner cracked")
    press(shell, settle)
    assert page.audit is not None
    assert page.audit.scans[0].note == "corner cracked"


def test_a_rooms_label_places_the_next_scans_and_closing_one_says_what_is_missing(
    page: AuditsPage, store: AuditedStore, shell: RecordingShell, settle: Settle
) -> None:
    found = scan(page, settle, "Office")
    assert found.place_name == "Office"
    assert words(page) == "Place"
    found = scan(page, settle, "S001")
    assert (found.scans[0].verdict, found.scans[0].reason) == (
        Verdict.ELSEWHERE, "expected in Store, scanned in Office",
    )  # fmt: skip
    page.go_to(store.ids["Store"])
    settle()
    page.course.ask_to_close()
    settle()
    assert page.audit is not None
    assert page.audit.counts[Verdict.MISSING] == 19
    room = next(one for one in page.audit.rooms if one.name == "Store")
    assert room.closed
    assert room.odd[Verdict.MISSING] == 19


def test_an_unknown_code_becomes_an_item_or_is_tied_to_one(
    page: AuditsPage, store: AuditedStore, shell: RecordingShell, settle: Settle
) -> None:
    found = scan(page, settle, "NEW-1", "OLD-2")
    first = next(one for one in found.scans if one.code == "NEW-1")
    page.answers.answer(first.key, Answer.MAKE)
    form = shell.content
    assert isinstance(form, NewRecordForm)
    assert form.form.fields["asset_tag"].value() == "NEW-1"
    page.answers.answer(found.scans[0].key, Answer.TIE)
    picker = shell.content.findChildren(ReferencePicker)[0]
    picker.setText("S005")
    picker.returnPressed.emit()
    settle()
    assert picker.uid == store.ids["ST-05"]
    press(shell, settle)
    assert page.audit is not None
    assert counts(page.audit) == {"found": 1, "not_yet": 19, "unknown": 1}


def test_two_items_with_one_tag_are_told_apart(
    page: AuditsPage, store: AuditedStore, context: Context, shell: RecordingShell, settle: Settle
) -> None:
    serial = Edit(ci(store.ids["OF-1"]), "serial_number", None, "S003")
    context.workspace.store.apply(Revision([serial], "anna"))
    found = scan(page, settle, "S003")
    assert (words(page), len(found.scans[0].choices)) == ("Several", 2)
    page.answers.answer(found.scans[0].key, Answer.CHOOSE)
    press(shell, settle)
    assert page.audit is not None
    assert page.audit.scans[0].uid in (store.ids["OF-1"], store.ids["ST-03"])


def test_a_blind_audit_hides_until_it_is_finished(
    begin: Callable[..., str], store: AuditedStore, show_page: ShowPage, shell: RecordingShell, settle: Settle
) -> None:
    begin(blind=True)
    page = opened(store, show_page, settle)
    found = scan(page, settle, "S001", "F001")
    assert found.blind
    assert not found.rows
    assert not found.counts
    assert words(page) == "Noted"
    finish(page, shell, settle)
    assert page.audit is not None
    assert counts(page.audit) == {"found": 1, "missing": 19, "outside": 1}


def test_many_scans_are_few_revisions_and_one_that_fails_is_kept(
    page: AuditsPage, context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = revision_number(context)
    scan(page, settle, *(f"S{number:03}" for number in range(20)))
    assert revision_number(context) - before < 20
    assert page.audit is not None
    assert counts(page.audit) == {"found": 20}

    class Refused:
        def __init__(self, *_: Any) -> None:
            self.answers: list[Any] = []

        def __call__(self, reader: object) -> Any:
            raise InvalidValue(Message("The disk is full."))

    with monkeypatch.context() as patch:
        patch.setattr(scan_queue, "RecordedScans", Refused)
        scan(page, settle, "F001", "X-1")
        assert page.queue.number == 2
        assert "2 scans are not written yet" in page.screen_.line.failure._text.text()
    page.screen_.line.again.click()
    settle()
    assert page.queue.number == 0
    assert page.screen_.line.failure.isHidden()
    assert counts(page.audit) == {"found": 20, "outside": 1, "unknown": 1}


def test_commands_on_paper_speak_of_the_next_scans(page: AuditsPage, settle: Settle) -> None:
    found = scan(page, settle, "XCBROKEN", "XCSEEN", "F001")
    assert (found.scans[0].condition, found.scans[0].move) == ("damaged", False)
    assert len(found.scans) == 1
    found = scan(page, settle, "XCUNDO")
    assert not found.scans


def test_a_new_audit_says_how_many_are_expected_before_it_starts(
    store: AuditedStore, show_page: ShowPage, shell: RecordingShell, settle: Settle
) -> None:
    page = show_page(AuditsPage)
    page.opened(new=True, place=store.ids["Store"])
    settle()
    sheet = shell.content
    assert isinstance(sheet, NewAuditSheet)
    assert sheet.expected._text.text() == "20 items are expected."
    assert sheet.place.text() == "Store"
    sheet.where.setText("name = ST-01")
    sheet.count()
    settle()
    assert sheet.expected._text.text() == "1 item is expected."
    sheet.where.setText("name = nothing")
    sheet.count()
    settle()
    assert not sheet.button.isEnabled()
    sheet.where.setText("")
    sheet.count()
    settle()
    press(shell, settle)
    assert page.audit is not None
    assert page.audit.expected == 20
    page.show_list()
    settle()
    assert [one.audit.name for one in page.list.model.rows] == ["Audit of Store"]
    page.list.opened.emit(page.list.model.rows[0].audit.uid)
    settle()
    assert page.audit is not None


def test_without_audits_the_page_says_what_they_are(show_page: ShowPage, settle: Settle) -> None:
    page = show_page(AuditsPage)
    page.opened()
    settle()
    assert page.list.states.name == "empty"


def test_the_past_shows_an_audit_and_takes_no_scan(
    page: AuditsPage, context: Context, shell: RecordingShell, settle: Settle
) -> None:
    scan(page, settle, "S001")
    context.moment.set(revision_number(context), "Then")
    page.reload()
    settle()
    assert not page.screen_.line.field.isEnabled()
    page.queue.add(CodeRead("S002", choice=SEEN))
    settle()
    assert page.queue.number == 1
    context.moment.set(None)
    page.reload()
    page.queue.write()
    settle()
    assert page.queue.number == 0


def test_a_stack_is_scanned_and_handed_over_at_once(
    page: AuditsPage, store: AuditedStore, shell: RecordingShell, settle: Settle
) -> None:
    page.opened(stack="yes")
    stack = page.stack
    assert stack.field.hasFocus()
    for code in ("S001", "S002", "S001", "nothing"):
        QTest.keyClicks(stack.field, code)
        QTest.keyClick(stack.field, Qt.Key.Key_Return)
    settle()
    assert [one.name for one in stack.rows] == ["ST-02", "ST-01"]
    assert "nothing" in stack.said._text.text()
    stack.verbs["hand_over"].click()
    settle()
    assert shell.said("sheet")[-1][0] == "Hand over 2 items"
    stack.table.selectRow(0)
    stack.remove.click()
    assert [one.name for one in stack.rows] == ["ST-01"]
    assert page.state() == {"stack": "yes"}


def test_the_answer_to_a_scan_costs_the_window_no_more_where_much_is_expected(
    page: AuditsPage, settle: Settle, app: QApplication
) -> None:
    """Counted in calls of Python, not by a clock."""
    small = calls_of(page, settle, "S001")
    found = page.audit
    assert found is not None
    from dataclasses import replace

    rows = tuple(replace(found.rows[-1], key=f"k{n}", room="other") for n in range(5000))
    page._paint(replace(found, rows=found.rows + rows, in_rooms={**found.in_rooms, "other": rows}))
    assert calls_of(page, settle, "S002") < 2 * small


def calls_of(page: AuditsPage, settle: Settle, code: str) -> int:
    import sys

    number = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal number
        number += event == "call"

    page.queue.answered.connect(lambda *_: None)
    before = page._answered

    def measured(*args: Any) -> None:
        sys.setprofile(count)
        before(*args)
        sys.setprofile(None)

    page.queue.answered.disconnect(page._answered)
    page.queue.answered.connect(measured)
    scan(page, settle, code)
    page.queue.answered.disconnect(measured)
    page.queue.answered.connect(page._answered)
    return number
