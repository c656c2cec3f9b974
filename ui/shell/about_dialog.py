"""The list of shortcuts, and what Terrier is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from app.version import VERSION, version_lines
from cmdb.model.messages import Message, tr
from ui.actions import MENU_TITLES, Action, without_dots
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog
from ui.widgets.labels import KeyCap, SectionLabel, Text
from ui.widgets.layout import scrolled

#: Keys of tables. They are not actions: they work on the current row.
TABLE_KEYS = (
    (Message("Open the item"), "Return"),
    (Message("Preview the item"), "Space"),
    (Message("Copy the rows as a table"), "Ctrl+Shift+C"),
)


#: The width of a scroll bar, and the height of a dialog without its content (pixels).
_SCROLL_BAR, _AROUND = 16, 190


def show_shortcuts(theme: Theme, parent: QWidget, actions: Iterable[Action], titles: Mapping[str, str]) -> Dialog:
    """Every action that has a key, grouped by its menu, in two columns; those of other pages (``titles``) by page.

    Actions that can't be done now are faint; their tooltip says why.
    """
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for action in actions:
        if action.shortcut:
            menu = next(iter(action.menus), "")
            name = titles.get(action.id.partition(".")[0]) or str(MENU_TITLES.get(menu) or tr("This page"))
            groups.setdefault(name, []).append((without_dots(action.title), action.shortcut, str(action.refusal)))
    groups[tr("Tables")] = [(str(title), keys, "") for title, keys in TABLE_KEYS]
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    heights = [0, 0]
    for name, entries in groups.items():
        side = 0 if heights[0] <= heights[1] else 1
        rows = [(name, "", ""), *entries]
        for title, keys, refusal in rows:
            row, column = heights[side], side * 3
            if keys:
                label = Text(title, "faint" if refusal else "")
                label.setToolTip(plain_tip(refusal))
                grid.addWidget(label, row, column)
                cap = KeyCap(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
                set_sizes(cap, height=19)
                grid.addWidget(cap, row, column + 1, Qt.AlignmentFlag.AlignLeft)
            else:
                heading = SectionLabel(title)
                heading.setContentsMargins(0, 8 if row else 0, 0, 0)
                grid.addWidget(heading, row, column, 1, 2)
            heights[side] += 1
    grid.setColumnMinimumWidth(2, 32)
    grid.setRowStretch(max(heights), 1)
    area = scrolled(content, tr("About Terrier"))
    wanted = content.sizeHint()
    area.setMinimumSize(wanted.width() + _SCROLL_BAR, min(wanted.height(), max(parent.height() - _AROUND, 200)))
    dialog = Dialog(theme, parent, tr("Keyboard shortcuts"), "", area, icon="keyboard")
    dialog.add_button(Button(tr("Close"), dialog.accept), default=True)
    dialog.open()
    return dialog


def show_about(theme: Theme, parent: QWidget) -> Dialog:
    """Name, version, licence."""
    text = tr(
        "A register of an IT estate: what it holds, how it is related, what breaks when something fails, and what is "
        "licensed. One file on one computer; nothing leaves it.\n\nFree software under the MIT licence."
    )
    text = "\n\n".join((text, "\n".join(version_lines())))
    dialog = Dialog(theme, parent, tr("Terrier {version}", version=VERSION), text, icon="terrier")
    dialog.add_button(Button(tr("Close"), dialog.accept), default=True)
    dialog.open()
    return dialog
