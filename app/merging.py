"""Merging records that are one thing, and splitting one that was merged by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.item_search import Names
from app.renewal import settled
from cmdb.model.record_aliases import ID, FormerName, MergedRecord, alias_attribute

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision, UndoConflict
    from cmdb.model.control import Control
    from cmdb.model.records import CI
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Attribute
    from cmdb.model.values import Value
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store


@dataclass(frozen=True, slots=True)
class MergedValue:
    """An attribute of records that would be merged: the value of each, and the one that stays."""

    attribute: Attribute
    values: tuple[Value | None, ...]
    stays: Value | None

    @property
    def differs(self) -> bool:
        """Whether the records have different values, so that one of them is lost."""
        return len({value for value in self.values if value is not None}) > 1


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would make of some records: these, the kept one first, and each attribute that one of them has.

    ``names``: class and name of what they refer to, by id.
    """

    records: tuple[CI, ...]
    values: tuple[MergedValue, ...]
    names: Names

    @property
    def labels(self) -> tuple[str, ...]:
        """What the records are called: their names, with what tells those of one name apart."""
        names = [one.name for one in self.records]
        return tuple(one.name if names.count(one.name) == 1 else f"{one.name} ({_apart(one)})" for one in self.records)


def preview(reader: Reader, uids: Sequence[str], into: str) -> MergePreview:
    """What a merge of records into one of them would make of their values. Raises InvalidValue, NotFound."""
    from cmdb.model.claims import effective
    from cmdb.register.merging import mergeable, said_together

    kept, others = mergeable(reader, uids, into)
    records = (kept, *others)
    said = reader.said([one.uid for one in records])
    after = effective(reader.schema, kept.cls, said_together(reader.schema, kept, others, said))
    lines = []
    for name, attribute in reader.schema.cls(kept.cls).attributes.items():
        values = tuple(one.values.get(name) for one in records)
        if any(value is not None for value in values):
            lines.append(MergedValue(attribute, values, after.get(name)))
    referred = {str(value) for one in lines if one.attribute.type == "reference" for value in one.values if value}
    return MergePreview(records, tuple(lines), reader.names(referred))


def _apart(one: CI) -> str:
    """What tells a record from another one of the same name."""
    return next((text for name in ("asset_tag", "serial_number", "number") if (text := one.text(name))), one.uid[-8:])


def best_kept(reader: Reader, uids: Sequence[str]) -> tuple[str, str] | None:
    """Of several records the one of which most is known, the oldest of these: its id and name. None of a single one."""
    known = list(reader.by_uid(uids).values()) if len(uids) > 1 else []
    best = min(known, key=lambda one: (-len(one.values), one.id), default=None)
    return None if best is None else (best.uid, best.name)


def former_names(reader: Reader, uid: str) -> list[FormerName]:
    """By what a record is found besides: the names of records that were merged into it, and their ids (kind ``ID``).

    What people call it comes first: names, numbers, tags, serial numbers.
    """
    from cmdb.store.reading.naming import naming

    found = naming(reader, "alias", [uid])
    names = (FormerName(kind, value, str(fields.get("spelling", value))) for (kind, value, _), fields in found.items())
    return sorted(names, key=lambda one: (_said_late(one.kind), one.value, one.kind))


def also_known_as(reader: Reader, uid: str) -> list[FormerName]:
    """By what names a record is found besides its own, without ids."""
    return [one for one in former_names(reader, uid) if one.kind != ID]


def _said_late(kind: str) -> int:
    attribute = alias_attribute(kind)
    return _SAID_FIRST.index(attribute) if attribute in _SAID_FIRST else len(_SAID_FIRST)


_SAID_FIRST = ("name", "number", "asset_tag", "serial_number")


def merged_into(reader: Reader, uid: str) -> list[MergedRecord]:
    """The records that were merged into a record, the latest first."""
    from cmdb.register.splitting import merged_records

    return merged_records(reader, uid)


def split_revision(reader: Reader, kept: str, old: str, author: str) -> Revision:
    """The revision that splits a merged record (its id) from the kept one. Raises NotFound, Irreversible."""
    from cmdb.register.splitting import merged_records, named_among
    from cmdb.register.splitting import split as split_out

    own = reader.get(kept)
    return split_out(reader, own, named_among(merged_records(reader, kept), old, own), author)[0]


def split(
    store: Store, record: str, out: str, author: str, reason: str = "", control: Control | None = None
) -> tuple[AppliedRevision, tuple[UndoConflict, ...]]:
    """Splits a merged record from the one that a word means: ``out`` is its id, tag, name, serial number or number.

    Returns the revision, and what stays with the other record because it came or was changed since. It is decided anew
    where others wrote meanwhile. Raises NotFound, Ambiguous, Irreversible.
    """
    from cmdb.register.splitting import merged_records, named_among
    from cmdb.register.splitting import split as split_out

    def decide() -> tuple[Revision, tuple[UndoConflict, ...]]:
        with store.read() as reader:
            kept = reader.find(record)
            return split_out(reader, kept, named_among(merged_records(reader, kept.uid), out, kept), author, reason)

    def write(decided: tuple[Revision, tuple[UndoConflict, ...]]) -> AppliedRevision:
        return store.apply(decided[0], control)

    (_, stays), applied = settled(store, decide, write, lambda decided: decided[0].decided_at)
    return applied, stays
