"""The map as a list: everything that is hit, or that is drawn where nothing fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.impact.hits import hits

if TYPE_CHECKING:
    from app.map.answer import Answer
    from cmdb.store.reading.reader import Reader

HEADERS = ("State", "Class", "Name", "Why", "Path", "Id")


def hit_rows(reader: Reader, answer: Answer) -> list[tuple[str, ...]]:
    """A row for each CI, worst first, under ``HEADERS``."""
    cis = answer.impact.hit() if answer.fails else answer.picture.nodes
    found = hits(reader, answer.impact, cis, paths=True)
    return [(hit.word, hit.label, hit.name, hit.why, " → ".join(hit.path), hit.uid) for hit in found]
