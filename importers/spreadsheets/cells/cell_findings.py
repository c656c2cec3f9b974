"""What reading a cell finds besides its value, and what is known of its column beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.messages import EMPTY, Message


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell is refused, and what would be accepted; see ``cmdb.model.observation.Problem``."""

    message: Message
    kind: str
    accepted: Message = EMPTY
    suggested: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class CellNote:
    """A warning about a cell that is accepted."""

    message: Message
    kind: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """The column's format for reading its cells."""

    day_first: bool = True
    sure: bool = True
    """Whether a date of the column, or the person, settles ``day_first``."""
    conflict: bool = False
    """The column has dates of both orders."""
    year_first: bool = False
    """Whether a date of three short numbers begins with the year."""
    decimal_comma: bool | None = None
    marks_sure: bool = True
    """Whether something settles how 1.000 is read."""
    both_marks: bool = False
    """The column has numbers with decimal commas and with decimal points."""
    own: bool = False
    """The sheet was exported from here: what the register holds comes back as it is."""
    unit: str = ""
    """The unit of plain numbers in a memory column, if it is not the attribute's unit."""


UNKNOWN_FORMAT = ColumnContext()
"""A column of which nothing is known."""
