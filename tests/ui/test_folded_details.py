"""Details beside a list: where there is no room for both, one of them is shown, and has the focus."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.records.folded_details import FoldedDetails
from ui.theme import Theme


def test_one_of_the_two_is_shown_and_has_the_focus(app: QApplication) -> None:
    page, listing, details, close = QWidget(), QLineEdit(), QLineEdit(), QPushButton()
    layout = QHBoxLayout(page)
    for widget in (listing, details, close):
        layout.addWidget(widget)
    folding = FoldedDetails(1000, listing, details, close, page)
    shared: list[bool] = []
    folding.beside.connect(lambda: shared.append(True))
    page.show()
    page.activateWindow()
    app.processEvents()
    folding.fit(900)
    assert (listing.isVisible(), details.isVisible(), folding.are_beside) == (True, False, False)
    listing.setFocus()
    folding.open()
    assert (listing.isVisible(), details.isVisible(), close.isVisible()) == (False, True, True)
    assert details.hasFocus(), "what had it is hidden"
    folding.close()
    assert (listing.isVisible(), details.isVisible()) == (True, False)
    assert listing.hasFocus()
    close.setFocus()
    folding.close()
    assert close.hasFocus(), "it was somewhere else, and stays there"
    listing.setFocus()
    folding.fit(1100)
    assert (listing.isVisible(), details.isVisible(), close.isVisible()) == (True, True, False)
    assert shared == [True]
    folding.open()
    assert listing.hasFocus(), "both are shown: the focus stays"
    folding.open(focus=True)
    assert details.hasFocus()
    folding.close()
    assert listing.hasFocus(), "back from the details to the list"
    assert details.isVisible()


def test_larger_text_folds_a_wider_page(app: QApplication, theme: Theme) -> None:
    page, listing, details, close = QWidget(), QLineEdit(), QLineEdit(), QPushButton()
    folding = FoldedDetails(1000, listing, details, close, page)
    theme.set_text_size(20)
    folding.fit(1300)
    assert not folding.are_beside, "1300 pixels are 845 of the normal size"
    theme.set_text_size(13)
    folding.fit(1300)
    assert folding.are_beside
