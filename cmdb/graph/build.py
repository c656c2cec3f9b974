"""From stored links to the graph's arrays, column-wise: the estate may have millions of links."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from cmdb.graph.arrays import PART, RESERVE, SOURCE, TARGET, Arrays, Tables
from cmdb.graph.edges import Bytes, Edges, Ints, Longs, Mask, Shorts, unpack
from cmdb.graph.needs import resolve
from cmdb.graph.results import DataError
from cmdb.model.schema import Schema

MOST = 2**31 - 1


class _Links(NamedTuple):
    """The links in order; of those that name a stored group, ``raw`` has the number and ``record`` which group."""

    source: Ints
    type: Shorts
    target: Ints
    raw: Ints
    record: Ints


class _Members(NamedTuple):
    """Memberships of the groups with arrays of their own. ``owner`` and ``hard`` are per group."""

    group: Longs
    node: Longs
    link: Longs
    owner: Longs
    hard: Mask


def build(edges: Edges, schema: Schema, tables: Tables | None = None) -> Arrays:
    """The arrays of ``edges``, which it takes apart. Contradictions end up in ``errors``."""
    tables = tables or Tables.of(schema, edges.type_names, edges.class_names)
    errors: list[DataError] = []
    links = _links(edges)
    nodes = len(edges.ids)
    owners = _owners(edges)
    out_start = _starts(links.source, nodes)
    links_in, in_start = _rows(links.target, nodes)
    kept = _at_their_owner(links, owners, edges, errors)
    flags = _flags(links, kept, owners, edges.classes, out_start, tables)
    members = _stored(links, kept, owners, edges, nodes, tables)
    needs = _needs(members, edges, errors)
    if tables.standby >= 0:
        members, needs, flags = _with_standbys(members, needs, flags, links, nodes, tables)
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


def _links(edges: Edges) -> _Links:
    """All links in order; among equal ones those of a group come first."""
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
    return _Links(*unpack(packed), (first + again).astype(np.int32), within)


def _owners(edges: Edges) -> Ints:
    """The nodes that own the stored groups, -1 where the CI is not there."""
    ids, wanted = edges.ids, edges.records.owners
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int32)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1).astype(np.int32)


def _at_their_owner(links: _Links, owners: Ints, edges: Edges, errors: list[DataError]) -> Mask:
    """Of the links that name a group, those that touch its owner; the others count as links without a group."""
    owner = owners[links.record]
    kept: Mask = (owner == links.source[links.raw]) | (owner == links.target[links.raw])
    for number in np.unique(links.record[~kept]):
        record = edges.records[number]
        text = f"Group {record.label or record.key} has links that do not touch the record it belongs to."
        errors.append(DataError(record.owner, record.label, text, record.key))
    return kept


def _flags(links: _Links, kept: Mask, owners: Ints, classes: Shorts, out_start: Ints, tables: Tables) -> Bytes:
    """What each link does by itself, for one or both of its ends: nothing for the end whose group it stands in."""
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
    return flags


def _place(flags: Bytes, links: _Links, grouped: Ints, classes: Shorts, tables: Tables) -> None:
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


def _stored(links: _Links, kept: Mask, owners: Ints, edges: Edges, nodes: int, tables: Tables) -> _Members:
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
    return _Members(record[first], provider[first], link[first], owners.astype(np.int64), hard)


def _needs(members: _Members, edges: Edges, errors: list[DataError]) -> Longs:
    """How many each group needs. A share is of the members themselves: standbys are spare, they do not raise it."""
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
                said = f"Group {record.label or record.key}: {text!r} is no count or share; all are needed."
                errors.append(DataError(record.owner, record.label, said, record.key))
    return needs


def _with_standbys(
    members: _Members, needs: Longs, flags: Bytes, links: _Links, nodes: int, tables: Tables
) -> tuple[_Members, Longs, Bytes]:
    """Adds each standby to every group of the CI it stands by for, and theirs in turn; never to its own groups.

    A single link that gains a standby becomes a group with arrays of its own.
    """
    found = np.flatnonzero(links.type == tables.standby)
    if not len(found):
        return members, needs, flags
    stands: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for link in found.tolist():
        stands[int(links.target[link])].append((int(links.source[link]), link))
    covered = np.zeros(nodes, dtype=bool)
    covered[list(stands)] = True
    for_source = np.flatnonzero((flags & SOURCE).astype(bool) & covered[links.target])
    for_target = np.flatnonzero((flags & (TARGET | PART)).astype(bool) & covered[links.source])
    added: list[tuple[int, int, int]] = []
    owners: list[int] = []
    hard: list[bool] = []
    number = len(members.owner)
    singles = sorted([(k, 0) for k in for_source.tolist()] + [(k, 1) for k in for_target.tolist()])
    for link, side in singles:
        source, target = int(links.source[link]), int(links.target[link])
        owner, node = (target, source) if side else (source, target)
        joined = list(_standing_by(stands, {node}, owner))
        if joined:
            flags[link] &= np.uint8(SOURCE) if side else np.uint8(TARGET | PART)
            hard.append(bool(tables.hard[links.type[link]]) and not (side and _only_part(links, link, tables)))
            owners.append(owner)
            added += [(number, node, link), *((number, one, by) for one, by in joined)]
            number += 1
    for group, present in _with_covered(members, covered).items():
        added += [(group, one, by) for one, by in _standing_by(stands, present, int(members.owner[group]))]
    if not added:
        return members, needs, flags
    groups, nodes, by = np.array(added, dtype=np.int64).T
    grown = _Members(
        np.concatenate([members.group, groups]),
        np.concatenate([members.node, nodes]),
        np.concatenate([members.link, by]),
        np.concatenate([members.owner, np.array(owners, dtype=np.int64)]),
        np.concatenate([members.hard, np.array(hard, dtype=bool)]),
    )
    return grown, np.concatenate([needs, np.ones(len(owners), dtype=np.int64)]), flags


def _with_covered(members: _Members, covered: Mask) -> dict[int, set[int]]:
    """Stored groups that have a member for which somebody stands by → all their members."""
    wanted = np.unique(members.group[covered[members.node]])
    some = np.isin(members.group, wanted)
    found: dict[int, set[int]] = {}
    for group, node in zip(members.group[some].tolist(), members.node[some].tolist(), strict=True):
        found.setdefault(group, set()).add(node)
    return found


def _only_part(links: _Links, link: int, tables: Tables) -> bool:
    return not tables.object_depends[links.type[link]]


def _standing_by(
    stands: defaultdict[int, list[tuple[int, int]]], present: set[int], owner: int
) -> list[tuple[int, int]]:
    """Who joins a group of these members, and by which link."""
    joined = []
    queue = sorted(present)
    for node in queue:
        for stand_in, link in stands.get(node, ()):
            if stand_in not in present and stand_in != owner:
                present.add(stand_in)
                joined.append((stand_in, link))
                queue.append(stand_in)
    return joined


def _note_impossible(needs: Longs, size: Longs, edges: Edges, errors: list[DataError]) -> None:
    for number in np.flatnonzero(needs > size).tolist():
        record = edges.records[number]
        text = f"Group {record.label or record.key} needs {needs[number]} but has {size[number]}."
        errors.append(DataError(record.owner, record.label, text, record.key))


def _sides(members: _Members, by_group: Ints, links: _Links, flags: Bytes, nodes: int) -> tuple[Ints, Ints, Ints, Ints]:
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
