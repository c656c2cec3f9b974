"""Watched records: what others changed in them since one last looked.

That somebody watches a record is kept in the estate, with the record. How far they have read is theirs alone: it is in
the settings of this computer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.identity import place_of
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import name_key
from cmdb.model.revision import Edit, Record, Revision, new_id

if TYPE_CHECKING:
    from app.settings import Settings
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.journal import RevisionHeader
    from cmdb.store.reading.reader import Reader

KIND = "watch"
MOST = 1000
"""So many watched records are listed."""
_SEEN = "watch.seen"


@dataclass(frozen=True, slots=True)
class WatchedItem:
    """A watched record: how many changes others made since one last looked, and the last of these."""

    uid: str
    cls: str
    name: str
    number: int
    last: RevisionHeader | None = None


def is_watched(reader: Reader, uid: str, who: str) -> bool:
    """Whether somebody watches a record."""
    return bool(_watches(reader, [uid], who))


def toggled(reader: Reader, uids: Sequence[str], who: str) -> Revision:
    """A revision by which somebody watches records; where they watch all of them, they do no longer.

    Raises NotFound where none is there.
    """
    there = reader.by_uid(uids)
    if not there:
        raise NotFound(Message("There is no such record."))
    watches = _watches(reader, list(there), who)
    names = sorted((one.name for one in there.values()), key=name_key)
    missing = there.keys() - {str(fields["owner"]) for fields in watches.values()}
    if missing:
        names = sorted((there[uid].name for uid in missing), key=name_key)
        reason = counted("{name} is watched", "{count} items are watched", len(missing), name=names[0])
        fields = {"by": who, "since": reader.number}
        edits = [Edit(Record(KIND, (new_id(),)), "", None, {"owner": uid, **fields}) for uid in sorted(missing)]
    else:
        reason = counted(
            "{name} is no longer watched", "{count} items are no longer watched", len(there), name=names[0]
        )
        edits = [Edit(Record(KIND, (key,)), "", dict(found), None) for key, found in watches.items()]
    return Revision(edits, who, reason=reason)


def was_toggled(reader: Reader, applied: AppliedRevision) -> Message | str:
    """What a revision of ``toggled`` did: "LT-1 is watched"."""
    return reader.revision(applied.number).reason


@dataclass(frozen=True, slots=True)
class WatchList:
    """What somebody watches, first what others changed last, then by name; and how many they watch in all."""

    first: Sequence[WatchedItem]
    total: int

    @property
    def news(self) -> list[WatchedItem]:
        """Those in which others changed something."""
        return [one for one in self.first if one.number]


def watched(reader: Reader, who: str, seen: Mapping[str, int], most: int = MOST) -> WatchList:
    """The first ``most`` records that somebody watches. ``seen``: record → the revision up to which they read its
    history.
    """
    from cmdb.register.revision_titles import titled

    since: dict[str, int] = {}
    for fields in reader.records(KIND).values():
        if fields.get("by") == who:
            uid, begun = str(fields.get("owner", "")), fields.get("since")
            since[uid] = max(seen.get(uid, 0), begun if isinstance(begun, int) else 0, since.get(uid, 0))
    there = reader.names(list(since))
    new = reader.changed_by_others({uid: since[uid] for uid in there}, who)

    def order(uid: str) -> tuple[int, str]:
        return -(new[uid][-1] if uid in new else 0), there[uid][1].casefold()

    first = sorted(there, key=order)[:most]
    last = {new[uid][-1] for uid in first if uid in new}
    heads = {one.number: one for one in titled(reader, reader.headers(last))}
    items = [
        WatchedItem(uid, *there[uid], len(new[uid]), heads.get(new[uid][-1]))
        if uid in new
        else WatchedItem(uid, *there[uid], 0)
        for uid in first
    ]
    return WatchList(items, len(there))


def _watches(reader: Reader, uids: Sequence[str], who: str) -> dict[str, dict[str, Any]]:
    from cmdb.store.reading.owned_documents import documents_of

    return {key: fields for key, fields in documents_of(reader, KIND, uids) if fields.get("by") == who}


def seen_of(settings: Settings, where: str | Path) -> dict[str, int]:
    """Record → the revision up to which its changes were read on this computer."""
    every: dict[str, Any] = settings.get(_SEEN, {})
    return {str(uid): int(number) for uid, number in dict(every.get(place_of(where), {})).items()}


def note_seen(settings: Settings, where: str | Path, uid: str, number: int) -> None:
    """Somebody looked at a watched record, as of a revision."""
    every: dict[str, Any] = {**settings.get(_SEEN, {})}
    own = dict(every.get(place_of(where), {}))
    if own.get(uid, 0) < number:
        every[place_of(where)] = {**own, uid: number}
        settings.set(_SEEN, every)
