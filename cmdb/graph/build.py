"""From stored links to the graph's arrays, column-wise: the estate may have millions of links."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cmdb.graph import rules
from cmdb.graph.edges import Edges
from cmdb.graph.graph import DataError, Graph
from cmdb.graph.needs import resolve
from cmdb.schema import Schema

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class _Links(NamedTuple):
    """The links whose ends exist: type code, ends as nodes, stored group or -1."""

    type: Ints
    source: Ints
    target: Ints
    group: Ints


class _Members(NamedTuple):
    """Memberships: the group, its member, the link that says so. ``owner`` and ``hard`` are per group."""

    group: Ints
    node: Ints
    link: Ints
    owner: Ints
    hard: Mask


def build(edges: Edges, schema: Schema) -> Graph:
    """The graph of ``edges``. Links to CIs that are not there are left out; contradictions end up in ``errors``."""
    raw_ids = _column(edges.ids)
    order = np.argsort(raw_ids, kind="stable")
    ids = raw_ids[order]
    classes = _column(edges.classes)[order]
    errors: list[DataError] = []
    links = _links(edges, ids)
    owners, _ = _locate(ids, np.array([g.owner for g in edges.groups], dtype=np.int64))
    links = _keep_groups_at_their_owner(links, owners, edges, errors)
    members = _memberships(links, classes, owners, edges, schema)
    needs = _needs(members, edges, errors)
    if rules.STANDBY in edges.type_names:
        members = _with_standbys(members, links, edges.type_names.index(rules.STANDBY))
    size = np.bincount(members.group, minlength=len(members.owner))
    _note_impossible(needs, size, edges, errors)
    return _assemble(edges, schema, (ids, classes), links, members, needs, size, errors)


def _column(values: array[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _locate(ids: Ints, wanted: Ints) -> tuple[Ints, Mask]:
    """Positions of ``wanted`` in the ascending ``ids`` (-1 where missing), and which were found."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    found = ids[at] == wanted
    return np.where(found, at, -1), found


def _links(edges: Edges, ids: Ints) -> _Links:
    source, has_source = _locate(ids, _column(edges.link_source))
    target, has_target = _locate(ids, _column(edges.link_target))
    both = has_source & has_target
    return _Links(_column(edges.link_type)[both], source[both], target[both], _column(edges.link_group)[both])


def _keep_groups_at_their_owner(links: _Links, owners: Ints, edges: Edges, errors: list[DataError]) -> _Links:
    """Links that stand in a group of a CI at neither of their ends count as links without a group."""
    grouped = links.group >= 0
    owner = np.where(grouped, owners[links.group] if len(owners) else -1, -1)
    astray = grouped & (owner != links.source) & (owner != links.target)
    for number in np.unique(links.group[astray]):
        record = edges.groups[number]
        text = f"Group {record.label or record.key} has links that do not touch the record it belongs to."
        errors.append(DataError(record.owner, record.label, text, record.key))
    return links._replace(group=np.where(astray, -1, links.group))


def _memberships(links: _Links, classes: Ints, owners: Ints, edges: Edges, schema: Schema) -> _Members:
    kinds = [schema.relationships.get(name) for name in edges.type_names]
    ways = [rules.directions(kind) if kind else (False, False) for kind in kinds]
    hard_type = np.array([kind is None or kind.strength == "hard" for kind in kinds], dtype=bool)
    part_type = np.array([name in rules.PARTS for name in edges.type_names], dtype=bool)
    subject_depends = np.array([way[0] for way in ways], dtype=bool)
    object_depends = np.array([way[1] for way in ways], dtype=bool)
    grouped = links.group >= 0
    owner = np.where(grouped, owners[links.group] if len(owners) else -1, -1)
    live = ~_inert(links, classes, edges, schema) & (links.source != links.target)
    by_source = live & subject_depends[links.type] & (owner != links.source)
    by_target = live & object_depends[links.type] & (owner != links.target)
    by_part = live & (subject_depends & ~object_depends & part_type)[links.type] & (owner != links.target)
    hard_link = hard_type[links.type]

    stored = np.flatnonzero(grouped)
    hard_group = _hard_groups(links, stored, hard_link, edges)
    provider = np.where(owner == links.source, links.target, links.source)[stored]
    _, first = np.unique(links.group[stored] * len(classes) + provider, return_index=True)
    first.sort()
    stored, provider = stored[first], provider[first]

    singles = [np.flatnonzero(mask) for mask in (by_source, by_target, by_part)]
    single_owner = [links.source[singles[0]], links.target[singles[1]], links.target[singles[2]]]
    single_node = [links.target[singles[0]], links.source[singles[1]], links.source[singles[2]]]
    single_hard = [hard_link[singles[0]], hard_link[singles[1]], np.zeros(len(singles[2]), dtype=bool)]
    count = sum(map(len, singles))
    return _Members(
        group=np.concatenate([links.group[stored], len(owners) + np.arange(count)]),
        node=np.concatenate([provider, *single_node]),
        link=np.concatenate([stored, *singles]),
        owner=np.concatenate([owners, *single_owner]),
        hard=np.concatenate([hard_group, *single_hard]),
    )


def _hard_groups(links: _Links, stored: Ints, hard_link: Mask, edges: Edges) -> Mask:
    """A stored group is as it says; one that says nothing is soft only if all its links are."""
    count = np.bincount(links.group[stored], minlength=len(edges.groups))
    hard = np.bincount(links.group[stored], weights=hard_link[stored], minlength=len(edges.groups)) > 0
    hard |= count == 0
    for number, record in enumerate(edges.groups):
        if record.strength:
            hard[number] = record.strength != "soft"
    return hard


