"""Options for reading a spreadsheet. Options that the person does not set are detected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The options for one file. ``None`` or "" means: detect it."""

    encoding: str = ""
    """A Python codec's name; text files only."""
    delimiter: str = ""
    """The separator of cells in a text file."""
    header_row: int | None = None
    """The row that holds the column names, 1-based as the spreadsheet program shows it."""
    day_first: bool | None = None
    """How 03/04/2024 is read: True 3 April, False 4 March, None like the column's other dates."""
    year_first: bool = False
    """Whether 03/04/24 is 24 April 2003."""
    decimal_comma: bool | None = None
    """Whether 1,5 means one and a half."""
    clear_blanks: bool = False
    """Whether a blank cell of a mapped column clears the attribute instead of keeping what is there."""
    strict: bool = False
    """Whether a cell that can't be read rejects its row also where the row could do without it."""
