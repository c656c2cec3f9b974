"""Links that a source sees in a section of a record, such as its neighbours: they end where it sees them no more.

As rows of sections do: only a section that was seen whole ends something, and only what the same source said. An older
look never stands over a newer one of the same source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from cmdb.model.claims import STATED_BY
from cmdb.model.schema import Schema
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.relations import LinkKey, StatedLink

_SECTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "connected_to": (("monitor", "displays"), ("hardware", "neighbours")),
    "part_of": (("network_device", "components"),),
    "managed_by": (("network_device", "components"),),
}
"""Type of relationship → class of the other end, and the section of a record in which a source sees links to such."""
_OF_ONE = frozenset({"part_of"})
"""The types of which a source that says another target takes back what it said before."""
_ALL = frozenset(section for its in _SECTIONS.values() for _, section in its)

Look = tuple[str, str, str]
"""A record, a source and a section."""


class SeenLinks:
    """What the sources of an import saw whole of the sections that say what a record is linked with."""

    def __init__(self, schema: Schema, lookup: Lookup, linking: ReferenceResolution) -> None:
        self._schema, self._lookup, self._linking = schema, lookup, linking
        self._last: dict[Look, str] = {}
        """When each source saw a section whole last, here or as the register says."""
        self._here: dict[Look, str] = {}
        """The same, of this import alone."""
        self._unsure: set[tuple[str, str]] = set()

    def look_at(self, clusters: Iterable[Cluster]) -> None:
        """Notes what was seen whole."""
        looked: dict[str, None] = {}
        for cluster in clusters:
            for one in cluster.members:
                for section in _ALL.intersection((*one.obs.sections, *one.obs.details)):
                    looked[cluster.uid] = None
                    if section in one.obs.sections:
                        look = (cluster.uid, one.source, section)
                        self._here[look] = max(one.observed, self._here.get(look, ""))
        known = self._lookup.sightings(sorted(looked)) if looked else {}
        before = {look: seen.observed for look, seen in known.items() if look[2] in _ALL and seen.digest}
        self._last = {look: max(before.get(look, ""), self._here.get(look, "")) for look in before | self._here}

    def doubt(self, uid: str, source: str) -> None:
        """A source said something of a record of which it is open what it is linked with: nothing ends by that."""
        self._unsure.add((uid, source))

    def is_outdated(self, link: StatedLink) -> bool:
        """Whether the same source saw the whole section later than it stated the link."""
        source, observed = link.said
        return any(self._last.get((uid, source, section), "") > observed for uid, section in self._places(link.key()))

    def ended(self, stated: Iterable[StatedLink], existing: Collection[str]) -> dict[LinkKey, set[str]]:
        """Relationship of the register → its sources that do not see it any more. ``stated``: the import's links."""
        stated = list(stated)
        latest = {look for look, observed in self._here.items() if observed >= self._last[look]}
        moved: dict[tuple[str, str, str], str] = {}
        for link in stated:
            if link.type in _OF_ONE:
                its = (link.type, link.source, link.said[0])
                moved[its] = max(link.said[1], moved.get(its, ""))
        uids = {uid for uid, source, _ in latest if (uid, source) not in self._unsure} | {uid for _, uid, _ in moved}
        uids &= set(existing)
        if not uids:
            return {}
        said = {(key, one.said[0]) for one in stated for key in self._keys(one)}
        unsaid_by = {
            key: unsaid
            for key, fields in self._lookup.relationships(sorted(uids)).items()
            if key[0] in _SECTIONS
            and not fields.get("note")  # a person's word
            and (unsaid := {s for s in fields.get(STATED_BY) or () if (key, s) not in said})
        }
        self._linking.want_names(uid for key in unsaid_by for uid in key[1:])
        left = sorted({key[2] for key, unsaid in unsaid_by.items() for s in unsaid if (*key[:2], s) in moved})
        seen = self._lookup.sightings(left) if left else {}
        found: dict[LinkKey, set[str]] = {}
        for key, unsaid in unsaid_by.items():
            gone = set()
            for uid, section in self._places(key):
                for source in unsaid:
                    look = (uid, source, section)
                    elsewhere = moved.get((*key[:2], source), "")
                    later = look not in seen or seen[look].observed <= elsewhere
                    if (look in latest and (uid, source) not in self._unsure) or (elsewhere and later):
                        gone.add(source)
            if gone:
                found[key] = gone
        # Who put a link into a redundancy group relies on it.
        for kind, one, other in self._lookup.memberships(list(found)) if found else ():
            found.pop((kind, one, other), None)
        return found

    def _keys(self, link: StatedLink) -> Iterator[LinkKey]:
        """The keys that the register may have a link by: of one that is the same from both ends two."""
        yield link.key()
        if self._schema.relationship(link.type).symmetric:
            yield link.type, link.target, link.source

    def _places(self, key: LinkKey) -> Iterator[tuple[str, str]]:
        """The ends of a link, each with its section in which the other one is seen, where there is one."""
        kinds = _SECTIONS.get(key[0], ())
        for uid, other in ((key[1], key[2]), (key[2], key[1])) if kinds else ():
            cls = self._linking.name_of(other)[0]
            section = next((section for of, section in kinds if self._schema.is_a(cls, of)), "")
            if section:
                yield uid, section
