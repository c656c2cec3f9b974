"""How states look: never by colour alone, but by fill, border, badge and word together."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from cmdb.graph.results import State


@dataclass(frozen=True, slots=True)
class StateLook:
    """``tone`` colours border and badge; ``ground`` and ``ink`` are tokens of the fill and of the text on it."""

    word: str
    tone: str
    ground: str
    ink: str = "text"
    quiet: str = "muted"
    border: str = "line"
    width: float = 1.0
    pen: Qt.PenStyle = Qt.PenStyle.SolidLine
    badge: str = ""
    meaning: str = ""


LOOKS: dict[State, StateLook] = {
    "failed": StateLook(
        "failed", "bad", "bad", "surface", "surface", "bad", 1.5, badge="power", meaning="what is supposed to fail"
    ),
    "down": StateLook("down", "bad", "bad_ground", border="bad", width=1.6, badge="close", meaning="lost with it"),
    "exhausted": StateLook(
        "exhausted", "warning", "warning_ground", border="warning", width=1.6, badge="warning",
        meaning="up, but without a spare: one more loss takes it down",
    ),
    "degraded": StateLook(
        "degraded", "warning", "warning_ground", border="warning", width=1.6, pen=Qt.PenStyle.DotLine, badge="minus",
        meaning="up, but something it uses or a spare is lost",
    ),
    "at_risk": StateLook(
        "at risk", "neutral", "raised", border="warning", width=1.6, pen=Qt.PenStyle.DashLine,
        meaning="up, and needs something that is degraded",
    ),
    "up": StateLook("up", "neutral", "raised", meaning="not hit"),
}  # fmt: skip

#: The lines of edges: pen style and what they mean.
LINES = {
    "hard": (Qt.PenStyle.SolidLine, "needs"),
    "soft": (Qt.PenStyle.DashLine, "uses; works without, but worse"),
    "note": (Qt.PenStyle.DotLine, "documentation; carries no impact"),
}