def _inert(links: _Links, classes: Ints, edges: Edges, schema: Schema) -> Mask:
    """Links without a group that carry no impact though their type does: placement, and papers."""
    inert = np.zeros(len(links.type), dtype=bool)

    def of_type(*names: str) -> Mask:
        return np.array([name in names for name in edges.type_names], dtype=bool)[links.type]

    def to_class(*names: str) -> Mask:
        family = rules.family(schema, *names)
        return np.array([name in family for name in edges.class_names], dtype=bool)[classes[links.target]]

    if not len(links.type):
        return inert
    for name, papers in rules.PAPERS.items():
        inert |= of_type(name) & to_class(*papers)
    to_cluster = to_class(rules.CLUSTER)
    clustered = np.zeros(len(classes), dtype=bool)
    clustered[links.source[of_type(rules.VIRTUALISED) & to_cluster]] = True
    inert |= of_type(*rules.PLACING) & ~to_cluster & clustered[links.source] & (links.group < 0)
    return inert


def _needs(members: _Members, edges: Edges, errors: list[DataError]) -> Ints:
    """How many each group needs. A share is of the members themselves: standbys are spare, they do not raise it."""
    needs = np.ones(len(members.owner), dtype=np.int64)
    size = np.bincount(members.group, minlength=len(members.owner))
    for number, record in enumerate(edges.groups):
        count = resolve(record.needs, int(size[number]))
        if count is None:
            text = f"Group {record.label or record.key}: {record.needs!r} is no count or share; all are needed."
            errors.append(DataError(record.owner, record.label, text, record.key))
            count = int(size[number])
        needs[number] = count
    return needs


def _with_standbys(members: _Members, links: _Links, standby: int) -> _Members:
    """Adds each standby to every group of the CI it stands by for, and theirs in turn; never to its own groups."""
    found = np.flatnonzero(links.type == standby)
    stands: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for link in found.tolist():
        stands[int(links.target[link])].append((int(links.source[link]), link))
    present = set(zip(members.group.tolist(), members.node.tolist(), strict=True)) if stands else set()
    wanted = np.isin(members.node, np.array(sorted(stands), dtype=np.int64))
    queue = list(zip(members.group[wanted].tolist(), members.node[wanted].tolist(), strict=True))
    added: list[tuple[int, int, int]] = []
    for group, node in queue:
        for stand_in, link in stands.get(node, ()):
            if (group, stand_in) not in present and members.owner[group] != stand_in:
                present.add((group, stand_in))
                added.append((group, stand_in, link))
                queue.append((group, stand_in))
    if not added:
        return members
    groups, nodes, by = np.array(added, dtype=np.int64).T
    return members._replace(
        group=np.concatenate([members.group, groups]),
        node=np.concatenate([members.node, nodes]),
        link=np.concatenate([members.link, by]),
    )


def _note_impossible(needs: Ints, size: Ints, edges: Edges, errors: list[DataError]) -> None:
    for number, record in enumerate(edges.groups):
        if needs[number] > size[number]:
            text = f"Group {record.label or record.key} needs {needs[number]} but has {size[number]}."
            errors.append(DataError(record.owner, record.label, text, record.key))


def _rows(keys: Ints, count: int) -> tuple[array[int], Ints]:
    """Row starts and the stable order that puts ``keys`` (0 … count - 1) in rows."""
    order = np.argsort(keys, kind="stable")
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=starts[1:])
    return _packed(starts), order


def _packed(values: NDArray[Any]) -> array[int]:
    return array("i", values.astype(np.int32).tobytes())


def _assemble(
    edges: Edges,
    schema: Schema,
    nodes: tuple[Ints, Ints],
    links: _Links,
    members: _Members,
    needs: Ints,
    size: Ints,
    errors: list[DataError],
) -> Graph:
    ids, classes = nodes
    groups = len(members.owner)
    member_start, by_group = _rows(members.group, groups)
    of_start, by_node = _rows(members.node, len(ids))
    owned = np.flatnonzero(members.owner >= 0)
    own_start, by_owner = _rows(members.owner[owned], len(ids))
    both_ends = np.concatenate([links.source, links.target[links.source != links.target]])
    touching = np.concatenate([np.arange(len(links.type)), np.flatnonzero(links.source != links.target)])
    touch_start, by_end = _rows(both_ends, len(ids))
    kind = np.full(groups, -1, dtype=np.int64)
    kind[members.group[by_group][::-1]] = links.type[members.link[by_group]][::-1]
    return Graph(
        schema=schema,
        ids=array("q", ids.tobytes()),
        classes=_packed(classes),
        class_names=tuple(edges.class_names),
        type_names=tuple(edges.type_names),
        link_type=_packed(links.type),
        link_source=_packed(links.source),
        link_target=_packed(links.target),
        touch_start=touch_start,
        touch_link=_packed(touching[by_end]),
        group_owner=_packed(members.owner),
        group_needs=_packed(needs),
        group_size=_packed(size),
        group_hard=bytearray(members.hard.astype(np.uint8).tobytes()),
        group_type=_packed(kind),
        records=tuple(edges.groups),
        member_start=member_start,
        member_node=_packed(members.node[by_group]),
        member_link=_packed(members.link[by_group]),
        of_start=of_start,
        of_group=_packed(members.group[by_node]),
        own_start=own_start,
        own_group=_packed(owned[by_owner]),
        errors=tuple(errors),
    )
