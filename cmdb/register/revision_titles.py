"""The title of a revision: its reason, or without a reason its changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cmdb.model.claims import kind_of, source_text
from cmdb.model.errors import NotFound
from cmdb.model.journal import RevisionHeader
from cmdb.model.messages import Message, chain, counted, verbatim
from cmdb.model.record_kinds import records_changed
from cmdb.model.schema import Schema
from cmdb.model.state_tables import CLOSED, STATE
from cmdb.store.reading.reader import Reader
from cmdb.store.reading.revision_contents import ItemChange

LOOKED_AT = 10
"""The largest number of items of a revision that are read; of a larger revision the title has only numbers."""
_SEEN = frozenset({"last_seen"})
"""What every scan changes: it is no news."""
_NAMED = 3
"""The number of attributes that a title names; more are counted."""


def titled(reader: Reader, headers: Sequence[RevisionHeader]) -> list[RevisionHeader]:
    """The headers with their titles. It takes a few statements, however many headers there are."""
    unnamed = [one for one in headers if not one.reason]
    small = [one.number for one in unnamed if 0 < _size(one) <= LOOKED_AT]
    items = reader.item_changes(small) if small else {}
    bare = [one.number for one in unnamed if _size(one) <= LOOKED_AT and not _tells(items.get(one.number, ()))]
    records = reader.record_counts(bare) if bare else {}
    undone = _undone(reader, unnamed)
    return [
        replace(
            one,
            title=Message("Undo: {title}", title=undone[one.undoes])
            if one in unnamed and one.undoes in undone
            else title(reader.schema, one, items.get(one.number, ()), records.get(one.number, {})),
        )
        for one in headers
    ]


def _undone(reader: Reader, headers: Iterable[RevisionHeader]) -> dict[int, Message]:
    """The titles of revisions that others take back, those of undone undos excepted: their numbers say it shorter."""
    found = {}
    for number in sorted({one.undoes for one in headers if one.undoes}):
        try:
            header = reader.revision(number)
        except NotFound:
            continue  # its history was pruned
        if not header.undoes:
            found[number] = titled(reader, [header])[0].title
    return found


def titled_revision(reader: Reader, number: int) -> RevisionHeader:
    """The header of one revision with its title. Raises NotFound."""
    return titled(reader, [reader.revision(number)])[0]


def title(schema: Schema, header: RevisionHeader, items: Sequence[ItemChange], records: Mapping[str, int]) -> Message:
    """The title of a revision, from its header, its items (none if it is large), and its numbers of other records."""
    if header.reason:
        return header.reason if isinstance(header.reason, Message) else verbatim(header.reason)
    if header.undoes:
        return Message("Undo of revision {number}", number=str(header.undoes))
    if items and _tells(items):
        return _of_items(schema, header, items)
    if records:
        return _of_records(records, [one.name for one in items])
    return _of_numbers(header) or source_text(header.source)


def _size(header: RevisionHeader) -> int:
    return header.created + header.updated + header.deleted


def _tells(items: Iterable[ItemChange]) -> bool:
    """Whether the items' changes are known, not only their names."""
    return any(one.created or one.deleted or one.fields for one in items)


def _of_items(schema: Schema, header: RevisionHeader, items: Sequence[ItemChange]) -> Message:
    made, gone = ([one for one in items if one.created], [one for one in items if one.deleted])
    changed = [one for one in items if one.fields]
    told = []
    if made:
        told.append(
            Message("{name} created", name=made[0].name) if header.created == 1 else
            counted("{name} and {count} other created", "{name} and {count} others created", header.created - 1,
                    name=made[0].name)
        )  # fmt: skip
    if gone:
        told.append(
            Message("{name} deleted", name=gone[0].name) if header.deleted == 1 else
            counted("{name} and {count} other deleted", "{name} and {count} others deleted", header.deleted - 1,
                    name=gone[0].name)
        )  # fmt: skip
    if changed and not (made or gone):
        told.append(_of_changed(schema, header, changed))
    elif header.updated:
        told.append(counted("{count} item changed", "{count} items changed", header.updated))
    return chain(told)


def _of_changed(schema: Schema, header: RevisionHeader, items: Sequence[ItemChange]) -> Message:
    if kind_of(header.source) == "scan":
        if all(one.fields <= _SEEN for one in items):
            return _of_seen(header, items)
        items = [one._replace(fields=one.fields - _SEEN) for one in items]
    name, fields = items[0].name, items[0].fields
    labels = _labels(schema, fields)
    if header.updated == 1:
        if len(fields) > _NAMED:
            return counted("{count} attribute of {name} changed", "{count} attributes of {name} changed", len(fields),
                           name=name)  # fmt: skip
        return Message("{attributes} of {name} changed", attributes=labels, name=name)
    alike = len(items) == header.updated and all(one.fields == fields for one in items)
    if alike and len(fields) <= _NAMED:
        return counted("{count} item changed: {attributes}", "{count} items changed: {attributes}", len(items),
                       attributes=labels)  # fmt: skip
    return counted("{name} and {count} other changed", "{name} and {count} others changed", header.updated - 1,
                   name=name)  # fmt: skip


def _of_seen(header: RevisionHeader, items: Sequence[ItemChange]) -> Message:
    """A scan that changed no attribute: what else it saw is in sections and software."""
    if header.updated == 1:
        return Message("{name} seen again", name=items[0].name)
    return counted("{name} and {count} other seen again", "{name} and {count} others seen again", header.updated - 1,
                   name=items[0].name)  # fmt: skip


def _labels(schema: Schema, fields: Iterable[str]) -> tuple[Message, ...]:
    known = schema.every_attribute
    fields = set(fields)
    if STATE in fields:
        fields.discard(CLOSED)  # it follows
    labels = (_CLASS if one == "class" else verbatim(known[one].label if one in known else one) for one in fields)
    return tuple(sorted(labels))


_CLASS = Message("Class")


def _of_numbers(header: RevisionHeader) -> Message:
    """The number of items that a revision changed, in words; an empty text for none."""
    told = []
    if header.created:
        told.append(counted("{count} item created", "{count} items created", header.created))
    if header.updated:
        told.append(counted("{count} item changed", "{count} items changed", header.updated))
    if header.deleted:
        told.append(counted("{count} item deleted", "{count} items deleted", header.deleted))
    return chain(told)


def _of_records(records: Mapping[str, int], names: Sequence[str]) -> Message:
    told = chain(records_changed(kind, number) for kind, number in records.items())
    return Message("{name}: {changes}", name=names[0], changes=told) if len(names) == 1 else told


def undone_reason(reason: Message | str) -> object | None:
    """What an undo took back by its reason; None where the reason is another. Older journals have it as words."""
    if isinstance(reason, Message) and reason.template == "Undo: {what}":
        return reason.values.get("what")
    words = str(reason)
    return words.removeprefix("Undo: ") if words.startswith("Undo: ") else None


def redone_reason(reason: Message | str) -> object | None:
    """What a redo made again by its reason; None where the reason is another."""
    if isinstance(reason, Message) and reason.template == "Redo: {what}":
        return reason.values.get("what")
    words = str(reason)
    return words.removeprefix("Redo: ") if words.startswith("Redo: ") else None
