"""Problems that reconciliation finds, gathered so that they come in the same order however the rows came."""

from __future__ import annotations

from typing import Literal

from cmdb.model.observation import Origin, Problem


class ProblemCollector:
    """Collects problems."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def error(self, origin: Origin, column: str, value: str, message: str, kind: str, accepted: str = "") -> None:
        """What rejects a row."""
        self._add(origin, column, value, message, kind, accepted, "error")

    def warning(self, origin: Origin, column: str, value: str, message: str, kind: str, accepted: str = "") -> None:
        """What a person should know of, but rejects nothing."""
        self._add(origin, column, value, message, kind, accepted, "warning")

    def _add(
        self, origin: Origin, column: str, value: str, message: str, kind: str, accepted: str,
        severity: Literal["error", "warning"],
    ) -> None:  # fmt: skip
        file = origin.file or origin.host
        self._found[Problem(file, origin.sheet, origin.row, column, value, message, severity, kind, accepted)] = None

    def problems(self) -> list[Problem]:
        """All of them, by place."""
        return sorted(self._found, key=lambda p: (p.file, p.sheet, p.row, p.column, p.value, p.message))
