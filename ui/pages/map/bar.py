"""The map's header and its controls: the question, the number of boxes, the depth."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QSizePolicy, QSpinBox, QWidget

from app.map.answer import MapAnswer
from app.map.question import MapQuestion
from cmdb.model.messages import tr
from ui.context import Context
from ui.graph.state_styles import LOOKS
from ui.text_size import set_sizes
from ui.widgets.buttons import IconButton, MenuButton
from ui.widgets.flow_layout import flow
from ui.widgets.labels import ElidedText, as_heading
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.pill import Pill
from ui.widgets.reference import ReferencePicker
from ui.widgets.tabs import Segments

_PILLS = ("down", "exhausted", "degraded", "at_risk")


class MapBar(QWidget):
    """Title, counts and buttons above; search, history, depth and breadth below."""

    searched = Signal(str)
    depth_changed = Signal(int)
    breadth_changed = Signal(int)
    mode_changed = Signal(str)
    stepped = Signal(int)
    fitted = Signal()

    def __init__(
        self, context: Context, fill_views: Callable[[QMenu], object], fill_export: Callable[[QMenu], object]
    ) -> None:
        super().__init__()
        theme = context.theme
        self._title = _Title()
        self._pills = {state: Pill() for state in _PILLS}
        self._drawn = ElidedText("", "muted")
        self.mode = Segments((("layered", tr("Layered")), ("radial", tr("Radial"))))
        self.mode.chosen.connect(self.mode_changed)
        views = MenuButton(tr("Views"), fill_views)
        self.export = MenuButton(tr("Export"), fill_export)
        self.search = ReferencePicker(context, "ci", tr("Start from"))
        self.search.setAccessibleName(tr("Start the map from"))
        set_sizes(self.search, width=240)
        self.search.picked.connect(self.searched)
        self.back = IconButton(theme, "arrow-left", tr("Back"), lambda: self.stepped.emit(-1))
        self.forward = IconButton(theme, "arrow-right", tr("Forward"), lambda: self.stepped.emit(1))
        self.depth_box = _spin(tr("Depth"), 1, 30)
        self.breadth_box = _spin(tr("Breadth"), 1, 200)
        self.depth_box.valueChanged.connect(self.depth_changed)
        self.breadth_box.valueChanged.connect(self.breadth_changed)
        fit = IconButton(theme, "fit", tr("Fit (0)"), self.fitted.emit)
        above = flow(self._title, *self._pills.values(), self._drawn, STRETCH, views, self.export)
        limits = box(row(self.depth_box, self.breadth_box, fit, spacing=4))  # they wrap together
        below = flow(
            self.back, self.forward, self.search, STRETCH, self.mode, limits, spacing=4,
        )  # fmt: skip
        self.setLayout(column(above, below, spacing=8))

    def show_question(self, question: MapQuestion, can_back: bool, can_forward: bool) -> None:
        """The controls as the question has them, without firing."""
        for widget, value in ((self.depth_box, question.steps), (self.breadth_box, question.breadth)):
            widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(False)
        self.mode.choose(question.mode)
        self.back.setEnabled(can_back)
        self.forward.setEnabled(can_forward)

    def show_answer(self, answer: MapAnswer | None) -> None:
        """Title and counts; "drawn" is the number of shown items of all."""
        self.export.setEnabled(answer is not None)
        if answer is None:
            self._title.setText(tr("Map"))
            self._drawn.setText("")
            for pill in self._pills.values():
                pill.show_status("", "neutral")
            return
        self._title.setText(answer.title)
        for state, pill in self._pills.items():
            number = next((count for one, count in answer.counts.items() if one == state), 0)
            look = next(look for one, look in LOOKS.items() if one == state)
            pill.show_status(tr("{number} {state}", number=number, state=look.word) if number else "", look.tone)
        self._drawn.setText(_drawn(answer))


class _Title(ElidedText):
    """A page's heading that is cut, with a mark, where the buttons beside it need the room."""

    def __init__(self) -> None:
        super().__init__(tr("Map"), least=120)
        as_heading(self)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


def _spin(name: str, least: int, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setPrefix(f"{name}  ")
    spin.setAlignment(Qt.AlignmentFlag.AlignCenter)
    spin.setFixedWidth(spin.fontMetrics().horizontalAdvance(f"{name}  {most}") + 34)
    spin.setKeyboardTracking(False)
    spin.setAccessibleName(name)
    return spin


def _drawn(answer: MapAnswer) -> str:
    drawn = len(answer.picture.nodes)
    if answer.fails:
        return tr("{drawn} of {number} affected items shown", drawn=answer.hit_drawn, number=answer.hit)
    return tr("{drawn} of {number} items shown", drawn=drawn, number=answer.total)
