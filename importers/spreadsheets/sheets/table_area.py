"""Where a table stands in its sheet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableArea:
    """The part of a sheet that one of its tables takes. Rows are 1-based as shown, columns 0-based."""

    first_row: int
    """The first row, the lines above the header included."""
    last_row: int
    header_row: int
    first_column: int
    end_column: int
    """The column after the last one."""
    columns: str = ""
    """The columns as a spreadsheet program shows them ("F:H"), where another table stands beside it."""
    title: str = ""
    """The line above the header."""
    title_rows: tuple[int, ...] = ()
    """Rows above the header, below another table, that were taken for titles."""

    def holds(self, row: int, columns: str) -> bool:
        """Whether a row of a table in such columns is of this one."""
        return self.first_row <= row <= self.last_row and columns == self.columns
