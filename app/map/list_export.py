"""The map as a list: everything that is hit, or that is drawn where nothing fails."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.impact.affected_items import hits
from app.unfinished_files import noted
from cmdb.model.messages import Message
from cmdb.model.whole_files import as_text, save_whole

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

    def save(binary: BinaryIO) -> None:
        with as_text(binary, "utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow([str(header) for header in HEADERS])
            writer.writerows(hit_rows(reader, answer))

    with noted(path):
        save_whole(path, save)
    return path
