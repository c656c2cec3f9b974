"""Links in their order and memberships in groups, as columns, while a graph is built."""

from __future__ import annotations

from typing import NamedTuple

from cmdb.graph.edges import Ints, Longs, Mask, Shorts


class OrderedLinks(NamedTuple):
    """The links in order. For links that name a stored group, ``raw`` has their numbers and ``record`` their groups."""

    source: Ints
    type: Shorts
    target: Ints
    raw: Ints
    record: Ints


class Memberships(NamedTuple):
    """Memberships of the groups with arrays of their own. ``owner`` and ``hard`` are per group."""

    group: Longs
    node: Longs
    link: Longs
    owner: Longs
    hard: Mask
