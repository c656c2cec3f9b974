"""The map as a list: everything that is hit, or that is drawn where nothing fails."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.impact.affected_items import hits
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of

if TYPE_CHECKING:
    from app.map.answer import MapAnswer
    from cmdb.store.reading.reader import Reader

HEADERS = (Message("State"), Message("Class"), Message("Name"), Message("Why"), Message("Path"), Message("Id"))


def hit_rows(reader: Reader, answer: MapAnswer) -> Iterator[tuple[str, ...]]:
    """A row for each CI, worst first, under ``HEADERS``."""
    cis = answer.impact.hit() if answer.fails else answer.picture.nodes
    for hit in hits(reader, answer.impact, cis, paths=True):
        yield hit.word, hit.label, hit.name, hit.why, " → ".join(hit.path), hit.uid


def write_list(reader: Reader, answer: MapAnswer, path: Path) -> Path:
    """Writes the rows as a CSV that spreadsheets open as UTF-8, and returns where. Raises FileProblem."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([str(header) for header in HEADERS])
            writer.writerows(hit_rows(reader, answer))
    except OSError as error:
        text = Message("{path} cannot be written: {reason}.", path=str(path), reason=reason_of(error))
        raise FileProblem(text) from error
    return path
