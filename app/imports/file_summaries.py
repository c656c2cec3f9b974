"""What an import takes in of each of its files: the rows read, and what becomes of the records that they are of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.messages import EMPTY, Message
from cmdb.model.observation import OLDER_SCAN
from cmdb.model.regular_files import name_as_text

if TYPE_CHECKING:
    from cmdb.model.observation import Origin, Reading
    from cmdb.reconciliation import Proposal


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of an import that was opened: what was read of it, or why nothing was (``problem``).

    ``origins`` are the places of what it states; they are asked for only where there are several files.
    """

    path: Path
    read: int = 0
    rejected: int = 0
    problem: Message = EMPTY
    origins: Sequence[Origin] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """Its name as a text."""
        return name_as_text(self.path)


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What becomes of a file: rows read and rejected, records created, updated and unchanged, and its problem."""

    file: ReadFile
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def problem(self) -> Message:
        """Why nothing, or not all, of it was taken in; blank if there is no such reason."""
        return self.file.problem


def read_file(path: Path, readings: Iterable[Reading]) -> ReadFile:
    """What was read of a file. A record that others only name is of the file that names it, too."""
    readings = list(readings)
    said = next((p.message for one in readings for p in one.problems if p.severity == "error"), EMPTY)
    origins = [obs.origin for one in readings for obs in one.observations]
    read, rejected = sum(one.read for one in readings), sum(one.rejected for one in readings)
    return ReadFile(path, read, rejected, said, origins)


def older_scans(proposal: Proposal) -> dict[str, Message]:
    """File or host → that its scan is older than one that is known, worded."""
    return {one.file: one.message for one in proposal.problems if one.code == OLDER_SCAN}


def file_summaries(
    files: Sequence[ReadFile], proposal: Proposal, left_out: frozenset[str] = frozenset()
) -> list[FileSummary]:
    """What becomes of each file, without the records that a person left out. A record that several files state is
    counted for each of them.
    """
    late = older_scans(proposal)
    files = [one if one.problem or one.name not in late else replace(one, problem=late[one.name]) for one in files]
    if len(files) == 1:
        return [FileSummary(files[0], proposal.created, proposal.updated, proposal.unchanged, proposal.rejected)]
    files_of: dict[Origin, set[int]] = {}
    for number, one in enumerate(files):
        for origin in one.origins:
            files_of.setdefault(origin, set()).add(number)
    counts: Counter[tuple[int, str]] = Counter()
    for change in proposal.changes:
        if change.uid in left_out:
            continue
        of = {number for origin in change.origins for number in files_of.get(origin, ())}
        counts.update((number, change.state) for number in of if not change.reference or change.state == "new")
    refused = Counter(number for origin, *_ in proposal.rejects for number in files_of.get(origin, ()))
    return [
        FileSummary(
            one, counts[number, "new"], counts[number, "changed"], counts[number, "unchanged"],
            one.rejected + refused[number],
        )
        for number, one in enumerate(files)
    ]  # fmt: skip
