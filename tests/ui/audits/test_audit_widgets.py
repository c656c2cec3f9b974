"""The parts of an audit's screen, over audits that are made by hand: list, rooms, verdict, sound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.audits.shown_audit import RoomShown, Verdict
from app.settings import Settings
from tests.ui.audits.shown_audits import audit, scan
from ui.context import Context
from ui.pages.audits.answers import Answer
from ui.pages.audits.expected_list import ExpectedList
from ui.pages.audits.room_cards import RoomCards
from ui.pages.audits.scan_field import ScanField
from ui.pages.audits.scan_sound import ScanSound
from ui.pages.audits.verdict_card import VerdictCard
from ui.theme import Theme

Settle = Callable[..., None]


def lines(found: ExpectedList) -> list[str]:
    return [str(found.model.index(row, 0).data()) for row in range(found.model.rowCount())]


@pytest.fixture
def expected(theme: Theme) -> ExpectedList:
    made = ExpectedList(theme)
    made.show_audit(audit())
    return made


def test_what_is_odd_stands_first_and_what_was_found_last(expected: ExpectedList) -> None:
    shown = lines(expected)
    assert shown[0] == "Store, current room, 17 of 20"
    assert shown[1] == "8718, no item has this code, Unknown"
    assert shown[2:6] == ["LT-90, A9, Not yet", "LT-91, A9, Not yet", "LT-92, A9, Not yet", "17 found"]
    assert shown[6:] == ["Office 2.01, closed 09:55, 1 of 2", "MON-1, A2 · Dell, Missing", "DOCK-1, A3, Damaged"]
    expected.model.toggle(5)
    assert len(lines(expected)) == len(shown) + 17
    expected.model.toggle(0)
    assert lines(expected)[:2] == ["Store, current room, 17 of 20", "Office 2.01, closed 09:55, 1 of 2"]


def test_counts_add_up_and_filter(expected: ExpectedList) -> None:
    found = audit()
    words = {one.text() for verdict, one in expected.pills.items() if not one.isHidden()}
    assert words == {"All 23", "Found 18", "Missing 1", "Unknown 1", "Damaged 1", "Not yet 3"}
    assert found.counts[Verdict.FOUND] + found.counts[Verdict.MISSING] + found.counts[Verdict.NOT_YET] == found.expected
    expected.pills[Verdict.FOUND].click()
    assert len(lines(expected)) == 2 + 18
    expected.pills[Verdict.DAMAGED].click()
    assert lines(expected) == ["Office 2.01, closed 09:55, 1 of 2", "DOCK-1, A3, Damaged"]
    expected.pills[Verdict.DAMAGED].click()
    assert expected.chosen is None
    expected.model.search("dell 2")
    assert lines(expected)[1:] == ["MON-1, A2 · Dell, Missing"]
    expected.model.search("nothing")
    assert expected._states.name == "empty"
    expected.show_all()
    assert expected._states.name == "content"


def test_a_blind_audit_shows_no_list_no_numbers_and_no_result(
    context: Context, theme: Theme, expected: ExpectedList
) -> None:
    hidden = audit(
        blind=True, rows=(), in_rooms={}, counts={}, scans=(scan("A1", Verdict.NOTED), scan("A2", Verdict.NOTED))
    )
    expected.show_audit(hidden)
    assert not lines(expected)
    assert expected._states.name == "empty"
    cards, card = RoomCards(theme), VerdictCard(context)
    cards.resize(900, 60)
    cards.show_audit(hidden)
    assert all(one._figure.text() == "" for one in cards.cards)
    card.show_audit(hidden, editable=True)
    assert card.band.word.text() == "Noted"
    assert card.name.text() == "A1"
    assert [row.scan.code for row in card.earlier.rows if row.scan is not None] == ["A2"]
    assert not any(b.isVisibleTo(card) for b in (card.move_here, *card.answers.values()))


def test_rooms_without_a_card_are_in_the_menu_and_the_current_one_never_is(theme: Theme) -> None:
    cards = RoomCards(theme)
    rooms = tuple(RoomShown(f"r{n}", f"Room {n}", 3) for n in range(30))
    cards.resize(900, 60)
    cards.show_audit(audit(rooms=rooms, place="r20"))
    shown = [one.accessibleName() for one in cards.cards if one.isVisibleTo(cards)]
    assert shown[0] == "All rooms"
    assert "Room 20" in shown
    assert cards.more.text() == f"{31 - len(shown)} more"
    chosen: list[str] = []
    cards.chosen.connect(chosen.append)
    cards.cards[1].click()
    assert chosen == ["r0"]


@pytest.mark.parametrize(
    ("verdict", "answers"),
    [
        (Verdict.UNKNOWN, [Answer.MAKE, Answer.TIE, Answer.LEAVE]),
        (Verdict.SEVERAL, [Answer.CHOOSE, Answer.LEAVE]),
        (Verdict.RETIRED, [Answer.STOCK, Answer.LEAVE]),
        (Verdict.LOST, [Answer.STOCK, Answer.LEAVE]),
        (Verdict.FOUND, []),
        (Verdict.OUTSIDE, []),
    ],
)
def test_each_odd_scan_has_its_answers_in_the_card_and_in_its_row(
    context: Context, verdict: Verdict, answers: list[Answer]
) -> None:
    card = VerdictCard(context)
    told: list[tuple[str, str]] = []
    card.answered.connect(lambda key, answer: told.append((key, answer)))
    card.show_audit(audit(scans=(scan("A1", verdict), scan("A2", verdict))), editable=True)
    assert [name for name, one in card.answers.items() if one.isVisibleTo(card)] == answers
    row = card.earlier.rows[0]
    assert [name for name, one in row.buttons.items() if one.isVisibleTo(card)] == answers
    for name in answers:
        row.buttons[name].click()
    assert told == [("scan-A2", name.value) for name in answers]


def test_one_primary_button_and_only_where_there_is_something_to_move(context: Context) -> None:
    card = VerdictCard(context)
    card.show_audit(audit(scans=(scan("A1", Verdict.OUTSIDE, can_move=True),)), editable=True)
    assert card.move_here.property("tone") == "primary"
    assert card.move_here.words() == "Move it to Store"
    card.show_audit(audit(scans=(scan("A1", Verdict.OUTSIDE, can_move=True, move=False),)), editable=True)
    assert card.move_here.property("tone") == ""
    assert card.seen.property("tone") == "chosen"
    card.show_audit(audit(), editable=True)
    assert not card.move_here.isEnabled()
    assert card.move_here.property("tone") == ""


def test_a_scan_that_comes_again_says_that_it_counts_once(context: Context) -> None:
    card = VerdictCard(context)
    card.show_audit(audit(scans=(scan("A1"), scan("A2", again="10:39:12"))), editable=True)
    texts = [one.text() for one in card.earlier.rows[0].findChildren(type(card.earlier.rows[0]._reason))]
    assert "counted once; first scan 10:39:12" in texts
    assert "Scanned again" in texts


def test_rows_of_scans_are_not_made_anew(context: Context) -> None:
    card = VerdictCard(context)
    card.show_audit(audit(scans=tuple(scan(f"A{n}") for n in range(9))), editable=True)
    before = list(card.earlier.rows)
    card.show_audit(audit(scans=tuple(scan(f"B{n}") for n in range(9))), editable=True)
    assert card.earlier.rows == before


def test_lines_that_are_pasted_are_codes_each(theme: Theme, app: QApplication) -> None:
    field = ScanField(theme)
    scanned: list[str] = []
    field.scanned.connect(scanned.append)
    app.clipboard().setText("A1\r\n A2 \n\nA3")
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert scanned == ["A1", "A2", "A3"]
    app.clipboard().setText("A4\n")
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "A4"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert scanned[-1] == "A4"
    field.deleteLater()


def test_the_sound_tells_what_is_odd_and_its_switch_is_remembered() -> None:
    settings = Settings()
    beeps: list[int] = []
    sound = ScanSound(settings, lambda: beeps.append(1))
    sound.play(Verdict.FOUND)
    assert len(beeps) == 1
    sound.play(Verdict.MISSING)
    assert len(beeps) == 3
    sound.switch()
    sound.play(Verdict.UNKNOWN)
    assert len(beeps) == 3
    assert not ScanSound(settings).on
    sound.switch()
    assert ScanSound(settings).on
