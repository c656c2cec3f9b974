"""Finds the record of each group of observations in the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.record_aliases import folded
from cmdb.reconciliation.cluster import Candidate, Cluster
from cmdb.reconciliation.clustering import Clustering
from cmdb.reconciliation.evidence import compare
from cmdb.reconciliation.key_search import KeyFinder
from cmdb.reconciliation.keys import HARDWARE, MANY, STEP, WEAK, IdentifiedObservation, Identity, Key, Keys
from cmdb.reconciliation.lookup import KnownRecord, Lookup, Said
from cmdb.reconciliation.match_verdicts import MatchEvidence, MatchVerdict

#: The maximum number of candidates that are compared individually.
MOST = 10
#: The maximum number of records with the same name that are searched for the one without other identifying values.
NAMESAKES = 2000
#: Evidence that requires weighing.
_WEIGHED = frozenset(MANY)
#: No place is deeper in others than this.
_DEEPEST = 8
#: The score of a record to which every key points.
QUICK: tuple[int, tuple[MatchEvidence, ...]] = (100, ())


class Matcher:
    """Decides for each group of observations: its record, a new record, or a question to a person."""

    def __init__(self, keys: Keys, lookup: Lookup, control: Control | None) -> None:
        self._keys = keys
        self._lookup = lookup
        self._control = control
        self.finder = KeyFinder(keys, lookup, control)
        self.crowds: list[tuple[str, list[IdentifiedObservation]]] = []
        """Attributes whose value so many different observations have that it identifies none of them, and those."""
        self._shared: set[tuple[str, str]] = set()
        self._known: dict[str, KnownRecord] = {}
        self._records: dict[str, Identity] = {}
        self._fit: dict[int, tuple[int, tuple[MatchEvidence, ...]]] = {}

    def run(self, seen: Sequence[IdentifiedObservation]) -> list[Cluster]:
        """Groups the observations and finds their records."""
        grouping = Clustering(self._keys, seen)
        groups = grouping.groups()
        single = [seen[group[0]] for group in groups if len(group) == 1]
        same, self._known = self.finder.recognise(s for s in single if self._plain(s))
        if len(same) < len(seen):
            self.finder.look_up(s for s in seen if id(s) not in same)
        self._shared = grouping.shared | self.finder.shared
        clusters: list[Cluster] = []
        by_first: dict[int, Cluster] = {}
        slow: list[tuple[Cluster, list[int]]] = []
        for members in groups:
            cluster = Cluster((seen[members[0]],) if len(members) == 1 else tuple(seen[i] for i in members))
            by_first[members[0]] = cluster
            clusters.append(cluster)
            recognised = same.get(id(seen[members[0]]))
            if recognised is not None:
                cluster.state, cluster.uid = "same", recognised
            elif not self._quick(cluster, members[0]):
                slow.append((cluster, members))
        self._load({u for c, _ in slow for u in self._candidates(c)})
        for cluster, members in slow:
            self._weigh(cluster, self._merged(grouping, members))
        self._decide_doubts(grouping, by_first)
        self.crowds = [(kind, [seen[i] for i in members]) for (kind, _), members in sorted(grouping.crowds.items())]
        return self._one_record_each([c for c in clusters if c.members])

    def _plain(self, seen: IdentifiedObservation) -> bool:
        """Whether an observation needs no weighing if its record has the same values."""
        evidence = seen.obs.evidence
        if evidence and ("record" in evidence or evidence.keys() & _WEIGHED):
            return False
        return not self._keys.composite(seen.obs.cls)

    # -- deciding ---------------------------------------------------------------------------------------------------

    def _quick(self, cluster: Cluster, done: int) -> bool:
        """Decides the simple cases: no record has one of its keys, or every key points to one record."""
        if self._control and not done % 1000:
            self._control.check()
        first = cluster.members[0]
        records = first.obs.evidence.get("record") if first.obs.evidence else None
        hits = self.finder.hits.get(first.root, {})
        if not records and not any(hits.values()):
            return True
        if records or len(cluster.members) > 1 or self._keys.composite(first.obs.cls):
            return False
        uid, points, found_any = _pointed(first.keys, hits)
        if not found_any:
            return not self._across_hits(first.keys, hits)
        if (
            points
            and not first.obs.evidence.keys() & _WEIGHED
            and (points > 1 or "manufacturer" not in first.obs.values)
        ):
            cluster.state, cluster.uid = "same", uid
            return True
        return False

    @staticmethod
    def _across_hits(keys: Mapping[str, Key], hits: Mapping[str, Mapping[str, tuple[str, ...]]]) -> bool:
        """Whether the host name is the name of a record, or the name is the host name of a record."""
        host, name = keys.get("host_name"), keys.get("name")
        if isinstance(host, str):
            return host in hits.get("name", {})
        return isinstance(name, str) and name in hits.get("host_name", {})

    def _candidates(self, cluster: Cluster) -> dict[str, None]:
        """Ids of the records that share a key with the group, those with the rarest keys first."""
        hits = self.finder.hits.get(cluster.members[0].root, {})
        found: dict[str, None] = {}
        for one in cluster.members:
            found.update(dict.fromkeys(one.obs.evidence.get("record", ())))
            for kind, key in one.keys.items():
                index = hits.get(kind)
                for value in (key,) if isinstance(key, str) else key:
                    uids = index.get(value, ()) if index else ()
                    if len(uids) <= MOST or (kind == "name" and len(uids) <= NAMESAKES and not anchored(one.keys)):
                        found.update(dict.fromkeys(uids))
                    if kind in ("name", "host_name") and one.root == HARDWARE:
                        across = hits.get("host_name" if kind == "name" else "name", {}).get(value, ())
                        if len(across) <= MOST:
                            found.update(dict.fromkeys(across))
        return found

    def _load(self, uids: Iterable[str]) -> None:
        wanted = sorted(set(uids))
        if not wanted:
            return
        known = self._lookup.cis(wanted)
        self._known.update(known)
        said = self._lookup.claims(list(known))
        references = self._keys.schema.reference_names
        compared = (
            {"manufacturer", "legal_owner", "location", "company", "agreement", "device", "cloud_account"}
        ) & references
        named = {k.values[a] for k in known.values() for a in compared if a in k.values}
        names = {u: str(k.values.get("name", "")) for u, k in self._lookup.cis(sorted(named)).items()} if named else {}
        self._name_paths(known, names)
        empty: Said = {}
        former = self._lookup.former_names(list(known))
        for uid, one in known.items():
            self._records[uid] = self._keys.record(one, said.get(uid, empty), names)
            self._records[uid].former = former.get(uid, {})

    def _name_paths(self, known: Mapping[str, KnownRecord], names: dict[str, str]) -> None:
        """Names the places that tell records of one name apart by their paths: "Berlin / Building 1 / 2"."""
        apart = {k.values["location"] for k in known.values() if "location" in k.values and self._keys.placed(k.cls)}
        above: dict[str, str] = {}
        level = {uid for uid in apart if uid in names}
        for _ in range(_DEEPEST):
            places = self._lookup.cis(sorted(level - above.keys())) if level else {}
            above.update({uid: k.values["location"] for uid, k in places.items() if "location" in k.values})
            level = {above[uid] for uid in places if uid in above}
            names.update({u: str(k.values.get("name", "")) for u, k in self._lookup.cis(sorted(level)).items()})
        names.update({uid: _path_of(uid, above, names) for uid in apart if uid in above})

    def _merged(self, grouping: Clustering, members: list[int]) -> Identity:
        """One identity of a group: later values replace earlier ones."""
        identities = [grouping.identity(i) for i in members]
        if len(identities) == 1:
            return identities[0]
        identities.sort(key=lambda i: (i.observed, sorted(map(str, i.keys.items())), i.label))
        last = identities[-1]
        made = Identity(last.cls, last.root, {}, last.label)
        made.details, made.evidence = last.details, last.evidence
        for one in identities:
            made.keys.update(one.keys)
            made.apart.update(one.apart)
            made.domain = one.domain or made.domain
            made.maker = one.maker or made.maker
            made.owner = one.owner or made.owner
            made.virtual = made.virtual or one.virtual
        return made

    def _weigh(self, cluster: Cluster, identity: Identity) -> None:
        named = [u for m in cluster.members for u in m.obs.evidence.get("record", ()) if u in self._records]
        if named and len(set(named)) == 1:
            cluster.state, cluster.uid = "same", named[0]
            return
        verdicts: dict[str, MatchVerdict] = {}
        for uid in self._candidates(cluster):
            record = self._records.get(uid)
            if record is not None and self._fits(identity, record):
                verdicts[uid] = compare(identity.called_as(record), record, self._shared)
        if not anchored(identity.keys):
            verdicts = self._nameless(verdicts)
        _choose(cluster, verdicts)
        if cluster.uid:
            self._fit[id(cluster)] = (verdicts[cluster.uid].score, verdicts[cluster.uid].lines)

    def _nameless(self, verdicts: dict[str, MatchVerdict]) -> dict[str, MatchVerdict]:
        """If several records match an observation that has only a name: the single record that has only a name, too."""
        if len(verdicts) < 2:
            return verdicts
        alike = [u for u, v in verdicts.items() if not anchored(self._records[u].keys) and v.outcome != "different"]
        if len(alike) == 1:
            return {alike[0]: verdicts[alike[0]]._replace(outcome="same")}
        return verdicts if len(verdicts) <= MOST else {}

    def _fits(self, identity: Identity, record: Identity) -> bool:
        """Whether the classes are compatible. Hardware with the same serial number is the same in any class."""
        if self._keys.compatible(identity.cls, record.cls):
            return True
        serial = identity.keys.get("serial_number")
        return bool(serial) and serial == record.keys.get("serial_number") and identity.root == record.root

    # -- doubts within the import -----------------------------------------------------------------------------------

    def _decide_doubts(self, grouping: Clustering, by_first: dict[int, Cluster]) -> None:
        moved_to: dict[int, Cluster] = {}

        def place(i: int) -> Cluster:
            cluster = by_first[grouping.first(i)]
            while id(cluster) in moved_to:
                cluster = moved_to[id(cluster)]
            return cluster

        for a, b, verdict in grouping.doubtful:
            left, right = place(a), place(b)
            if left.state == right.state == "same":
                continue  # The register already distinguishes them.
            if left is not right:
                left.members = (*left.members, *right.members)
                left.candidates = (*left.candidates, *right.candidates)
                moved_to[id(right)] = left
                for record in (left, right):
                    if record.uid and all(c.uid != record.uid for c in left.candidates):
                        left.candidates = (*left.candidates, Candidate(record.uid, verdict.lines))
                right.members = ()
            _doubt(left, "rows", Message("Are these one thing, or several?"))
            left.refuse(*(line.text for line in verdict.lines))
        for first, others in grouping.ambiguous.items():
            cluster = by_first[first]
            certain = cluster.state == "same" and self._fit.get(id(cluster), QUICK)[0] > 25
            if cluster.members and cluster.state != "review" and not certain:
                cluster.candidates = [
                    Candidate(c.uid, others[o].lines, c) for o in sorted(others) if (c := by_first[o]).members
                ]
                _doubt(cluster, "identity", Message("Which of these is it? Only the name is the same."))

    def _one_record_each(self, clusters: list[Cluster]) -> list[Cluster]:
        """Joins groups that match the same record, unless they cannot be the same thing."""
        self._drop_former_names([cluster for cluster in clusters if cluster.state == "same"])
        owners: dict[str, list[Cluster]] = {}
        for cluster in clusters:
            if cluster.state == "same":
                owners.setdefault(cluster.uid, []).append(cluster)
        for uid, rivals in owners.items():
            if len(rivals) > 1:
                self._share_out(uid, rivals)
        kept = [c for c in clusters if c.members]
        matched = {c.uid for c in kept if c.state == "same"}
        if matched - self._known.keys():
            self._known.update(self._lookup.cis(sorted(matched - self._known.keys())))
        for cluster in kept:
            if cluster.state == "same":
                cluster.known = self._known.get(cluster.uid)
        return kept

    def _drop_former_names(self, clusters: Sequence[Cluster]) -> None:
        """Takes out of observations what their records were once called: it is known, and no news."""
        former = self._lookup.former_names([cluster.uid for cluster in clusters])
        for cluster in clusters if former else ():
            names = former.get(cluster.uid, {})
            for one in cluster.members:
                values = one.obs.values
                dropped = [n for n, its in names.items() if isinstance(v := values.get(n), str) and folded(v) in its]
                if dropped:
                    one.obs = replace(one.obs, values={n: v for n, v in values.items() if n not in dropped})
                    one.keys = {kind: key for kind, key in one.keys.items() if kind not in dropped}

    def _share_out(self, uid: str, rivals: list[Cluster]) -> None:
        """Joins several groups of one record if they are the same thing. Otherwise a person is asked."""
        fit = {id(c): self._fit.get(id(c), QUICK) for c in rivals}
        best = max(score for score, _ in fit.values())
        certain = [c for c in rivals if fit[id(c)][0] > 25] if best >= 60 else rivals
        if not any(anchored(one.keys) for c in certain for one in c.members):
            certain = (
                rivals  # They were found by former names, of which nothing is left; a namesake is that record, too.
            )
        for other in rivals:
            if other not in certain:  # It has only the name in common with a record that other evidence identifies.
                other.state, other.uid = "new", ""
        first, *others = certain
        for other in others:
            left, right = self._keys.identity(first.members[0]), self._keys.identity(other.members[0])
            if compare(left, right, self._shared).outcome in ("different", "review"):
                for one in certain:
                    one.candidates = [Candidate(uid, fit[id(one)][1])]
                    _doubt(one, "identity", Message("Several that differ fit one record. Is it this one?"))
                return
        for other in others:
            first.members = (*first.members, *other.members)
            first.implied = first.implied and other.implied
            other.members = ()


def _pointed(keys: Mapping[str, Key], hits: Mapping[str, Mapping[str, tuple[str, ...]]]) -> tuple[str, int, bool]:
    """The one record that all keys point to, the number of these keys (0: not all agree), and whether any key was
    found.

    A name may be new, or may belong to other records, too.
    """
    uid, points, strong, agreed, found_any = "", 0, False, True, False
    for kind, key in keys.items():
        index = hits.get(kind)
        if isinstance(key, tuple):
            found_any = found_any or bool(index and any(k in index for k in key))
            agreed = False
            continue
        found = index.get(key) if index else None
        if found is None:
            agreed = agreed and kind == "name"
            continue
        found_any = True
        if len(found) == 1 and uid in ("", found[0]):
            uid = found[0]
            points += 1
            strong = strong or kind not in WEAK
        else:
            agreed = agreed and kind == "name"
    return uid, points if agreed and strong else 0, found_any


def anchored(keys: Mapping[str, Key]) -> bool:
    """Whether there are keys other than names and keys of the operating system."""
    return any(kind not in WEAK for kind in keys)


def _doubt(cluster: Cluster, kind: str, question: Message) -> None:
    cluster.state, cluster.kind, cluster.question, cluster.uid = "review", kind, question, ""


def _choose(cluster: Cluster, verdicts: Mapping[str, MatchVerdict]) -> None:
    """Chooses the one record that matches. If several match, or the evidence is contradictory, a person decides."""
    same = {u: v for u, v in verdicts.items() if v.outcome == "same"}
    review = {u: v for u, v in verdicts.items() if v.outcome == "review"}
    if len(same) > 1:
        best = max(v.score for v in same.values())
        if best >= 60:  # Records with only the same name do not compete with a record that other evidence identifies.
            same = {u: v for u, v in same.items() if v.score > 25}
    clean = [u for u, v in same.items() if v.clean]
    if len(same) == 1 and (not review or clean):
        cluster.state, cluster.uid = "same", next(iter(same))
        return
    rivals: dict[str, MatchVerdict] = {**same, **review}
    question = Message("Which of these is it?") if len(rivals) > 1 else Message("Is it this one?")
    if not rivals:
        rivals = {u: v for u, v in verdicts.items() if v.outcome == "none"}
        question = Message("Several records have what would identify it. Which of these is it?")
    if rivals:
        ordered = sorted(rivals.items(), key=lambda item: (-item[1].score, item[0]))
        cluster.candidates = [Candidate(u, v.lines) for u, v in ordered[:MOST]]
        _doubt(cluster, "identity", question)


def _path_of(uid: str, above: Mapping[str, str], names: Mapping[str, str]) -> str:
    parts: list[str] = []
    while uid in names and len(parts) < _DEEPEST:
        parts.insert(0, names[uid])
        uid = above.get(uid, "")
    return STEP.join(parts)
