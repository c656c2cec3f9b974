"""The picture of a record with its content: its own, the latest first, or else that of its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.attachments.contents import attached_to, content

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class RecordPicture:
    """A picture's type and its bytes."""

    type: str
    data: bytes


def picture_of(reader: Reader, uid: str) -> RecordPicture | None:
    """The picture of a record; None where there is none, or no such record."""
    one = reader.by_uid([uid]).get(uid)
    if one is None:
        return None
    found = attached_to(reader, one).picture
    return RecordPicture(found.type, content(reader, found)) if found is not None else None
