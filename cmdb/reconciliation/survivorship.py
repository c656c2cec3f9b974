"""The step between finding records and linking them: combines rows, applies decisions, and asks questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cmdb.model import life_cycle
from cmdb.model.claims import kind_of, of_guests
from cmdb.model.life_cycle import STATUS, Phase
from cmdb.model.messages import EMPTY, Message, tr
from cmdb.model.observation import Origin
from cmdb.model.revision import Edit, Record, new_id
from cmdb.model.schema import Schema
from cmdb.reconciliation import review
from cmdb.reconciliation.cluster import Candidate, Cluster
from cmdb.reconciliation.decided_rows import NOTHING_DECIDED, RECORDS, kept_for_rows
from cmdb.reconciliation.doubles import told_apart
from cmdb.reconciliation.ids import new_ids
from cmdb.reconciliation.lookup import KnownRecord, Lookup
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.proposal import Review
from cmdb.reconciliation.source_statements import StatementConflict, settle_class, settle_name, statements
from cmdb.reconciliation.spelling import similar_known

NO_ANSWERS: Mapping[str, str] = MappingProxyType({})


class Survivorship:
    """Settles class, name and statements of every group. A group that it cannot settle becomes a review item."""

    def __init__(
        self,
        schema: Schema,
        lookup: Lookup,
        collector: ProblemCollector,
        clusters: list[Cluster],
        *,
        decided: bool = False,
        ask_new: bool = False,
        answers: Mapping[str, str] = NO_ANSWERS,
    ) -> None:
        self._schema = schema
        self._lookup = lookup
        self._collector = collector
        self._decided = decided
        """Whether a person's decision is being carried out: then nothing is asked again."""
        self.asks_new = ask_new
        """Whether records that are only named are asked about before they are created."""
        self._answers = answers
        self.clusters = clusters
        self.reviews: list[Review] = []
        self.decision_edits: list[Edit] = []
        self._clashes: dict[int, Sequence[StatementConflict]] = {}
        self._requirements: dict[str, tuple[str, ...]] = {}
        self._in_use: dict[str, str] = {}

    def run(self) -> list[Cluster]:
        """Settles all groups, gives new ones their ids, and returns them."""
        for cluster in self.clusters:
            self._choose_values(cluster)
        if self.asks_new:
            self._doubt([c for c in self.clusters if c.state == "new" and c.implied])
        doubtful = [c for c in self.clusters if c.state == "review"]
        new = [c for c in self.clusters if c.state == "new"]
        for cluster, uid in zip(new, new_ids(len(new)), strict=True):
            self._begin(cluster, uid)
        if doubtful:
            self._decide(doubtful)
        return self.clusters

    def hold(self, clusters: Sequence[Cluster]) -> None:
        """Asks about records that would be created only because others name them, or carries out what was decided.

        The groups' states then say what becomes of them.
        """
        self._doubt(clusters)
        self._decide(clusters)

    def _doubt(self, clusters: Sequence[Cluster]) -> None:
        """Makes questions of new records."""
        wanted: dict[str, set[str]] = {}
        for cluster in clusters:
            wanted.setdefault(cluster.cls, set()).add(cluster.name)
        near = similar_known(self._schema, self._lookup, wanted)
        for cluster in clusters:
            cluster.state, cluster.kind = "review", review.NEW
            cluster.candidates = [Candidate(uid, ()) for uid in near.get((cluster.cls, cluster.name), ())]
            cluster.question = Message(
                "{cls} “{name}” is named and not known. Is it new?",
                cls=self._schema.cls(cluster.cls).label,
                name=cluster.name,
            )

    def _choose_values(self, cluster: Cluster) -> None:
        said, clashes = statements(self._schema, cluster)
        question = settle_class(self._schema, cluster)
        cluster.statements = settle_name(cluster, said)
        if not clashes and not question:
            return
        if cluster.state in ("review", "skip") or self._decided:
            if clashes and cluster.kind == "rows":
                self._clashes[id(cluster)] = clashes
            return
        if clashes or question:
            if cluster.uid:
                cluster.candidates = [Candidate(cluster.uid, ())]
            cluster.state, cluster.kind, cluster.uid = "review", "rows", ""
            cluster.question = question or Message(
                "Rows of one source state different values ({attributes}). Which is right?",
                attributes=self._labels(cluster.cls, clashes),
            )
            self._clashes[id(cluster)] = clashes or [
                StatementConflict("class", sorted({m.obs.cls for m in cluster.members}))
            ]

    def _labels(self, cls: str, clashes: Iterable[StatementConflict]) -> tuple[str | Message, ...]:
        return tuple(sorted((clash.label(self._schema, cls) for clash in clashes), key=str))

    def _begin(self, cluster: Cluster, uid: str) -> None:
        """Gives a new record an id, unless its source may not create records or required values are missing."""
        member = cluster.members[0]
        if len(cluster.members) > 1:
            member = next((m for m in cluster.members if not m.implied), member)
        origin = member.obs.origin
        partial = member.obs.partial and all(m.obs.partial for m in cluster.members if not m.implied)
        if partial and not cluster.implied:
            message = Message(
                "A partial inventory or a row of a section only adds to a known record. None was found for it, so "
                "nothing was created."
            )
            self._refuse(cluster, origin, "", cluster.name, message, "partial")
        elif not cluster.implied and self._schema.classes[cluster.cls].abstract and cluster.cls != "place":
            label = self._schema.classes[cluster.cls].label
            kinds = tuple(c.label for c in self._schema.tree(cluster.cls) if not c.abstract)
            message = Message("“{cls}” stands for several classes. Name one of them.", cls=label)
            column = tr("Class")
            self._refuse(cluster, origin, column, label, message, "class", suggested=kinds, code="class.abstract")
        else:
            self._state_in_use(cluster)
            self._require(cluster, origin)
        cluster.uid = uid

    def _state_in_use(self, cluster: Cluster) -> None:
        """A new record of a machine that a scan saw has its class's first live status, unless a source states one.

        What a host says of its guests is another matter: they may be switched off, and kept for years. Later scans
        state none: what a person said since then stays.
        """
        for seen in cluster.statements:
            if kind_of(seen.source) == "scan" and not of_guests(seen.source):
                break
        else:
            return
        if cluster.implied or any(STATUS in one.values for one in cluster.statements):
            return
        status = self._status_in_use(cluster.cls)
        if status:
            seen.values = {**seen.values, STATUS: status}

    def _status_in_use(self, cls: str) -> str:
        """The first live status of a class that requires no values; "" if there is none."""
        found = self._in_use.get(cls)
        if found is None:
            live = life_cycle.statuses_in(self._schema, cls, Phase.LIVE)
            free = (status for status in live if not life_cycle.requirements(self._schema, cls, status))
            found = self._in_use[cls] = next(free, "")
        return found

    def _require(self, cluster: Cluster, origin: Origin) -> None:
        said = cluster.statements
        for attribute in self._required(cluster.cls):
            if attribute not in said[0].values and not any(attribute in statement.values for statement in said):
                label = self._schema.classes[cluster.cls].attributes[attribute].label
                message = Message("{attribute} is missing.", attribute=label)
                accepted = Message("a value for “{attribute}”", attribute=label)
                self._refuse(cluster, origin, label, "", message, "required", accepted)

    def _required(self, cls: str) -> tuple[str, ...]:
        found = self._requirements.get(cls)
        if found is None:
            attributes = self._schema.classes[cls].attributes.values()
            found = self._requirements[cls] = tuple(a.name for a in attributes if a.required)
        return found

    def _refuse(
        self, cluster: Cluster, origin: Origin, column: str, value: str, message: Message, kind: str,
        accepted: Message = EMPTY, suggested: tuple[str, ...] = (), code: str = "",
    ) -> None:  # fmt: skip
        cluster.refuse(message)
        self._collector.error(origin, column, value, message, kind, accepted, suggested, code)

    # -- decisions --------------------------------------------------------------------------------------------------

    def _decide(self, doubtful: Iterable[Cluster]) -> None:
        """Carries out earlier decisions, and asks the other questions."""
        by_id: dict[str, list[Cluster]] = {}
        before: dict[str, str] = {}
        """Question about rows of a known record → the same one from before the record was known."""
        for cluster in doubtful:
            clashes = self._clashes.get(id(cluster), ())
            cluster.decision = review.decision_id(cluster, clashes)
            by_id.setdefault(cluster.decision, []).append(cluster)
            if cluster.kind == "rows" and cluster.candidates:
                before[cluster.decision] = review.decision_id(cluster, clashes, ())
        of_rows = {d: review.id_of_rows(own[0]) for d, own in by_id.items() if own[0].kind in ("rows", "identity")}
        remembered = self._lookup.decisions(sorted({*by_id, *before.values(), *of_rows.values()}))
        uids = {
            c.uid for own in by_id.values() for cluster in own for c in cluster.candidates if c.uid and not c.cluster
        }
        uids |= {
            o.removeprefix("same:") for f in remembered.values() if (o := str(f.get("outcome", "")))[:5] == "same:"
        }
        uids |= {uid for fields in remembered.values() for uid in fields.get(RECORDS) or ()}
        known = self._lookup.cis(sorted(uids)) if uids else {}
        for decision, (first, *again) in sorted(by_id.items()):
            for other in again:  # The same doubt in two groups is one question.
                first.members = (*first.members, *other.members)
                other.members, other.state = (), "skip"
            fields = remembered.get(decision)
            if fields is None and (made := remembered.get(before.get(decision, ""), {})).get("state") == "done":
                fields = made
            if fields is None or fields.get("state") != "done":
                fields = remembered.get(of_rows.get(decision, ""), fields)
            if fields is not None and fields.get("state") == "done":
                self._remember(first, str(fields.get("outcome", "")), known, fields)
            elif decision in self._answers:
                self._answer(first, self._answers[decision], known, fields)
            if first.state == "review":
                self._ask(first, known, fields is not None)
        self.clusters = [c for c in self.clusters if c.members]

    def _answer(
        self, cluster: Cluster, choice: str, known: Mapping[str, KnownRecord], open_before: Mapping[str, Any] | None
    ) -> None:
        """Carries out an answer that is given now, and keeps it as a decision that is made."""
        item = review.describe(self._schema, cluster, known, self._clashes.get(id(cluster), []))
        fields = open_before or review.question(item, cluster)
        outcome = review.outcome_of(fields, choice)
        if not outcome:
            return
        groups = self._remember(cluster, outcome, known)
        if cluster.state == "review":
            return
        if outcome == "separate":
            fields = {**fields, RECORDS: [one.uid for one in groups]}
        record = Record("decision", (cluster.decision,))
        kept = {**fields, "state": "done", "outcome": outcome}
        written = {edit.record for edit in self.decision_edits}
        own = kept_for_rows(kept, self._lookup.decisions)
        own += told_apart(kept, [one.uid for one in groups], self._lookup.decisions)
        self.decision_edits += [edit for edit in own if edit.record not in written]
        if open_before is None:
            self.decision_edits.append(Edit(record, "", None, kept))
        else:
            self.decision_edits.append(Edit(record, "state", "open", "done"))
            self.decision_edits.append(Edit(record, "outcome", open_before.get("outcome"), outcome))
            if RECORDS in kept:
                self.decision_edits.append(Edit(record, RECORDS, open_before.get(RECORDS), kept[RECORDS]))

    def _remember(
        self,
        cluster: Cluster,
        outcome: str,
        known: Mapping[str, KnownRecord],
        decided: Mapping[str, Any] = NOTHING_DECIDED,
    ) -> list[Cluster]:
        groups = review.carry_out(cluster, outcome, known, decided)
        if groups[0] is not cluster:
            cluster.state, cluster.members = "skip", ()
            self.clusters += groups
        for one in groups:
            if one.state != "review":
                one.reasons = ()  # What made it doubtful is answered.
            self._decided = True
            self._choose_values(one)
            self._decided = False
            if one.state == "new":
                self._begin(one, new_id())
        return groups

    def _ask(self, cluster: Cluster, known: Mapping[str, KnownRecord], open_before: bool) -> None:
        item = review.describe(self._schema, cluster, known, self._clashes.get(id(cluster), []))
        item.known = open_before
        self.reviews.append(item)
        if not open_before:
            self.decision_edits.append(review.open_decision(item, cluster))
