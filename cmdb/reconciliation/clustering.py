"""Finds the observations of one import that are about the same thing.

Observations that share a key are compared, and joined if they are the same. The result does not depend on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from cmdb.reconciliation.evidence import compare
from cmdb.reconciliation.keys import HARDWARE, MANY, WEAK, IdentifiedObservation, Identity, Key, Keys
from cmdb.reconciliation.match_verdicts import MatchVerdict

#: A value that more different observations share than this is not evidence.
CROWD = 12
#: Below this score two observations have only a name in common.
WEAK_SCORE = 30
_MOMENT_SECONDS = 600
"""Looks that are no further apart are of one moment: clocks differ."""
#: Kinds of keys of which one alone shows that two machines differ. So machines with the same name need no comparison.
_ANCHORS = ("serial_number", "asset_tag", "uuid", "imei")


class Clustering:
    """Joins observations into groups, and lists doubtful and ambiguous pairs."""

    def __init__(self, keys: Keys, seen: Sequence[IdentifiedObservation]) -> None:
        self._keys = keys
        self._seen = seen
        self._parent: dict[int, int] = {}
        self._identities: dict[int, Identity] = {}
        self.shared: set[tuple[str, str]] = set()
        """(kind, key) of values that too many different observations have."""
        self.crowds: dict[tuple[str, str], list[int]] = {}
        """(kind, key) of what by itself would identify, but too many have → who."""
        self.doubtful: list[tuple[int, int, MatchVerdict]] = []
        """Pairs of observations that may be one thing."""
        self.ambiguous: dict[int, dict[int, MatchVerdict]] = {}
        """First index of a group that fits several others by name alone → those groups."""
        self._collisions = self._find_collisions()
        if self._collisions:
            self._join()

    def groups(self) -> list[list[int]]:
        """Indexes of observations, joined; each group and the list of groups in order of the first."""
        if not self._parent:
            return [[i] for i in range(len(self._seen))]
        members: dict[int, list[int]] = {}
        for i in range(len(self._seen)):
            members.setdefault(self._root(i), []).append(i)
        return list(members.values())

    def first(self, i: int) -> int:
        """The first index of the group that observation ``i`` is in."""
        return self._root(i)

    def identity(self, i: int) -> Identity:
        """The identity of observation ``i``."""
        found = self._identities.get(i)
        if found is None:
            found = self._identities[i] = self._keys.identity(self._seen[i])
        return found

    # -- finding ----------------------------------------------------------------------------------------------------

    def _find_collisions(self) -> dict[tuple[str, str, str], list[int]]:
        first: dict[tuple[str, str], dict[str, int]] = {}
        collisions: dict[tuple[str, str, str], list[int]] = {}
        by_root: dict[str, list[tuple[int, Mapping[str, Key]]]] = defaultdict(list)
        for i, seen in enumerate(self._seen):
            by_root[seen.root].append((i, seen.keys))
        for root, its in by_root.items():
            for kind in sorted(set[str]().union(*(keys for _, keys in its))):
                held = [(keys[kind], i) for i, keys in its if kind in keys]
                if kind in MANY:
                    held = [(value, i) for several, i in held for value in several]
                index = first[root, kind] = dict(reversed(held))  # type: ignore[arg-type]
                if len(index) < len(held):
                    for value, i in held:
                        j = index[value]  # type: ignore[index]
                        if j != i:
                            collisions.setdefault((root, kind, value), [j]).append(i)  # type: ignore[arg-type]
        self._across_names(first, collisions)
        return collisions

    def _across_names(
        self, first: dict[tuple[str, str], dict[str, int]], collisions: dict[tuple[str, str, str], list[int]]
    ) -> None:
        """Finds machines whose name in one source is their host name in another source."""
        names, hosts = first.get((HARDWARE, "name"), {}), first.get((HARDWARE, "host_name"), {})
        for name in names.keys() & hosts.keys():
            called = collisions.get((HARDWARE, "name", name), [names[name]])
            found = collisions.get((HARDWARE, "host_name", name), [hosts[name]])
            if called != found:
                collisions[HARDWARE, "name", name] = sorted({*called, *found})

    # -- joining ----------------------------------------------------------------------------------------------------

    def _join(self) -> None:
        representatives: dict[tuple[str, str, str], list[int]] = {}
        for where, members in sorted(self._collisions.items()):
            distinct = self._distinct(members)
            if len(distinct) > CROWD:
                self._crowd(where, members)
            elif len(distinct) > 1:
                representatives[where] = distinct
        verdicts = self._compare(representatives)
        crowded = {
            where[1:]
            for where, members in representatives.items()
            if len(members) > 2 and not any(verdicts[p].outcome == "same" for p in _pairs(members) if p in verdicts)
        }
        if crowded:  # Three or more different things share the value: it is not evidence.
            for where, members in representatives.items():
                if where[1:] in crowded:
                    self._crowd(where, members)
            verdicts.update(self._compare({w: m for w, m in representatives.items() if w[1:] in crowded}))
        ordered = sorted(verdicts.items())
        for (a, b), verdict in ordered:
            if verdict.outcome == "same" and verdict.score >= WEAK_SCORE:
                self._union(a, b)
            elif verdict.outcome == "review":
                self.doubtful.append((a, b, verdict))
        self._check_chains(verdicts)
        self._join_namesakes([(p, v) for p, v in ordered if v.outcome == "same" and v.score < WEAK_SCORE])

    def _join_namesakes(self, pairs: list[tuple[tuple[int, int], MatchVerdict]]) -> None:
        """Joins groups that only a name connects. A group that matches several different groups is left to a person."""
        members = self._members()
        apart: dict[tuple[int, int], bool] = {}

        def differ(left: int, right: int) -> bool:
            pair = (min(left, right), max(left, right))
            if pair not in apart:
                mine, theirs = members.get(left, [left]), members.get(right, [right])
                apart[pair] = any(
                    self._verdict(a, b).outcome in ("different", "review") for a in mine[:CROWD] for b in theirs[:CROWD]
                )
            return apart[pair]

        fits: dict[int, dict[int, MatchVerdict]] = {}
        for (a, b), verdict in pairs:
            left, right = self._root(a), self._root(b)
            if left != right and not differ(left, right):
                fits.setdefault(left, {})[right] = verdict
                fits.setdefault(right, {})[left] = verdict
        for one, others in fits.items():
            if any(differ(a, b) for a, b in _pairs(list(others))):
                self.ambiguous[one] = others
        for one, others in fits.items():
            for other in others:
                if one not in self.ambiguous and other not in self.ambiguous:
                    self._union(one, other)
        self.ambiguous = {
            self._root(one): {self._root(o): v for o, v in others.items()} for one, others in self.ambiguous.items()
        }

    def _members(self) -> dict[int, list[int]]:
        """First index of each group → one observation for each different set of keys."""
        members: dict[int, dict[tuple[object, ...], int]] = {}
        for i in sorted(self._parent):
            members.setdefault(self._root(i), {}).setdefault(self._signature(i), i)
        return {root: [own[s] for s in sorted(own, key=repr)] for root, own in members.items()}

    def _crowd(self, where: tuple[str, str, str], members: list[int]) -> None:
        self.shared.add(where[1:])
        if where[1] not in WEAK:
            self.crowds[where[1:]] = members

    def _distinct(self, members: Iterable[int]) -> list[int]:
        """One observation for each different set of keys. Observations with the same keys are joined."""
        alike: dict[tuple[object, ...], list[int]] = {}
        for i in members:
            alike.setdefault(self._signature(i), []).append(i)
        found = []
        for same in alike.values():
            found.append(same[0])
            if len(same) > 1:
                found += self._join_alike(same)
        return found

    def _join_alike(self, same: list[int]) -> list[int]:
        """Joins observations with the same keys. Returns machines that were seen running separately, which are not
        joined.
        """
        ordered = sorted(same, key=lambda i: (self._seen[i].observed, i))
        apart = []
        last = ordered[0]
        for i in ordered[1:]:
            if self._verdict(last, i).outcome == "different":
                apart.append(i)
            else:
                self._union(last, i)
                last = i
        return apart

    def _signature(self, i: int) -> tuple[object, ...]:
        seen = self._seen[i]
        identity = self.identity(i)
        apart = tuple(sorted(identity.apart.items()))
        observed = identity.observed if identity.virtual else ""
        known = tuple(seen.obs.evidence.get("record", ()))
        return (seen.root, tuple(sorted(seen.keys.items())), identity.domain, identity.owner, apart, observed, known)

    def _compare(self, groups: dict[tuple[str, str, str], list[int]]) -> dict[tuple[int, int], MatchVerdict]:
        verdicts: dict[tuple[int, int], MatchVerdict] = {}
        for (_root, kind, _value), members in groups.items():
            weak = kind in ("name", "host_name")
            for pair in _pairs(members):
                if pair in verdicts or (weak and self._anchored_apart(*pair)):
                    continue
                verdicts[pair] = self._verdict(*pair)
        return verdicts

    def _anchored_apart(self, a: int, b: int) -> bool:
        """Whether hardware with the same name is certainly different: only the name agrees."""
        mine, theirs = self._seen[a].keys, self._seen[b].keys
        if "machine_id" in mine and "machine_id" in theirs:
            return False
        return any(kind in mine and kind in theirs and mine[kind] != theirs[kind] for kind in _ANCHORS)

    def _verdict(self, a: int, b: int) -> MatchVerdict:
        left, right = self.identity(a), self.identity(b)
        if not self._keys.compatible(left.cls, right.cls):
            return MatchVerdict("none", 0, (), False)
        if _known_apart(self._seen[a], self._seen[b]):
            return MatchVerdict("different", 0, (), False)
        verdict = compare(left, right, self.shared)
        if verdict.outcome == "review" and _same_moment(left, right):
            return verdict._replace(outcome="different")  # One disk cannot be in two machines at the same time.
        if verdict.outcome == "same" and left.virtual and right.virtual and left.scanned and right.scanned:
            if _same_moment(left, right):
                if _unlike(left, right):
                    return verdict._replace(outcome="different")
            elif left.keys.get("host_name") != right.keys.get("host_name"):
                return verdict._replace(outcome="review")
        return verdict

    def _check_chains(self, verdicts: dict[tuple[int, int], MatchVerdict]) -> None:
        """Finds chains: A is B and B is C, but A is not C. A person has to decide."""
        for group in self._members().values():
            if not 2 < len(group) <= CROWD:
                continue
            for a, b in _pairs(group):
                verdict = verdicts.get((a, b)) or self._verdict(a, b)
                if verdict.outcome in ("different", "review"):
                    self.doubtful.append((a, b, verdict))

    # -- union-find -------------------------------------------------------------------------------------------------

    def _root(self, i: int) -> int:
        parent = self._parent
        while (up := parent.get(i, i)) != i:
            parent[i] = parent.get(up, up)
            i = up
        return i

    def _union(self, a: int, b: int) -> None:
        a, b = self._root(a), self._root(b)
        self._parent[max(a, b)] = min(a, b)
        self._parent.setdefault(min(a, b), min(a, b))


def _pairs(members: Sequence[int]) -> list[tuple[int, int]]:
    ordered = sorted(members)
    return [(a, b) for n, a in enumerate(ordered) for b in ordered[n + 1 :]]


def _known_apart(a: IdentifiedObservation, b: IdentifiedObservation) -> bool:
    """Whether both name their record (as rows of an exported sheet do), and the records differ."""
    mine, theirs = a.obs.evidence.get("record"), b.obs.evidence.get("record")
    return bool(mine and theirs) and mine != theirs


def _same_moment(a: Identity, b: Identity) -> bool:
    """Whether both were seen running within ten minutes of each other."""
    seen_a, seen_b = _moment(a.observed), _moment(b.observed)
    if seen_a is None or seen_b is None or not (a.scanned and b.scanned):
        return False
    return abs((seen_a - seen_b).total_seconds()) <= _MOMENT_SECONDS


def _unlike(a: Identity, b: Identity) -> bool:
    """Whether the observations differ in a value that a machine has only one of at a time."""
    return any(
        a.details.get(name) is not None and b.details.get(name) is not None and a.details[name] != b.details[name]
        for name in ("host_name", "name", "ip_address", "host")
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
