"""The palette: what is found, in which order, and that it can be done with the keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.palette import Palette, PaletteEntry, rank, score
from ui.theme import Theme


def offer(title: str, group: str = "Actions", words: str = "") -> PaletteEntry:
    return PaletteEntry(group, title, lambda: None, words=words)


def test_a_beginning_beats_a_word_beats_a_part() -> None:
    titles = ["Reimport", "Scan import", "Import a spreadsheet"]
    assert [o.title for o in rank("import", [offer(t) for t in titles])] == titles[::-1]


@pytest.mark.parametrize(
    ("text", "title", "found"),
    [
        ("sp imp", "Import a spreadsheet", True),
        ("imps", "Import spreadsheet", True),
        ("zzz", "Import a spreadsheet", False),
        ("IMPORT", "import", True),
        ("", "anything", True),
        ("im zz", "Import", False),
    ],
)
def test_how_titles_match(text: str, title: str, found: bool) -> None:
    assert bool(score(text, title)) == found


def test_words_behind_the_title_are_found_as_well() -> None:
    assert score("laptop", "LT-2041", "Laptop A2041")
    assert not score("laptop", "LT-2041")


def test_groups_stay_together_and_are_limited() -> None:
    offers = [offer(f"Page {n}", "Pages") for n in range(9)] + [offer("Page settings")]
    found = rank("page", offers, limit=3)
    assert [o.group for o in found] == ["Pages", "Pages", "Pages", "Actions"]


def test_what_is_called_so_comes_before_what_is_only_found_by_another_word() -> None:
    offers = [offer("Licences", "Pages", "compliance"), offer("Export compliance workbook…", "Actions")]
    assert [o.title for o in rank("compliance", offers)] == ["Export compliance workbook…", "Licences"]
    assert [o.title for o in rank("workbooks", [offer("Reports", words="workbook"), *offers[1:]])] == [
        "Export compliance workbook…", "Reports",
    ]  # fmt: skip


@pytest.fixture
def host() -> QWidget:
    made = QWidget()
    made.resize(800, 600)
    layout = QVBoxLayout(made)
    layout.addWidget(QLineEdit())
    layout.addStretch(1)
    made.show()
    return made


def palette(
    theme: Theme, host: QWidget, ran: list[str], searched: list[str] | None = None
) -> tuple[Palette, QLineEdit]:
    field = host.findChild(QLineEdit)
    assert field is not None

    def search(text: str, take: Callable[[list[PaletteEntry]], None]) -> None:
        if searched is not None:
            searched.append(text)
        take([PaletteEntry("Items", f"{text}-2041", lambda: ran.append("item"))])

    def offers() -> list[PaletteEntry]:
        return [
            PaletteEntry("Actions", "Import", lambda: ran.append("import")),
            PaletteEntry("Actions", "Impact", lambda: ran.append("impact")),
        ]

    return Palette(theme, field, host, offers, search), field


def test_arrows_and_enter_run_the_chosen_offer(theme: Theme, host: QWidget) -> None:
    ran: list[str] = []
    found, field = palette(theme, host, ran)
    found.open()
    QTest.keyClicks(field, "imp")
    assert found.titles() == ["Import", "Impact"]
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert ran == ["impact"]
    assert not found.isVisible()
    assert field.text() == ""


def test_the_group_with_the_best_match_comes_first() -> None:
    offers = [offer("Set the place", "Actions"), offer("Sites", "Pages"), offer("Site Bilbao", "Items")]
    assert [o.group for o in rank("site", offers)] == ["Pages", "Items"]
    assert [o.group for o in rank("bil", [*offers, offer("Rebuild", "Actions")])] == ["Items"]
    assert [o.group for o in rank("place", offers)] == ["Actions"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("warranty", "Report: Warranties ending"), ("warranty ending", "Report: Warranties ending"),
        ("warranties", "Set the warranty"), ("laptops", "New laptop…"), ("switches", "New switch…"),
        ("report warranty", "Report: Warranties ending"), ("csv", "Export (CSV)"), ("categories", "Category: Phones"),
    ],
)  # fmt: skip
def test_a_word_is_found_in_the_singular_and_the_plural(text: str, title: str) -> None:
    assert score(text, title) >= 70
    assert score(text, "Address book: status of a bus") == 0


def test_search_results_are_listed_in_any_spelling() -> None:
    found = PaletteEntry("Items", "Müller", lambda: None, sure=True)
    assert rank("mueller", [found]) == [found]


def test_items_that_arrive_do_not_push_away_what_is_chosen(
    theme: Theme, host: QWidget, settle: Callable[..., None]
) -> None:
    ran: list[str] = []
    searched: list[str] = []
    found, field = palette(theme, host, ran, searched)
    found.open()
    QTest.keyClicks(field, "im")
    settle(lambda: bool(searched))
    assert searched == ["im"], "one search per pause, not per letter"
    assert found.titles() == ["Import", "Impact", "im-2041"]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert ran == ["import"]


def test_escape_closes_and_empties(theme: Theme, host: QWidget) -> None:
    found, field = palette(theme, host, [])
    found.open()
    QTest.keyClicks(field, "imp")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not found.isVisible()
    assert field.text() == ""


def test_the_focus_returns_to_where_it_was(theme: Theme, host: QWidget) -> None:
    found, field = palette(theme, host, [])
    other = QLineEdit(host)
    other.show()
    other.setFocus()
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        found.open()
        assert host.focusWidget() is field
        QTest.keyClick(field, key)
        assert host.focusWidget() is other


def test_no_result_is_shown_and_enter_runs_nothing(theme: Theme, host: QWidget) -> None:
    ran: list[str] = []
    found, field = palette(theme, host, ran)
    found.open()
    QTest.keyClicks(field, "qqq")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert found.titles() == []
    assert ran == []
