"""From stored links to the graph's arrays, column-wise: the estate may have millions of links."""

from __future__ import annotations

import numpy as np

from cmdb.graph.arrays import PART, RESERVE, SOURCE, TARGET, Arrays, Tables
from cmdb.graph.edges import Bytes, Edges, Ints, Longs, Mask, Shorts, unpack
from cmdb.graph.memberships import Memberships, OrderedLinks
from cmdb.graph.quorum import resolve
from cmdb.graph.results import DataError
from cmdb.graph.standbys import with_standbys
from cmdb.model.messages import Message
from cmdb.model.schema import Schema

MOST = 2**31 - 1


def build(edges: Edges, schema: Schema, tables: Tables | None = None) -> Arrays:
    """Builds the arrays of ``edges``, and empties ``edges``. Contradictions are added to ``errors``."""
    tables = tables or Tables.of(schema, edges.type_names, edges.class_names)
    errors: list[DataError] = []
    links = _links(edges)
    nodes = len(edges.ids)
    owners = _owners(edges)
    out_start = _starts(links.source, nodes)
    links_in, in_start = _rows(links.target, nodes)
    kept = _at_their_owner(links, owners, edges, errors)
    flags = _flags(links, kept, owners, edges.classes, tables)
    members = _stored(links, kept, owners, edges, nodes, tables)
    needs = _needs(members, edges, errors)
    members, needs = with_standbys(members, needs, flags, links, nodes, tables)
    size = np.bincount(members.group, minlength=len(members.owner))
    _note_impossible(needs, size, edges, errors)
    by_group, member_start = _rows(members.group, len(members.owner))
    own_group, own_start, of_group, of_start = _sides(members, by_group, links, flags, nodes)
    return Arrays(
        tables=tables,
        ids=edges.ids,
        classes=edges.classes,
        class_names=edges.class_names,
        type_names=edges.type_names,
        source=links.source,
        target=links.target,
        type=links.type,
        flags=flags,
        out_start=out_start,
        in_start=in_start,
        in_link=links_in,
        raw_link=links.raw,
        raw_record=links.record,
        records=edges.records,
        owner=members.owner.astype(np.int32),
        needs=needs.astype(np.int32),
        hard=members.hard,
        member_start=member_start,
        member_node=members.node[by_group].astype(np.int32),
        member_link=members.link[by_group].astype(np.int32),
        own_start=own_start,
        own_group=own_group,
        of_start=of_start,
        of_group=of_group,
        errors=tuple(errors),
    )


def _links(edges: Edges) -> OrderedLinks:
    """All links in order. Among equal links those with a group come first."""
    grouped = np.concatenate([np.empty(0, dtype=np.int64), *edges.grouped])
    within = np.concatenate([np.empty(0, dtype=np.int32), *edges.grouped_in])
    order = np.lexsort((within, grouped))
    grouped, within = grouped[order], within[order]
    packed = np.concatenate([grouped, *edges.links])
    edges.links.clear()
    edges.grouped.clear()
    edges.grouped_in.clear()
    packed.sort()
    first = np.searchsorted(packed, grouped)
    again = np.arange(len(grouped)) - np.searchsorted(grouped, grouped)
    return OrderedLinks(*unpack(packed), (first + again).astype(np.int32), within)


def _owners(edges: Edges) -> Ints:
    """The nodes that own the stored groups; -1 if the CI does not exist."""
    ids, wanted = edges.ids, edges.records.owners
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int32)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1).astype(np.int32)


def _at_their_owner(links: OrderedLinks, owners: Ints, edges: Edges, errors: list[DataError]) -> Mask:
    """The links that name a group and touch its owner. The others count as links without a group."""
    owner = owners[links.record]
    kept: Mask = (owner == links.source[links.raw]) | (owner == links.target[links.raw])
    for number in np.unique(links.record[~kept]):
        record = edges.records[number]
        text = Message(
            "Group {group} has links that do not touch the record it belongs to.", group=record.label or str(record.key)
        )
        errors.append(DataError(record.owner, record.label, text, record.key))
    return kept


def _flags(links: OrderedLinks, kept: Mask, owners: Ints, classes: Shorts, tables: Tables) -> Bytes:
    """The effect of each link on one or both of its ends: none on an end if the link is in a group of that end."""
    kinds = (
        tables.subject_depends * SOURCE
        + tables.object_depends * TARGET
        + (tables.subject_depends & ~tables.object_depends & tables.part) * PART
    ).astype(np.uint8)
    flags: Bytes = kinds[links.type]
    flags[links.source == links.target] = 0
    for kind, papers in tables.papers:
        some = np.flatnonzero(links.type == kind)
        flags[some[papers[classes[links.target[some]]]]] = 0
    grouped = links.raw[kept]
    _place(flags, links, grouped, classes, tables)
    owner = owners[links.record[kept]]
    mine = owner == links.source[grouped]
    flags[grouped[mine]] &= np.uint8(TARGET | PART)
    flags[grouped[owner == links.target[grouped]]] &= np.uint8(SOURCE)
    _count_once(flags, links)
    return flags


