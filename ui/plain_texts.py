"""Texts that Qt shows as they are: a record's name is never taken for markup, nor for a key of a menu.

Qt guesses whether a tooltip is HTML, which may load files, and takes "&" in the text of a button or a menu for the mark
of a key. What an old estate holds may have characters that nobody sees; a mark stands for each. Every tooltip goes
through ``plain_tip``, every text of a menu or button through ``plain_label`` (what a person typed in a menu through
``menu_label``), every text that is cut to fit through ``marked``.
"""

from __future__ import annotations

from PySide6.QtGui import Qt

from cmdb.model.characters import marked

#: Characters of a menu's entry.
_LONGEST = 80


def plain_tip(text: str) -> str:
    """A tooltip that shows the text as it is: escaped where Qt would take it for HTML."""
    text = marked(text)
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def plain_label(text: str) -> str:
    """A label of a menu or a button that shows the text as it is, "&" included."""
    return marked(text).replace("&", "&&")


def menu_label(name: str) -> str:
    """An entry of a menu with what a person typed: in one line, and cut with a mark where it is long. Else a name of
    many words would make the menu wider than the screen.
    """
    line = " ".join(name.split())
    return plain_label(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…")


def read_label(label: str) -> str:
    """The text that a label of ``plain_label`` shows."""
    return label.replace("&&", "&")
