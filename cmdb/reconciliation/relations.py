"""Turns the links of observations and relationship sheets into edits of relationships and dependency groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.claims import STATED_BY, also_stated_by
from cmdb.model.messages import Message, tr
from cmdb.model.name_keys import name_key
from cmdb.model.observation import Origin
from cmdb.model.revision import Edit, Record, new_id
from cmdb.model.schema import RelationshipType, Schema
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.lookup import Lookup

Fields = Mapping[str, Any]
LinkKey = tuple[str, str, str]
_NO_GROUPS: Mapping[str, Fields] = {}
Complain = Callable[["StatedLink", str, str, Message, str, str], None]
"""(stated, column, value, message, kind, code)."""


@dataclass(slots=True)
class StatedLink:
    """One link stated by a source, with both ends found. ``rejected`` if it has a problem."""

    type: str
    source: str
    target: str
    group: str
    needs: str
    origin: Origin
    said: tuple[str, str] = ("", "")
    """Source key, and when it was observed."""
    row: Cluster | None = None
    """The group whose row states it; ``None`` for a row of a relationship sheet."""
    column: str = ""
    """The column that says it, where it is one of a class's sheet."""
    rejected: bool = False

    def key(self) -> tuple[str, str, str]:
        """The relationship's key."""
        return (self.type, self.source, self.target)


@dataclass(slots=True)
class _Wanted:
    """What the rows of one relationship say: its groups, whether a row of a relationship sheet names none, and which
    sources say it.
    """

    first: StatedLink
    groups: dict[str, dict[str, None]] = field(default_factory=dict)
    """Group → the sources that say so."""
    alone: bool = False
    sources: dict[str, None] = field(default_factory=dict)

    def edits(
        self, key: LinkKey, known: Fields | None, had: Mapping[str, Fields], gone: Collection[str] = ()
    ) -> Iterator[Edit]:
        """The edits of the relationship, of which ``known`` are the fields and ``had`` the groups. ``gone``: the
        sources that state it no more.

        It is added to groups and taken out of none. A row without a group says that it stands alone besides. Without
        such a row it does not, where these are its first groups.
        """
        record = Record("relationship", key)
        if known is None:
            stated = {"stated_by": sorted(self.sources)}
            yield Edit(record, "", None, {"alone": False, **stated} if self.groups and not self.alone else stated)
        else:
            yield from restated(record, known, self.sources, gone)
            if self.groups and self.alone and known.get("alone") is False:
                yield Edit(record, "alone", False, None)
            elif self.groups and not self.alone and not had and known.get("alone") is not False:
                yield Edit(record, "alone", None, False)
        for group, sources in self.groups.items():
            member = Record("membership", (group, *key))
            if group in had:
                yield from restated(member, had[group], sources)
            else:
                yield Edit(member, "", None, {"stated_by": sorted(sources)})


def restated(record: Record, known: Fields, sources: Iterable[str], gone: Collection[str] = ()) -> Iterator[Edit]:
    """The edit that adds the sources which state a present record to those that do already, without those that do no
    more (``gone``); none where that changes nothing.
    """
    before = known.get(STATED_BY)
    left = [one for one in before if one not in gone] if before is not None else None
    after = also_stated_by(left, sources) or left
    if after != before:
        yield Edit(record, STATED_BY, before, after)


def ends_problem(schema: Schema, kind: RelationshipType, source: str, target: str) -> Message | None:
    """Why a relationship type does not allow these classes at its ends, or None."""

    def fits(subject: str, other: str) -> bool:
        return any(schema.is_a(subject, c) for c in kind.subjects) and any(schema.is_a(other, c) for c in kind.objects)

    if fits(source, target) or (kind.symmetric and fits(target, source)):
        return None
    return Message(
        "“{relationship}” cannot stand between a {source} and a {target}. Its target can be: {allowed}.",
        relationship=kind.label,
        source=schema.cls(source).label,
        target=schema.cls(target).label,
        allowed=tuple(schema.cls(c).label for c in kind.objects),
    )


def reading_needs(text: str) -> str | None:
    """The number of members that a group needs, in canonical form: "2" or "50%". It reads "1 of 2", "all" and "any",
    too. None for other text.
    """
    word = name_key(text)
    if not word:
        return ""
    if word in ("all", "alle", "every", "tous"):
        return "100%"
    if word in ("any", "one", "eine", "un"):
        return "1"
    match = re.fullmatch(r"(\d+)(?:\.0+)?(?:\s*(?:of|von|/|sur|out of)\s*\d+)?", word)
    if match:
        return match[1] if int(match[1]) > 0 else None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", word)
    if match and 0 < float(match[1]) <= 100:
        return f"{float(match[1]):g}%"
    return None