def _count_once(flags: Bytes, links: OrderedLinks) -> None:
    """Of equal links, one for each group and one that stands alone, only the first has an effect on an end."""
    alike = (links.target[1:] == links.target[:-1]) & (links.type[1:] == links.type[:-1])
    again = np.flatnonzero(alike & (links.source[1:] == links.source[:-1])) + 1
    last, seen = -1, 0
    for link in again.tolist():
        if link - 1 != last:
            seen = int(flags[link - 1])
        last = link
        flags[link] &= np.uint8(0xFF & ~seen)
        seen |= int(flags[link])


def _place(flags: Bytes, links: OrderedLinks, grouped: Ints, classes: Shorts, tables: Tables) -> None:
    """A machine on a cluster: its links without a group to a host only say where it happens to run."""
    if tables.virtualised < 0 or not tables.cluster.any():
        return
    some = np.flatnonzero(tables.placing[links.type])
    to_cluster = tables.cluster[classes[links.target[some]]]
    clustered = np.zeros(len(classes), dtype=bool)
    clustered[links.source[some[to_cluster & (links.type[some] == tables.virtualised)]]] = True
    placing = some[~to_cluster & clustered[links.source[some]]]
    inert = np.zeros(len(flags), dtype=bool)
    inert[placing] = True
    inert[grouped] = False
    flags[inert] = 0


def _stored(links: OrderedLinks, kept: Mask, owners: Ints, edges: Edges, nodes: int, tables: Tables) -> Memberships:
    """The stored groups and their members, each once."""
    link, record = links.raw[kept].astype(np.int64), links.record[kept].astype(np.int64)
    hard_link = tables.hard[links.type[link]]
    count = np.bincount(record, minlength=len(owners))
    hard = (np.bincount(record, weights=hard_link, minlength=len(owners)) > 0) | (count == 0)
    for code, (_, _, strength) in enumerate(edges.records.texts):
        if strength:
            hard[edges.records.which == code] = strength != "soft"
    source = links.source[link].astype(np.int64)
    provider = np.where(owners[record] == source, links.target[link], source)
    _, first = np.unique(record * max(1, nodes) + provider, return_index=True)
    first.sort()
    return Memberships(record[first], provider[first], link[first], owners.astype(np.int64), hard)


def _needs(members: Memberships, edges: Edges, errors: list[DataError]) -> Longs:
    """The number that each group needs. A percentage is of the members without standbys, which are spare."""
    size = np.bincount(members.group, minlength=len(members.owner))
    needs = np.ones(len(members.owner), dtype=np.int64)
    records = edges.records
    for code, (_, text, _) in enumerate(records.texts):
        alike = np.flatnonzero(records.which == code)
        for members_each in np.unique(size[alike]).tolist():
            some = alike[size[alike] == members_each]
            count = resolve(text, members_each)
            needs[some] = members_each if count is None else min(count, MOST)
            for number in some.tolist() if count is None else ():
                record = records[number]
                said = Message(
                    "Group {group}: “{needs}” is no count or share; all are needed.",
                    group=record.label or str(record.key),
                    needs=text,
                )
                errors.append(DataError(record.owner, record.label, said, record.key))
    return needs


def _note_impossible(needs: Longs, size: Longs, edges: Edges, errors: list[DataError]) -> None:
    for number in np.flatnonzero(needs > size).tolist():
        record = edges.records[number]
        text = Message(
            "Group {group} needs {needs} but has {members}.",
            group=record.label or str(record.key),
            needs=int(needs[number]),
            members=int(size[number]),
        )
        errors.append(DataError(record.owner, record.label, text, record.key))


def _sides(
    members: Memberships, by_group: Ints, links: OrderedLinks, flags: Bytes, nodes: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Node → the groups it owns, and node → the groups it is a member of; in both by the groups' numbers."""
    first = len(members.owner) + RESERVE
    by_source = np.flatnonzero(flags & SOURCE).astype(np.int32)
    by_target = np.flatnonzero(flags & (TARGET | PART)).astype(np.int32)
    owned = np.flatnonzero(members.owner >= 0)
    number = np.concatenate([owned.astype(np.int32), first + 2 * by_source, first + 2 * by_target + 1])
    node = np.concatenate([members.owner[owned].astype(np.int32), links.source[by_source], links.target[by_target]])
    own_group, own_start = _grouped(node, number, nodes)
    node = np.concatenate([members.node[by_group].astype(np.int32), links.target[by_source], links.source[by_target]])
    number = np.concatenate([members.group[by_group].astype(np.int32), number[len(owned) :]])
    of_group, of_start = _grouped(node, number, nodes)
    return own_group, own_start, of_group, of_start


def _grouped(keys: Ints, values: Ints, count: int) -> tuple[Ints, Ints]:
    """The values in rows by key, ascending in each, and where the rows start."""
    starts = _starts(keys, count)
    packed = (keys.astype(np.int64) << 32) | values
    packed.sort()
    return (packed & 0xFFFFFFFF).astype(np.int32), starts


def _rows(keys: Longs | Ints, count: int) -> tuple[Ints, Ints]:
    """The positions of ``keys`` (0 … count - 1) in rows by key, in order, and where the rows start."""
    return _grouped(keys.astype(np.int32, copy=False), np.arange(len(keys), dtype=np.int32), count)


def _starts(keys: Longs | Ints, count: int) -> Ints:
    starts = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(keys, minlength=count), out=starts[1:])
    return starts
