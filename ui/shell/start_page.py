"""The first start: what Terrier is, and three ways to begin; and the page for an estate that cannot be opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.places import name_and_folder
from cmdb.model.messages import Message, tr
from ui.actions import Action
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button, LinkButton, PushButton
from ui.widgets.labels import ElidedText, Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, Item, column, row
from ui.widgets.page_states import ErrorState, Icon

_PROMISE = Message("What you have, how it is related, what breaks when something fails, and what is licensed.")


class StartTile(PushButton):
    """One way to begin: a tile with an icon, a title and a description."""

    def __init__(self, theme: Theme, icon: str, title: str, text: str, run: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("kind", "offer")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        words = column(STRETCH, Heading(title, 2), Text(text, "muted", wrap=True), STRETCH, spacing=2)
        inner = row(Icon(theme, icon, "accent", 28), spacing=16, margins=(18, 8, 16, 8))
        inner.addLayout(words, 1)
        inner.addWidget(Icon(theme, "chevron-right", "faint", 18))
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(inner)
        self.clicked.connect(lambda: run())


class StartPage(QWidget):
    """Shown where no estate is open."""

    def __init__(
        self,
        theme: Theme,
        scan: Callable[[], object],
        bring: Callable[[], object],
        sample: Callable[[], object],
        more: Sequence[Action],
        recent: Sequence[tuple[str, str]] = (),
        reopen: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        offers: list[Item] = [
            StartTile(
                theme, "scan", tr("Scan this computer"),
                tr("Its hardware, software and network become the first record. Nothing leaves this machine."), scan,
            ),
            StartTile(
                theme, "import", tr("Import a spreadsheet"),
                tr("xlsx or csv, as it is. You see what would change before anything does."), bring,
            ),
            StartTile(
                theme, "overview", tr("Open the sample estate"),
                tr(
                    "A company with three sites, some {number} records and two years of history, to look around in.",
                    number=2500,
                ),
                sample,
            ),
        ]  # fmt: skip
        parts: list[Item] = [
            STRETCH,
            row(Icon(theme, "terrier", "accent", 44), STRETCH),
            Heading(tr("Welcome to Terrier"), 1),
            Text(str(_PROMISE), "muted", wrap=True),
            16,
            *offers,
            8,
            row(*(Button(str(action.title), action.run, icon=action.icon, theme=theme) for action in more), STRETCH),
        ]
        if recent and reopen is not None:
            parts += [16, SectionLabel(tr("Recent"))]
            parts += [self._recent(where, called, reopen) for where, called in recent]
        middle = QWidget()
        set_sizes(middle, width=560)
        middle.setLayout(column(*parts, STRETCH, spacing=8))
        self.setLayout(row(STRETCH, middle, STRETCH))
        first = middle.findChild(StartTile)
        assert first is not None
        self.setFocusProxy(first)

    @staticmethod
    def _recent(where: str, called: str, reopen: Callable[[str], object]) -> QWidget:
        line = QWidget()
        place = name_and_folder(where)[1] or where
        name = LinkButton(called, lambda: reopen(where))
        folder = ElidedText(place, "faint")
        folder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line.setLayout(row(name, folder))
        return line


class FailedPage(QWidget):
    """An estate that could not be opened: why, and what can be done."""

    def __init__(
        self, theme: Theme, error: BaseException, again: Callable[[], object], back: Callable[[], object]
    ) -> None:
        super().__init__()
        leave = Button(tr("Back to the start"), back, icon="arrow-left", theme=theme)
        self.setLayout(column(ErrorState(theme, error, tr("Try again"), again, (leave,))))
        self.setFocusProxy(leave)
