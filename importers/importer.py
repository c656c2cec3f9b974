"""The type of importers: each reads one format of files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from importers.spreadsheets.columns.mapping import Mapping
    from importers.spreadsheets.sheets.marks import Marks
    from importers.spreadsheets.sheets.options import ReadOptions


class ForeignFile(UserError):
    """A file that has nothing of what the stated mapping is made for."""


@dataclass(frozen=True)
class Options:
    """Options for reading files. Options that are not set are detected. ``cls`` is a class's name."""

    cls: str = ""
    sheet: str = ""
    mapping: Mapping | None = None
    saved: tuple[Mapping, ...] = ()
    reading: ReadOptions | None = None
    applied: Callable[[Marks], bool] | None = None
    """Whether the rows that a marked copy remembers as taken in are in the register."""
    answers: Callable[[Mapping, Sequence[str]], MappingOf[str, str]] | None = None
    """Words for classes that the stated mapping does not know → what was decided of them. If it is set, rows with other
    such words wait for a decision; otherwise they are rejected.
    """


@dataclass(frozen=True)
class Importer:
    """A format that can be imported. ``recognises`` gets the first bytes of a file; ``read`` gives its readings.

    ``example`` writes a small valid file of the format into a folder and returns its path; the contract tests read it.
    Importers are tried by ``rank``, the lowest first: one that accepts any text comes last. A file that is damaged, or
    cut short, is a FileProblem; a format whose files don't say where they end, as lists of lines, is ``open_ended``.
    One that adds to records only, and whose files are named after theirs, is ``of_known``. A plug-in that has no
    translations gives plain words.
    """

    name: str
    label: Message | str
    help: Message | str
    endings: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[Path, Schema, Options, Control], Sequence[Reading]]
    example: Callable[[Path], Path]
    rank: int = 50
    open_ended: bool = False
    of_known: bool = False
