"""The coloured band that is shown while a draft is open: what it holds, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from app.drafts import DraftState, short_name
from cmdb.model.messages import tr, trc, trn
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.flow_layout import flow
from ui.widgets.labels import ElidedText
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import Icon


class DraftBand(QFrame):
    """Says which draft is open. Each button calls what it was given."""

    def __init__(
        self,
        theme: Theme,
        *,
        show: Callable[[], object],
        apply: Callable[[], object],
        drop: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setProperty("role", "draft")
        self._name = ElidedText("", "", "accent", least=60)
        self._name.set_bold()
        self._changes = ElidedText("", "", "accent", least=140)
        self.conflicts = Button("", show, kind="chip", hint=tr("What others have changed meanwhile"))
        self.conflicts.setProperty("tone", "bad")
        self.show_button = Button(trc("verb", "Show"), show, hint=tr("What the draft does, record by record"))
        self.apply_button = Button(
            trc("verb", "Apply…"), apply, hint=tr("Writes all that the draft holds into the estate, as one revision")
        )
        self.drop_button = Button(tr("Drop…"), drop, hint=tr("Gives the draft up"))
        self.leave_button = Button(tr("Leave"), leave, hint=tr("Shows the estate without the draft, which is kept"))
        buttons = (self.conflicts, self.show_button, self.apply_button, self.drop_button, self.leave_button)
        said = row(Icon(theme, "draft", "accent", 18), self._name, self._changes)
        self.setLayout(column(flow(box(said), STRETCH, *buttons, spacing=8), margins=(20, 5, 12, 5)))
        self.hide()

    @property
    def text(self) -> str:
        """What the band says of the draft, without its conflicts."""
        return f"{self._name.text()}: {self._changes.text()}"

    def show_state(self, name: str, state: DraftState | None) -> None:
        """Says what the draft of that name holds (None: it is still counted); the name "" hides the band."""
        self.setVisible(bool(name))
        self._name.setText(tr("Draft “{name}”", name=short_name(name)))
        self._name.setAccessibleName(tr("Draft “{name}”", name=name))
        self._changes.setText(state.words() if state is not None else "")
        conflicts = state.conflicts if state is not None else 0
        self.conflicts.setText(trn("{count} conflict", "{count} conflicts", conflicts) if conflicts else "")
        self.conflicts.setVisible(bool(conflicts))
        self.apply_button.setEnabled(state is not None and bool(state.records or conflicts))
