"""Details that stand beside a list, and cover it where the page is too narrow for both."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.text_size import px


class FoldedDetails(QObject):
    """Shows details beside a list, or one of the two where the page is less than ``room`` pixels wide (at the
    normal size of text; more where it is larger).

    ``close_button`` of the details is shown where they cover the list. What is shown alone has the focus. ``beside``
    fires when both are shown again: the page has not got its new size yet.
    """

    beside = Signal()

    def __init__(self, room: int, listing: QWidget, details: QWidget, close_button: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._listing, self._details, self._close_button = room, listing, details, close_button
        self._folded: bool | None = None

    @property
    def are_beside(self) -> bool:
        """Whether both are shown; not before the page has a size."""
        return self._folded is False

    def fit(self, width: int) -> None:
        """The page has another width."""
        folded = width < px(self._room)
        if folded == self._folded:
            return
        self._folded = folded
        self._details.setVisible(not folded)
        self._close_button.setVisible(folded)
        self._listing.show()
        if not folded:
            self.beside.emit()

    def open(self, *, focus: bool = False) -> None:
        """Shows the details; with ``focus``, or where they cover the list, they get the focus."""
        if self._folded:
            self._listing.hide()
            self._details.show()
        if focus or self._folded:
            self._details.setFocus()

    def close(self) -> None:
        """Shows the list again, where the details cover it, and leads from the details to it. The focus stays where
        else the person works: in the filter, say.
        """
        focused: QWidget | None = self._details.window().focusWidget()
        inside = focused is None or focused is self._details or self._details.isAncestorOf(focused)
        if self._folded:
            self._details.hide()
            self._listing.show()
        if inside:
            self._listing.setFocus()
