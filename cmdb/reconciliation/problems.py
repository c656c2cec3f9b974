"""The problems that reconciliation finds, in an order that does not depend on the order of the rows."""

from __future__ import annotations

from cmdb.model.messages import EMPTY, Message
from cmdb.model.observation import Origin, Problem, Severity


class ProblemCollector:
    """Collects problems."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def error(
        self, origin: Origin, column: str, value: str, message: Message, kind: str, accepted: Message = EMPTY,
        suggested: tuple[str, ...] = (), code: str = "",
    ) -> None:  # fmt: skip
        """Adds a problem that rejects a row."""
        self._add(origin, column, value, message, "error", kind, accepted, suggested, code)

    def warning(
        self, origin: Origin, column: str, value: str, message: Message, kind: str, accepted: Message = EMPTY,
        suggested: tuple[str, ...] = (), code: str = "",
    ) -> None:  # fmt: skip
        """Adds a problem that rejects nothing."""
        self._add(origin, column, value, message, "warning", kind, accepted, suggested, code)

    def left_out(
        self, origin: Origin, column: str, value: str, message: Message, kind: str, accepted: Message = EMPTY,
        suggested: tuple[str, ...] = (), code: str = "",
    ) -> None:  # fmt: skip
        """Adds a problem of a value that is left out while its row is imported."""
        self._add(origin, column, value, message, "left-out", kind, accepted, suggested, code)

    def _add(
        self, origin: Origin, column: str, value: str, message: Message, severity: Severity, kind: str,
        accepted: Message, suggested: tuple[str, ...], code: str,
    ) -> None:  # fmt: skip
        file, sheet, row = origin.file or origin.host, origin.sheet, origin.row
        one = Problem(
            file, sheet, row, column, value, message, severity, kind, accepted, suggested, code, origin.columns
        )
        self._found[one] = None

    def problems(self) -> list[Problem]:
        """All problems by place, in the same order in every language."""
        return sorted(self._found, key=_order)


def _order(one: Problem) -> tuple[str, str, int, str, str, str, list[str]]:
    said = one.message
    return (
        one.file, one.sheet, one.row, one.column, one.value, said.template, [repr(v) for v in said.values.values()],
    )  # fmt: skip