class Relations:
    """Turns stated links into edits of relationships and groups."""

    def __init__(
        self, schema: Schema, lookup: Lookup, complain: Complain, names: Callable[[str], tuple[str, str]]
    ) -> None:
        self._schema = schema
        self._lookup = lookup
        self._complain = complain
        self._names = names
        """Id → (class, name), of existing and of new records."""
        self.regrouped: dict[str, Origin] = {}
        """Records whose dependency groups change by ``edits`` though no relationship is new → where that is said."""
        self.short: list[tuple[StatedLink, str, int]] = []
        """Groups that need more members than they have: a link of one, how many it needs, and how many there are."""

    def check(self, stated_links: Iterable[StatedLink]) -> None:
        """Rejects stated links whose ends do not fit their type, or whose group's rows disagree."""
        for stated in stated_links:
            kind = self._schema.relationship(stated.type)
            source, target = self._names(stated.source), self._names(stated.target)
            if stated.source == stated.target:
                message = Message("{name} cannot be linked to itself.", name=source[1])
                self._reject(
                    stated, stated.column or tr("Target"), target[1], message, "relationship", "relationship.itself"
                )
                continue
            problem = ends_problem(self._schema, kind, source[0], target[0])
            if problem is not None:
                self._reject(
                    stated,
                    stated.column or tr("Relationship"),
                    kind.label,
                    problem,
                    "relationship",
                    "relationship.ends",
                )
        self._check_needs([w for w in stated_links if w.group and not w.rejected])

    def _check_needs(self, stated_links: list[StatedLink]) -> None:
        groups: dict[tuple[str, str], list[StatedLink]] = {}
        for stated in stated_links:
            kind = self._schema.relationship(stated.type)
            if kind.impact == "none":
                message = Message(
                    "“{relationship}” carries no impact, so it can be in no group. The link was made without one.",
                    relationship=kind.label,
                )
                self._complain(stated, tr("Group"), stated.group, message, "group-warning", "group.no-impact")
                stated.group = stated.needs = ""
                continue
            needs = reading_needs(stated.needs)
            if needs is None:
                message = Message("“Needs” is a number of members, or a percentage such as 50%.")
                self._reject(stated, tr("Needs"), stated.needs, message, "needs", "needs.unreadable")
                continue
            stated.needs = needs
            groups.setdefault((self.owner(stated), name_key(stated.group)), []).append(stated)
        for (owner, _), members in groups.items():
            said = sorted({w.needs for w in members if w.needs})
            if len(said) > 1:
                name = self._names(owner)[1]
                for stated in members:
                    message = Message(
                        "Rows of group “{group}” of {name} disagree about how many it needs: {values}.",
                        group=stated.group,
                        name=name,
                        values=tuple(said),
                    )
                    self._reject(stated, tr("Needs"), stated.needs, message, "needs", "needs.disagree")
            else:
                for stated in members:
                    stated.needs = said[0] if said else ""

    def _reject(self, stated: StatedLink, column: str, value: str, message: Message, kind: str, code: str) -> None:
        stated.rejected = True
        self._complain(stated, column, value, message, kind, code)

    def owner(self, stated: StatedLink) -> str:
        """The dependent CI, to which a group belongs: the subject, unless the type's impact goes forward."""
        return stated.target if self._schema.relationship(stated.type).impact == "forward" else stated.source

    def edits(
        self, stated_links: list[StatedLink], existing: set[str], gone: Mapping[LinkKey, Collection[str]]
    ) -> tuple[list[Edit], int, int]:
        """The edits for the stated links, and the numbers of new and of ended ones. ``existing``: ids of the register.
        ``gone``: present relationship → the sources that state it no more.
        """
        stated_links = sorted((w for w in stated_links if not w.rejected), key=self._order)
        if not stated_links and not gone:
            return [], 0, 0
        ends = {e for w in stated_links for e in (w.source, w.target)} & existing
        present = dict(self._lookup.relationships(sorted(ends))) if ends else {}
        group_edits, groups = self._groups(stated_links, existing)
        edits: list[Edit] = list(group_edits)
        wanted: dict[tuple[str, str, str], _Wanted] = {}
        for stated in stated_links:
            one = wanted.setdefault(self._present_key(stated, present, wanted), _Wanted(stated))
            one.sources[stated.said[0]] = None
            if stated.group:
                group = groups[self.owner(stated), name_key(stated.group)]
                one.groups.setdefault(group, {})[stated.said[0]] = None
            elif stated.row is None:
                one.alone = True
        grouped = [key for key, one in wanted.items() if one.groups and key in present]
        had = self._lookup.memberships(grouped) if grouped else {}
        for key, one in wanted.items():
            made = list(one.edits(key, present.get(key), had.get(key, _NO_GROUPS), gone.get(key, ())))
            if key in present and any(edit.field != STATED_BY for edit in made):
                self.regrouped.setdefault(self.owner(one.first), one.first.origin)
            edits += made
        self._find_short(stated_links, groups, wanted, present)
        ended = list(self._ended({key: sources for key, sources in gone.items() if key not in wanted}))
        return edits + ended, sum(key not in present for key in wanted), sum(not edit.field for edit in ended)

    def ending(self, gone: Mapping[LinkKey, Collection[str]]) -> list[LinkKey]:
        """Those of the relationships in ``gone`` that no other source states: they end."""
        known = self._lookup.relationships(sorted({key[1] for key in gone})) if gone else {}
        return [key for key, sources in gone.items() if set(known[key][STATED_BY]) <= set(sources)]

    def _ended(self, gone: Mapping[LinkKey, Collection[str]]) -> Iterator[Edit]:
        """The edits of links that nobody states here: one that has no other source ends."""
        known = self._lookup.relationships(sorted({key[1] for key in gone})) if gone else {}
        for key, sources in sorted(gone.items()):
            record, fields = Record("relationship", key), known[key]
            if set(fields[STATED_BY]) <= set(sources):
                yield Edit(record, "", dict(fields), None)
            else:
                yield from restated(record, fields, (), sources)

    def _find_short(
        self,
        stated_links: Iterable[StatedLink],
        groups: Mapping[tuple[str, str], str],
        wanted: Mapping[LinkKey, _Wanted],
        present: Mapping[LinkKey, Any],
    ) -> None:
        """Notes the groups that need more members than they have, with those that they had before."""
        needs: dict[str, tuple[StatedLink, int]] = {}
        for stated in stated_links:
            if stated.group and stated.needs.isdecimal() and int(stated.needs) > 1:
                needs.setdefault(groups[self.owner(stated), name_key(stated.group)], (stated, int(stated.needs)))
        members: dict[str, set[LinkKey]] = {}
        for key, one in wanted.items():
            for group in one.groups:
                members.setdefault(group, set()).add(key)
        low = {group: of for group, of in needs.items() if len(members.get(group, ())) < of[1]}
        if not low:
            return
        for there, fields in (self._lookup.memberships(list(present)) if present else {}).items():
            for group in low.keys() & fields.keys():
                members.setdefault(group, set()).add((there[0], there[1], there[2]))
        for group, (stated, least) in low.items():
            if len(members[group]) < least:
                self.short.append((stated, str(least), len(members[group])))

    def _order(self, stated: StatedLink) -> tuple[Any, ...]:
        return (
            stated.type,
            *self._names(stated.source),
            *self._names(stated.target),
            stated.group,
            str(stated.origin),
        )

    def _present_key(
        self,
        stated: StatedLink,
        present: Mapping[tuple[str, str, str], Any],
        made: Mapping[tuple[str, str, str], _Wanted],
    ) -> tuple[str, str, str]:
        key = stated.key()
        if self._schema.relationship(stated.type).symmetric:
            turned = (stated.type, stated.target, stated.source)
            if turned in present or turned in made:
                return turned
        return key

    def _groups(
        self, stated_links: list[StatedLink], existing: set[str]
    ) -> tuple[list[Edit], dict[tuple[str, str], str]]:
        wanted: dict[tuple[str, str], StatedLink] = {}
        sources: dict[tuple[str, str], dict[str, None]] = {}
        for stated in stated_links:
            if stated.group:
                key = self.owner(stated), name_key(stated.group)
                wanted.setdefault(key, stated)
                sources.setdefault(key, {})[stated.said[0]] = None
        owners = {o for o, _ in wanted} & existing
        present = self._lookup.groups(sorted(owners)) if owners else {}
        known = {(f["owner"], name_key(f.get("label", ""))): (uid, f) for uid, f in sorted(present.items())}
        edits: list[Edit] = []
        found: dict[tuple[str, str], str] = {}
        for key, stated in wanted.items():
            if key in known:
                uid, fields = known[key]
                edits += restated(Record("group", (uid,)), fields, sources[key])
                if stated.needs and fields.get("needs") != stated.needs:
                    self.regrouped.setdefault(key[0], stated.origin)
                    edits.append(Edit(Record("group", (uid,)), "needs", fields.get("needs"), stated.needs))
            else:
                uid = new_id()
                # Redundancy is never assumed: by default a group needs all of its members.
                label, needs = " ".join(stated.group.split()), stated.needs or "100%"
                fields = {"owner": key[0], "label": label, "needs": needs, "stated_by": sorted(sources[key])}
                edits.append(Edit(Record("group", (uid,)), "", None, fields))
            found[key] = uid
        return edits, found


def stored_as(schema: Schema, kind: str, source: str, target: str) -> str:
    """The reference attribute of class ``source`` that stores such a link to class ``target``, or ""."""
    fitting = [
        a
        for a in schema.cls(source).attributes.values()
        if a.relationship == kind and a.type == "reference" and any(schema.is_a(target, one) for one in a.targets)
    ]
    if not fitting:
        return ""
    return max(fitting, key=lambda a: len(schema.ancestors(a.target))).name
