"""The guide inside the program: every page leads to its section, links stay inside, and search finds sections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.guide import GUIDE, SEARCHED, page_place, search, sections
from app.settings import Settings
from ui.pages import entries
from ui.run import make_window
from ui.shell.guide_window import GuideText, GuideWindow
from ui.theme import Theme


def test_every_page_has_its_section_in_the_guide() -> None:
    known = {one.place for one in sections(GUIDE)}
    missing = [entry.id for entry in entries() if page_place(entry.id) not in known]
    assert not missing, f"say in app/guide.py where the guide explains {missing}"
    assert page_place("") in known


def test_the_sections_of_all_documents_have_places_of_their_own() -> None:
    for document in SEARCHED:
        places = [one.place for one in sections(document)]
        assert places, document
        assert len(places) == len(set(places)), document


def test_search_finds_sections_by_all_words_with_headings_first() -> None:
    found = search("custody")
    assert found[0].section.place == f"{GUIDE}#custody"
    assert all("custody" in f"{one.section.title} {one.section.text}".casefold() for one in found)
    assert "encrypt" in search("passphrase encrypt")[0].excerpt.casefold()
    assert search("  ") == search("no such word anywhere") == []


def links(text: GuideText) -> list[str]:
    """The links of the document that is shown to other documents and to headings."""
    found, block = [], text.document().begin()
    while block.isValid():
        found += [piece.format.anchorHref() for piece in block.textFormats()]
        block = block.next()
    return [link for link in found if link and not link.startswith(("http", "../"))]


def test_links_stay_inside_and_lead_somewhere(app: QApplication, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    text, outside = GuideText(theme), []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: outside.append(url.toString()))
    broken = []
    for document in SEARCHED:
        text.show_place(document)
        for link in links(text):
            text.anchorClicked.emit(QUrl(link))
            anchor = text.shown.partition("#")[2]
            if not text.toPlainText() or (anchor and text.heading(anchor) is None):
                broken.append(f"{document}: {link}")
            text.show_place(document)
    assert not broken
    assert not outside
    text.deleteLater()


def test_f1_opens_it_at_the_page_that_is_shown(app: QApplication, estate: Path, tmp_path: Path, settle: object) -> None:
    window = make_window(app, Settings(tmp_path / "settings"))
    window.show()
    window.actions_list["help.guide"].run()
    guide = window.findChildren(GuideWindow)[0]
    assert guide.isVisible()
    assert guide.text.shown == "guide.md#starting"
    assert window.actions_list["help.guide"].shortcut == "F1"
    window.close()
    assert not guide.isVisible()


def test_typing_searches_and_enter_opens_the_first(app: QApplication, theme: Theme) -> None:
    over = QWidget()
    guide = GuideWindow(theme, over)
    guide.show_place(page_place("assets"))
    assert not guide.back.isEnabled(), "nothing was shown before"
    assert guide.list.count() == len(sections(GUIDE))
    guide.search.setText("retention")
    assert guide.list.count() == len(search("retention")) > 0
    QTest.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.text.shown == search("retention")[0].section.place
    guide.back.click()
    assert guide.text.shown == page_place("assets")
    assert not guide.back.isEnabled()
    theme.set_mode("dark")
    assert guide.text.shown == page_place("assets")
    guide.close()
    over.deleteLater()


def test_pictures_follow_a_width_once_it_stays(
    app: QApplication, theme: Theme, settle: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[int] = []
    shown = GuideText.render_again

    def render_again(text: GuideText) -> None:
        widths.append(text.viewport().width())
        shown(text)

    monkeypatch.setattr(GuideText, "render_again", render_again)
    text = GuideText(theme)
    text.resize(700, 400)
    text.show()
    text.show_place(GUIDE)
    settle(until=lambda: not text._resized.isActive())
    widths.clear()
    text.verticalScrollBar().setValue(500)
    for width in range(690, 600, -10):
        text.resize(width, 400)
        app.processEvents()
    assert not widths, "not at each step"
    settle(until=lambda: bool(widths))
    assert widths == [text.viewport().width()]
    assert text.verticalScrollBar().value() == 500
    text.close()
    text.deleteLater()
