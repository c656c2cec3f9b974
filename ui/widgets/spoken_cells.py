"""What screen readers are told of a table's cells: the words, and what the colour or the icon adds to them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from cmdb.model.messages import tr
from ui.widgets.pill import TONE_ROLE

#: The roles that ``spoken`` answers.
SPOKEN = frozenset({int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.AccessibleDescriptionRole)})


def spoken(index: QModelIndex | QPersistentModelIndex, role: int, tone: str | None = None) -> str:
    """A cell for one of the roles in ``SPOKEN``: what it shows; or, as the description, its colour and hint in words.

    A cell without words is called by its hint. ``tone`` is the cell's, else the one under ``TONE_ROLE``.
    """
    shown = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
    hint = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return shown or hint
    words = {"warning": tr("needs attention"), "bad": tr("needs action")}
    found = words.get(str(index.data(TONE_ROLE) if tone is None else tone), "")
    return ", ".join(part for part in (found, hint if hint != shown else "") if part)
