"""Links between two records, and redundancy groups, which need only some of their links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.graph.quorum import resolve
from cmdb.model.schema import Schema
from cmdb.register import edits

if TYPE_CHECKING:
    from app.impact.dependencies import ProposedGroup
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """A type that two classes allow. ``inverse``: the first CI is the object; ``label`` reads from the first one."""

    type: str
    inverse: bool
    label: str
    impact: bool


def allowed(schema: Schema, first: str, second: str) -> list[LinkChoice]:
    """The possible links from a CI of class ``first`` to one of class ``second``, those with impact first, then by
    label.
    """

    def fits(cls: str, families: tuple[str, ...]) -> bool:
        return any(schema.is_a(cls, family) for family in families)

    found: dict[tuple[str, str], LinkChoice] = {}
    for kind in (one for one in schema.relationships.values() if not one.hidden):
        impact = kind.impact != "none"
        if fits(first, kind.subjects) and fits(second, kind.objects):
            found[kind.name, kind.label] = LinkChoice(kind.name, False, kind.label, impact)
        if fits(second, kind.subjects) and fits(first, kind.objects) and not kind.symmetric:
            found[kind.name, kind.inverse] = LinkChoice(kind.name, True, kind.inverse, impact)
    return sorted(found.values(), key=lambda link: (not link.impact, link.label))


def needs_can_be_read(needs: str) -> bool:
    """Whether the text for the number needed is a count, a percentage ("2", "50%"), or empty."""
    return resolve(needs, 1) is not None


def link(
    reader: Reader,
    first: str,
    kind: str,
    second: str,
    author: str,
    *,
    inverse: bool = False,
    group: str = "",
    needs: str = "",
) -> Revision:
    """Links two records by a relationship type. ``inverse``: the first is the type's object.

    ``group`` is the label of a dependency group of the dependent record, created with ``needs`` if it doesn't exist. It
    is added to those that a present link is in; without ``group`` a present link comes to stand alone besides.
    Raises NotFound, SchemaError.
    """
    source, target = (second, first) if inverse else (first, second)
    return edits.link(reader, source, kind, target, author, group=group, needs=needs)


def stands_alone(reader: Reader, source: str, kind: str, target: str) -> bool:
    """Whether a relationship record is there that stands alone, whatever groups it is in."""
    symmetric = reader.schema.relationship(kind).symmetric
    return any(
        (one.type, one.uid, one.attribute) == (kind, target, "") and one.alone and (symmetric or not one.inverse)
        for one in reader.relationships(source)
    )


def unlink(
    reader: Reader, first: str, kind: str, second: str, author: str, *, inverse: bool = False, group: str = ""
) -> Revision:
    """Removes a link, be it stored as a relationship or as a reference. Raises NotFound.

    With ``group``, the label of a dependency group, it is only taken out of that group.
    """
    source, target = (second, first) if inverse else (first, second)
    return edits.unlink(reader, source, kind, target, author, group=group)


def record_group(reader: Reader, proposed: ProposedGroup, author: str) -> Revision:
    """Records a proposed dependency group. Raises NotFound if one of its links was deleted."""
    return edits.regroup(reader, proposed.owner, proposed.label, proposed.needs, proposed.links, author)
