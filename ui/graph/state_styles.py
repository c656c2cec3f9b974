"""The styles of states: fill, border, badge and word differ, so that they can be distinguished without colours."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from cmdb.graph.diagram import Line
from cmdb.graph.results import State
from cmdb.model.messages import Message


@dataclass(frozen=True, slots=True)
class StateLook:
    """``tone`` colours border and badge; ``ground`` and ``ink`` are tokens of the fill and of the text on it.

    ``word`` is for the middle of a line, ``title`` for its beginning; ``meaning`` explains the state.
    """

    word: Message
    title: Message
    meaning: Message
    tone: str
    ground: str
    ink: str = "text"
    quiet: str = "muted"
    border: str = "line"
    width: float = 1.0
    pen: Qt.PenStyle = Qt.PenStyle.SolidLine
    badge: str = ""


LOOKS: dict[State, StateLook] = {
    "failed": StateLook(
        Message("failed"), Message("Failed"), Message("what is supposed to fail"),
        "bad", "bad", "surface", "surface", "bad", 1.5, badge="power",
    ),
    "down": StateLook(
        Message("down"), Message("Down"), Message("lost with it"),
        "bad", "bad_ground", border="bad", width=1.6, badge="close",
    ),
    "exhausted": StateLook(
        Message("exhausted"), Message("Exhausted"), Message("up, but without a spare: one more loss takes it down"),
        "warning", "warning_ground", border="warning", width=1.6, badge="warning",
    ),
    "degraded": StateLook(
        Message("degraded"), Message("Degraded"), Message("up, but something it uses or a spare is lost"),
        "warning", "warning_ground", border="warning", width=1.6, pen=Qt.PenStyle.DotLine, badge="minus",
    ),
    "at_risk": StateLook(
        Message("at risk"), Message("At risk"), Message("up, and needs something that is degraded"),
        "neutral", "raised", border="warning", width=1.6, pen=Qt.PenStyle.DashLine,
    ),
    "up": StateLook(Message("up"), Message("Up"), Message("not hit"), "neutral", "raised"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineLook:
    """A line between two boxes: its pen, its word, and what it means."""

    pen: Qt.PenStyle
    word: Message
    meaning: Message


LINES: dict[Line, LineLook] = {
    "hard": LineLook(Qt.PenStyle.SolidLine, Message("needs"), Message("needs")),
    "soft": LineLook(Qt.PenStyle.DashLine, Message("uses"), Message("uses; works without, but worse")),
    "note": LineLook(Qt.PenStyle.DotLine, Message("documentation"), Message("documentation; carries no impact")),
}
