"""Finds names that may be misspelt: names that were not found, new names, and manufacturers in another spelling."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.schema import Schema
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.identifiers import ManufacturerNames
from cmdb.reconciliation.listed_people import UnresolvedReference
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.part_names import like_logins, part_of, with_titles
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.references import ReferenceIndex, ReferenceKey
from cmdb.reconciliation.similar_names import same_words, similar

_NAMED = ("person", "company", "department", "hardware_model")
"""The classes whose records are known by their names, so that one of the same words is another one."""


def meant(
    schema: Schema, lookup: Lookup, clusters: Collection[Cluster], missing: Mapping[str, Collection[str]]
) -> dict[tuple[str, str], str]:
    """(class, name that was not found) → a similar name."""
    found: dict[tuple[str, str], str] = {}
    for cls, names in sorted(missing.items()):
        if "|" in cls or cls == "ci":
            continue
        family = schema.family(cls)
        known = {*lookup.names(family), *(c.name for c in clusters if c.cls in family)}
        known -= set(names)
        found.update({(cls, name): other for name, other in similar(names, known).items() if other in known})
    return found


def similar_known(
    schema: Schema, lookup: Lookup, new: Mapping[str, Collection[str]]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """(class, new name) → ids of the records whose names are similar. ``new``: names by class."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for cls, names in sorted(new.items()):
        family = schema.family(cls)
        near = similar(list(names), lookup.names(family))
        known = lookup.by_name(list(family), sorted(set(map(name_key, near.values()))))
        found.update({(cls, name): tuple(known.get(name_key(other), ())) for name, other in near.items()})
    return found


def point_out(
    schema: Schema, clusters: Collection[Cluster], found: Mapping[ReferenceKey, str | UnresolvedReference],
    wanted: ReferenceIndex, makers: ManufacturerNames, lookup: Lookup, collector: ProblemCollector,
    label: Callable[[str, str], str],
) -> None:  # fmt: skip
    """Warns of new references whose names are similar to others, and of manufacturers whose spelling was corrected."""
    created: dict[str, dict[str, Cluster]] = {}
    for cluster in clusters:
        if cluster.state == "new" and cluster.implied and not cluster.reasons:
            created.setdefault(cluster.cls, {})[cluster.name] = cluster
    doubts: dict[str, tuple[str, str]] = {}
    for cls, new in sorted(created.items()):
        known = [n for n in lookup.names((cls,)) if n not in new]
        known += [c.name for c in clusters if c.cls == cls and not c.implied and c.name not in new]
        for name, other in similar(list(new), known).items():
            doubts[new[name].uid] = (name, other)
        if cls == "person":
            unlike = [name for name in new if new[name].uid not in doubts]
            for name, other in {**like_logins(unlike, [*known, *new]), **with_titles(unlike, known)}.items():
                doubts[new[name].uid] = (name, other)
    _point_out_rows(schema, clusters, lookup, collector, label)
    mended: dict[ReferenceKey, tuple[str, str]] = {}
    for reference_key, answer in found.items():
        if isinstance(answer, str) and wanted.class_of(reference_key) == "manufacturer":
            canonical = makers.canonical(reference_key[2])
            if (
                name_key(canonical) != name_key(reference_key[2])
                and canonical in similar([reference_key[2]], [canonical]).values()
            ):
                mended[reference_key] = (reference_key[2], canonical)
    if doubts or mended:
        _say_once(clusters, wanted.said, found, doubts, mended, collector, label)


def _point_out_rows(
    schema: Schema, clusters: Collection[Cluster], lookup: Lookup, collector: ProblemCollector,
    label: Callable[[str, str], str],
) -> None:  # fmt: skip
    """Warns of new people, companies, departments and models with a row of their own, and the words of a known name."""
    roots = [root for root in _NAMED if root in schema.classes]
    kinds = {cls: root for root in roots for cls in schema.family(root)}
    rows: dict[str, dict[str, Cluster]] = {}
    for cluster in clusters:
        if cluster.state == "new" and not cluster.implied and not cluster.reasons and cluster.cls in kinds:
            rows.setdefault(kinds[cluster.cls], {}).setdefault(cluster.name, cluster)
    for root, new in sorted(rows.items()):
        known = [name for name in lookup.names(schema.family(root)) if name not in new]
        found = same_words(sorted(new), known)
        if root == "person":
            parts = part_of([name for name in new if name not in found], [*known, *new])
            found.update((name, others[0]) for name, others in parts.items() if len(others) == 1)
            found.update(with_titles([name for name in new if name not in found], known))
        for name, other in found.items():
            cluster = new[name]
            message = Message("“{name}” is new. Did you mean “{other}”?", name=name, other=other)
            origin, column = cluster.members[0].obs.origin, label(cluster.cls, "name")
            collector.warning(origin, column, name, message, "similar", suggested=(other,), code="similar.new")


def _say_once(
    clusters: Collection[Cluster], references: Iterable[tuple[str, ReferenceKey]],
    found: Mapping[ReferenceKey, str | UnresolvedReference], doubts: Mapping[str, tuple[str, str]],
    mended: Mapping[ReferenceKey, tuple[str, str]], collector: ProblemCollector, label: Callable[[str, str], str],
) -> None:  # fmt: skip
    """Warns once per name, at the first row that has it. ``label``: (class, attribute) → the attribute's label.

    ``references``: all that observations refer to, of which many have the same in common.
    """
    first: dict[tuple[str, str], tuple[Any, ...]] = {}
    said = {key: mended.get(key) or doubts.get(answer) for key, answer in found.items() if isinstance(answer, str)}
    wanted = {id(reference) for reference in references if said.get(reference[1])}
    for cluster in clusters:
        for one in cluster.members:
            if wanted.isdisjoint(map(id, one.refs)):
                continue
            for attribute, reference_key in one.refs:
                pair = said.get(reference_key)
                if pair:
                    origin = one.obs.origin
                    where = (origin.file, origin.sheet, origin.row, attribute)
                    place = (*where, label(cluster.cls, attribute), origin, reference_key[2], reference_key in mended)
                    if pair not in first or place[:4] < first[pair][:4]:
                        first[pair] = place
    for (name, other), (_, _, _, _, column, origin, written, read) in first.items():
        if read:
            message, code = Message("“{written}” was read as {name}.", written=written, name=other), "similar.read-as"
        else:
            message, code = Message("“{name}” is new. Did you mean “{other}”?", name=name, other=other), "similar.new"
        collector.warning(origin, column, written, message, "similar", suggested=(other,), code=code)
