"""Edits of the register. Each function returns a Revision, to be shown or given to ``Store.apply``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cmdb.model.characters import one_line
from cmdb.model.claims import PERSON, also_stated_by
from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.messages import Message
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.schema import Schema
from cmdb.model.values import Value
from cmdb.model.verb import Records

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_BATCH = 500
_GONE = Message("A record is not there any more: it may have been deleted meanwhile.")


def create(
    schema: Schema, cls: str, values: Mapping[str, Value | None], author: str, reason: Message | str = ""
) -> Revision:
    """A new CI. Its id is the revision's first edit's. Raises SchemaError for an unknown class."""
    schema.cls(cls)
    present = {k: v for k, v in values.items() if v is not None}
    return Revision([Edit(ci(new_id()), "", None, {"class": cls, **present})], author, reason=reason)


def create_linked(
    reader: Records,
    cls: str,
    values: Mapping[str, Value | None],
    links: Iterable[tuple[str, str]],
    author: str,
    reason: Message | str = "",
) -> Revision:
    """A new record with what it is the subject of: relationship types' names, each with the id of the other record.

    A link that a reference attribute of the class stores becomes its value. Raises SchemaError, NotFound, and
    InvalidValue where the attribute has another value already.
    """
    schema, wanted = reader.schema, list(dict.fromkeys(links))
    others = {one.uid: one.cls for one in each(reader, [uid for _, uid in wanted])}
    given, pairs = dict(values), list[tuple[str, str]]()
    for kind, uid in wanted:
        attribute = reference_attribute(schema, kind, cls, others[uid])
        if not attribute:
            pairs.append((kind, uid))
        elif given.get(attribute) not in (None, uid):
            label = schema.attribute(cls, attribute).label
            raise InvalidValue(Message("{attribute} is given twice.", attribute=label))
        else:
            given[attribute] = uid
    made = create(schema, cls, given, author, reason)
    own = next(iter(made.edits)).record.key[0]
    symmetric = {kind for kind, _ in pairs if schema.relationship(kind).symmetric}
    ends = ((kind, *(sorted((own, uid)) if kind in symmetric else (own, uid))) for kind, uid in pairs)
    linked = (Edit(Record("relationship", end), "", None, {}) for end in ends)
    return Revision([*made.edits, *linked], author, reason=reason)


def set_values(
    reader: Records, uids: Iterable[str], values: Mapping[str, Value | None], author: str, reason: Message | str = ""
) -> Revision:
    """Sets attributes of one or many CIs; None clears. CIs that have the value already are left out of the revision."""
    edits = []
    for one in each(reader, uids):
        known = reader.schema.cls(one.cls).attributes
        for name, value in values.items():
            if name not in known:
                raise InvalidValue(
                    Message(
                        "{name} is of class {cls}, which has no attribute “{attribute}”.",
                        name=one.name,
                        cls=reader.schema.cls(one.cls).label,
                        attribute=name,
                    )
                )
            if one.values.get(name) != value:
                edits.append(Edit(ci(one.uid), name, one.values.get(name), value))
    return Revision(edits, author, reason=reason)


def change_class(reader: Records, uids: Iterable[str], cls: str, author: str) -> Revision:
    """Changes the class of CIs. Values that the new class lacks are kept as claims and come back with the class."""
    target = reader.schema.cls(cls)
    edits = [Edit(ci(one.uid), "class", one.cls, cls) for one in each(reader, uids) if one.cls != cls]
    return Revision(edits, author, reason=Message("Class changed to {cls}", cls=target.label))


def delete(reader: Records, uids: Iterable[str], author: str, reason: Message | str = "") -> Revision:
    """Deletes CIs with their links, and clears references to them."""
    edits = [Edit(ci(one.uid), "", {"class": one.cls}, None) for one in each(reader, uids)]
    return Revision(edits, author, reason=reason)


def link(
    reader: Reader, source: str, kind: str, target: str, author: str, *, group: str = "", needs: str = ""
) -> Revision:
    """Links two CIs by a relationship type's name. A reference attribute that stores the type is set instead.

    Where that attribute names another record already, the link is stored as a relationship record.
    ``group`` is the label of a dependency group of the dependent CI, made with ``needs`` if it isn't there. It is added
    to those that a present link is in; without ``group`` a present link comes to stand alone besides.
    """
    schema = reader.schema
    found = schema.relationship(kind)
    ends = reader.by_uid([source, target])
    for uid in (source, target):
        if uid not in ends:
            raise NotFound(_GONE)
    reason = Message("Linked: {relationship}", relationship=found.label)
    attribute = reference_attribute(schema, kind, ends[source].cls, ends[target].cls)
    if attribute and not group:
        value = ends[source].values.get(attribute)
        if value == target:
            return Revision([], author, reason=reason)
        if value is None:
            return Revision([Edit(ci(source), attribute, None, target)], author, reason=reason)
    if found.symmetric and source > target:
        source, target = target, source
    record = Record("relationship", (kind, source, target))
    present = reader.records_of("relationship", [record]).get(record.key)
    edits: list[Edit] = []
    if group:
        owner = source if found.impact == "backward" else target
        edits, group_id = _group(reader, owner, group, needs)
        if present is None:
            edits.append(Edit(record, "", None, {"alone": False}))
        edits += _joined(reader, membership(group_id, record.key))
    elif present is None:
        edits.append(Edit(record, "", None, {}))
    elif present.get("alone") is False:
        edits.append(Edit(record, "alone", False, None))
    if present is not None:
        edits += _by_hand(record, present)
    return Revision(edits, author, reason=reason)


def _joined(reader: Reader, member: Record) -> Iterator[Edit]:
    """The edits by which a person puts a relationship into a group."""
    present = reader.records_of("membership", [member]).get(member.key)
    if present is None:
        yield Edit(member, "", None, {})
    else:
        yield from _by_hand(member, present)


def _by_hand(record: Record, present: Mapping[str, Any]) -> Iterator[Edit]:
    """The edit that adds a person to the sources which state a record; none where it was made by hand."""
    before = present.get("stated_by")
    after = also_stated_by(before, [PERSON])
    if after is not None:
        yield Edit(record, "stated_by", before, after)


def membership(group: str, relationship: tuple[str, ...]) -> Record:
    """The record that a relationship (type, source, target) is in a dependency group."""
    return Record("membership", (group, *relationship))


def unlink(reader: Reader, source: str, kind: str, target: str, author: str, *, group: str = "") -> Revision:
    """Removes a link, whether a relationship record or a reference attribute stores it. Raises NotFound.

    With ``group``, the label of a dependency group, it is only taken out of that group.
    """
    found = reader.schema.relationship(kind)
    reason = Message("Unlinked: {relationship}", relationship=found.label)
    for one in reader.relationships(source):
        if one.type == kind and one.uid == target and (not one.inverse or found.symmetric):
            key = (kind, *((target, source) if one.inverse else (source, target)))
            if group:
                its = [of.group for of in one.groups if of.label.casefold() == one_line(group).casefold()]
                if its:
                    reason = Message("Taken out of the redundancy group “{group}”", group=one_line(group))
                    return Revision([Edit(membership(uid, key), "", {}, None) for uid in its], author, reason=reason)
            elif one.attribute:
                return Revision([Edit(ci(source), one.attribute, target, None)], author, reason=reason)
            else:
                return Revision([Edit(Record("relationship", key), "", {}, None)], author, reason=reason)
    if group:
        raise NotFound(
            Message(
                "No relationship “{relationship}” between these two is in the redundancy group {group}.",
                relationship=found.label,
                group=group,
            )
        )
    raise NotFound(Message("There is no relationship “{relationship}” between these two.", relationship=found.label))


def regroup(
    reader: Reader, owner: str, label: str, needs: str, members: Sequence[tuple[str, str, str]], author: str
) -> Revision:
    """Puts relationships (type, source, target) of one dependent CI into a group that needs ``needs`` of them.

    They stand alone no more.

    A reference attribute cannot be a member; raises NotFound where a member is no relationship record.
    """
    edits, group_id = _group(reader, owner, label, needs)
    stored = {
        (r.type, *((r.uid, owner) if r.inverse else (owner, r.uid))): r
        for r in reader.relationships(owner)
        if not r.attribute
    }
    present = reader.records_of("relationship", [Record("relationship", key) for key in members])
    for key in members:
        if key not in stored:
            raise NotFound(Message("Only relationships can be members of a redundancy group."))
        edits += _joined(reader, membership(group_id, key))
        record = Record("relationship", key)
        if stored[key].alone:
            edits.append(Edit(record, "alone", None, False))
        edits += _by_hand(record, present.get(key, {}))
    reason = Message("Redundancy group “{group}” needs {needs}", group=label, needs=needs)
    return Revision(edits, author, reason=reason)


def each(reader: Records, uids: Iterable[str]) -> Iterator[CI]:
    """The CIs, read some hundred at a time, so that many need little memory. Raises NotFound."""
    wanted = list(dict.fromkeys(uids))
    for low in range(0, len(wanted), _BATCH):
        batch = wanted[low : low + _BATCH]
        found = reader.by_uid(batch)
        for uid in batch:
            if uid not in found:
                raise NotFound(_GONE)
            yield found[uid]


def reference_attribute(schema: Schema, kind: str, source_cls: str, target_cls: str) -> str:
    """The reference attribute of a class that stores a relationship type to such a target, or ""."""
    for attribute in schema.cls(source_cls).attributes.values():
        if attribute.relationship == kind and any(schema.is_a(target_cls, one) for one in attribute.targets):
            return attribute.name
    return ""


def _group(reader: Reader, owner: str, label: str, needs: str) -> tuple[list[Edit], str]:
    label = one_line(label)
    for uid, fields in reader.groups_of([owner]).items():
        if str(fields.get("label", "")).casefold() == label.casefold():
            edits = list(_by_hand(Record("group", (uid,)), fields))
            if needs and fields["needs"] != needs:
                edits.append(Edit(Record("group", (uid,)), "needs", fields["needs"], needs))
            return edits, uid
    uid = new_id()
    return [Edit(Record("group", (uid,)), "", None, {"owner": owner, "label": label, "needs": needs or "1"})], uid
