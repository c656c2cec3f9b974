"""Turns readings into a proposal: identifies, links, merges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from cmdb.model.claims import SEVERAL, about_guests
from cmdb.model.control import Control
from cmdb.model.errors import NotFound, UserError
from cmdb.model.gc_pause import gc_paused
from cmdb.model.guards import CreationGuard
from cmdb.model.messages import Message, counted
from cmdb.model.observation import Observation, Origin, Reading
from cmdb.model.packed_edits import PackedEdits
from cmdb.model.revision import Edit, Record, Revision, now
from cmdb.model.schema import Schema
from cmdb.reconciliation import review
from cmdb.reconciliation.asked_values import ask
from cmdb.reconciliation.circles import CircleChecks
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.decided_rows import CORRECTIONS, NO_CORRECTIONS, RECORDS, Corrections, kept_for_rows
from cmdb.reconciliation.doubles import told_apart
from cmdb.reconciliation.identifiers import shipped
from cmdb.reconciliation.imported_links import ImportedLinks
from cmdb.reconciliation.keys import IdentifiedObservation, Keys
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.matcher import Matcher
from cmdb.reconciliation.merge import Merger
from cmdb.reconciliation.phases import PhaseChecks
from cmdb.reconciliation.present_names import of_known_sources, of_merged_records
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.proposal import Change, Proposal
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.references import ReferenceIndex
from cmdb.reconciliation.related_edits import named_by_rows, write_records
from cmdb.reconciliation.related_rows import RelatedRows, check_rows
from cmdb.reconciliation.said_values import UNCHECKED, without_wrong_values
from cmdb.reconciliation.survivorship import NO_ANSWERS, Survivorship
from cmdb.reconciliation.unchanged_rows import UnchangedRows

#: Statements newer than this have the source and time of the revision. Older ones keep their own.
_RECENT = timedelta(hours=1)
_NO_FINGERPRINTS: Mapping[int, str] = MappingProxyType({})

_GUARDS = (CreationGuard(),)

_AT_ONCE = 2_000
"""The number of records whose statements are compared at once, to limit the memory of a large import."""


def reconcile(
    readings: list[Reading],
    lookup: Lookup,
    schema: Schema,
    author: str,
    reason: Message | str = "",
    create_references: bool = True,
    all_or_nothing: bool = False,
    control: Control | None = None,
    *,
    ask_new: bool = False,
    answers: Mapping[str, str] = NO_ANSWERS,
) -> Proposal:
    """The changes that the readings together would make in the register.

    Nothing is written. ``create_references``: records that are only named (a model, a person, a place) are created;
    otherwise this is a problem. ``ask_new``: they wait in the review until a person decides, and rows go in without
    them. ``all_or_nothing``: one rejected row rejects all. ``answers``: id of a question → the option that a person
    chose (``Option.choice``); it is carried out and kept as a decision. The order of rows and of readings affects only
    new ids. Raises Cancelled.
    """
    with gc_paused():
        readings = of_merged_records(of_known_sources(readings, lookup), lookup)
        repeats = UnchangedRows(readings, lookup)
        while True:
            rest = repeats.rest()
            run = _Run(
                rest, lookup, schema, author, reason, create_references, control, fingerprints=repeats.fingerprints,
                ask_new=ask_new, answers=answers,
            )  # fmt: skip
            proposal = run.propose(all_or_nothing)
            if not repeats.weigh(run.matcher.finder.found()):
                break
        if not (all_or_nothing and proposal.rejected):
            _add_unchanged(proposal, repeats)
        return proposal


def _add_unchanged(proposal: Proposal, repeats: UnchangedRows) -> None:
    for record, origins in repeats.records.values():
        proposal.changes.append(Change(record.uid, record.cls, record.name, "unchanged", origins))
        proposal.unchanged += 1


def decide(
    lookup: Lookup,
    schema: Schema,
    decision_id: str,
    choice: str,
    author: str,
    reason: Message | str = "",
    corrections: Corrections = NO_CORRECTIONS,
) -> Proposal:
    """The changes of carrying out a person's decision of a review item, with the decision itself.

    ``choice`` identifies an option: its number, "new", "together", "separate", "ignore", or the id or name of its
    record. ``corrections``: what is right in the question's rows. Raises NotFound, UserError.
    """
    fields = lookup.decisions([decision_id]).get(decision_id)
    if fields is None:
        raise NotFound(Message("There is no review item {item}.", item=decision_id))
    if fields.get("state") != "open":
        raise UserError(Message("This was decided already."))
    outcome = review.outcome_of(fields, choice)
    if not outcome:
        choices = tuple(o["choice"] for o in fields.get("candidates", []))
        raise UserError(Message("“{choice}” is not one of the choices: {choices}.", choice=choice, choices=choices))
    readings, rows = review.load_rows(fields["observation"], corrections)
    named = fields.get("kind") == review.NEW
    if named:
        only_named(readings, outcome)
    reason = reason or Message("Review: {name}", name=fields.get("name", ""))
    run = _Run(
        readings, lookup, schema, author, reason, True, None, outcome, named=named, rows=rows,
        each=outcome == "separate" and fields.get("kind") == "rows",
    )  # fmt: skip
    proposal = run.propose(False)
    record = Record("decision", (decision_id,))
    done = [Edit(record, "state", "open", "done"), Edit(record, "outcome", fields.get("outcome"), outcome)]
    kept = {**fields, "outcome": outcome}
    if changed := review.corrections_document(corrections):
        kept[CORRECTIONS] = changed
        done.append(Edit(record, CORRECTIONS, fields.get(CORRECTIONS), changed))
    if outcome == "separate" and all(records := run.records()):
        kept[RECORDS] = records
        done.append(Edit(record, RECORDS, fields.get(RECORDS), records))
    if not named:
        done += kept_for_rows(kept, lookup.decisions)
    done += told_apart(kept, run.records(), lookup.decisions)
    revision = proposal.revision
    proposal.revision = replace(revision, edits=[*revision.edits, *done])
    return proposal


def only_named(readings: Iterable[Reading], outcome: str) -> None:
    """What others name does not rename the record that it is, nor give a known model to another manufacturer."""
    for reading in readings:
        for obs in reading.observations:
            if outcome != "new":
                obs.values.pop("manufacturer", None)
            obs.add_evidence("fallback_name", [str(obs.values.get("name", ""))])


class _Run:
    """One reconciliation, step by step."""

    def __init__(
        self, readings: list[Reading], lookup: Lookup, schema: Schema, author: str, reason: Message | str,
        create_references: bool, control: Control | None, outcome: str = "",
        fingerprints: Mapping[int, str] = _NO_FINGERPRINTS, ask_new: bool = False,
        named: bool = False, answers: Mapping[str, str] = NO_ANSWERS, rows: Sequence[Observation] = (),
        each: bool = False,
    ) -> None:  # fmt: skip
        self.readings = readings
        self.lookup = lookup
        self.schema = schema
        self.author = author
        self.reason = reason
        self.create_references = create_references
        self.answers = answers
        self.control = control
        self.fingerprints = fingerprints
        self.ask_new = ask_new
        self.named = named
        """Of a decision: whether it is about a record that others name; it may have been created since."""
        self.outcome = outcome
        """Of a decision that is carried out: what becomes of the readings' rows."""
        self.rows = rows
        """Of a decision: the question's rows, in its order."""
        self.each = each
        """Of a decision: whether each row is looked for in the register by itself."""
        self.settled: Sequence[Cluster] = ()
        self.keys = Keys(schema, shipped())
        self.collector = ProblemCollector()
        self.matcher = Matcher(self.keys, lookup, control)
        self.times = _times(readings)
        self.source, self.time = _statement(readings, self.times)

    def propose(self, all_or_nothing: bool) -> Proposal:
        """Runs all steps."""
        self._check()
        wanted = ReferenceIndex(self.schema, self.keys)
        seen = self._seen(wanted)
        rows = RelatedRows(self.schema, self.readings, self.times, wanted)
        own_names = {str(s.keys.get("name", "")) for s in seen}
        wanted.expand_paths(self.lookup, own_names)
        seen += wanted.implied.values()
        self._check()
        clusters = self._match(seen)
        self._warn_of_crowds()
        self._check()
        survivorship = Survivorship(
            self.schema,
            self.lookup,
            self.collector,
            clusters,
            decided=bool(self.outcome),
            ask_new=self.ask_new,
            answers=self.answers,
        )
        clusters = survivorship.run()
        absent = self.matcher.finder.absent
        linking = ReferenceResolution(
            self.schema, self.keys, self.lookup, self.collector, wanted, survivorship, absent, self.create_references,
            {reading.source.key for reading in self.readings if reading.strict},
        )  # fmt: skip
        linking.run()
        self._check()
        linking.resolve_values()
        links = ImportedLinks(self.schema, self.lookup, self.collector, linking, rows)
        links.run()
        check_rows(rows, linking, self.collector)
        PhaseChecks(self.schema, self.lookup, self.collector).check(linking.clusters)
        circles = CircleChecks(self.schema, self.lookup, self.collector, linking, links)
        circles.check()
        again = linking.reject_what_follows()
        while again and circles.check():
            linking.reject_what_follows()
        linking.drop_unnamed(named_by_rows(rows, links, linking))
        self.matcher.finder.forget()
        self.settled = linking.clusters
        return self._proposal(survivorship, linking, rows, links, all_or_nothing)

    def records(self) -> list[str]:
        """Of a decision: the id of each row's record, once the changes are known; "" where it became none."""
        found = {
            id(m.obs): c.uid for c in self.settled if c.state in ("new", "same") and not c.reasons for m in c.members
        }
        return [found.get(id(row), "") for row in self.rows]

    def _check(self) -> None:
        if self.control is not None:
            self.control.check()

    def _seen(self, wanted: ReferenceIndex) -> list[IdentifiedObservation]:
        seen: list[IdentifiedObservation] = []
        whole = self._exported_elsewhere()
        make, note = self.keys.seen, wanted.add_observation
        for reading, observed in zip(self.readings, self.times, strict=True):
            own = (reading.source.key, observed)
            for obs in reading.observations:
                if reading.source.kind in UNCHECKED:
                    without_wrong_values(obs, self.schema, self.collector)
                said = (about_guests(own[0]), observed) if obs.by_host else own
                if obs.untouched and not whole.isdisjoint(obs.evidence.get("record", ())):
                    obs = replace(obs, values={**obs.untouched, **obs.values}, evidence={}, clears=(), untouched={})
                one = make(obs, *said)
                one.refs = note(obs, said)
                seen.append(one)
            self._check()
        return seen

    def _exported_elsewhere(self) -> set[str]:
        """Ids in exported sheets that this register does not have: their rows are new here."""
        named = {
            uid
            for reading in self.readings
            for obs in reading.observations
            if obs.untouched
            for uid in obs.evidence.get("record", ())
        }
        return named - self.lookup.cis(sorted(named)).keys() if named else set()

    def _match(self, seen: list[IdentifiedObservation]) -> list[Cluster]:
        if not self.outcome or (self.named and self.outcome == "new"):
            return self.matcher.run(seen)
        rows = [s for s in seen if not s.implied]
        known = self.lookup.cis([self.outcome.partition(":")[2]]) if self.outcome.startswith("same:") else {}
        decided: list[Cluster] = []
        if rows:
            one = Cluster(rows)
            one.state = "review"
            if self.outcome.startswith("row:"):
                chosen = self.rows[int(self.outcome.removeprefix("row:")) - 1]
                decided = self.matcher.run([s for s in rows if s.obs is chosen])
            elif self.each:
                decided = self._each_row(rows)
            else:
                decided = review.carry_out(one, self.outcome, known)
            if any(c.state == "review" for c in decided) and self.outcome != "separate":
                raise UserError(Message("The record that was chosen is gone; choose again."))
        for cluster in decided:
            cluster.state = "new" if cluster.state == "review" else cluster.state
        return decided + self.matcher.run([s for s in seen if s.implied])

    def _warn_of_crowds(self) -> None:
        for kind, crowd in self.matcher.crowds:
            first = min(
                crowd, key=lambda s: (s.obs.origin.file, s.obs.origin.sheet, s.obs.origin.row, s.obs.origin.host)
            )
            attribute = self.schema.attribute(first.obs.cls, kind)
            if attribute.unique:
                continue  # Each of them has this error, and it is reported there.
            value = str(first.obs.values.get(kind, ""))
            message = counted(
                "{count} record has this {attribute}; it was not used to identify it.",
                "{count} records have this {attribute}; it was not used to identify any of them.",
                len(crowd),
                attribute=attribute.label,
            )
            self.collector.warning(first.obs.origin, attribute.label, value, message, "shared")

    def _each_row(self, rows: Sequence[IdentifiedObservation]) -> list[Cluster]:
        """Looks for each row's record as if it were the only row. A record is one row's only."""
        decided: list[Cluster] = []
        taken: set[str] = set()
        for row in self.rows:
            for cluster in self.matcher.run([s for s in rows if s.obs is row]):
                if cluster.state != "same" or cluster.uid in taken:
                    cluster.state, cluster.uid, cluster.known, cluster.candidates = "new", "", None, ()
                taken.add(cluster.uid)
                decided.append(cluster)
        return decided

    # -- the proposal -----------------------------------------------------------------------------------------------

    def _proposal(
        self,
        survivorship: Survivorship,
        linking: ReferenceResolution,
        rows: RelatedRows,
        links: ImportedLinks,
        all_or_nothing: bool,
    ) -> Proposal:
        revision = Revision(
            [], self.author, self.source, self.reason, time=self.time, guards=_GUARDS, decided_at=self.lookup.number
        )
        proposal = Proposal(revision, read=sum(r.read for r in self.readings))
        for reading in self.readings:
            proposal.problems += reading.problems
            proposal.rejects += reading.rejects
            proposal.unmapped += [u for u in reading.unmapped if u not in proposal.unmapped]
        proposal.review = survivorship.reviews
        rejected = linking.rejected_rows
        proposal.rejected = sum(r.rejected for r in self.readings) + len(rejected)
        proposal.rejects += [(origin, [], reasons) for origin, reasons in rejected]
        proposal.problems += self.collector.problems()
        proposal.left_out = sum(one.severity == "left-out" for one in proposal.problems)
        if all_or_nothing and proposal.rejected:
            proposal.rejected = proposal.read
            return proposal
        edits = PackedEdits(self._merge(survivorship, linking, proposal))
        self._check()
        write_records(rows, links, linking, self.lookup, proposal, self.schema, edits, self._check)
        edits += survivorship.decision_edits
        proposal.revision = replace(revision, edits=edits)
        return proposal

    def _merge(self, survivorship: Survivorship, linking: ReferenceResolution, proposal: Proposal) -> list[Edit]:
        merger = Merger(self.schema, self.keys, self.source, self.time, self.fingerprints)
        taken = [c for c in linking.clusters if c.state in ("new", "same") and not c.reasons]
        new = [cluster for cluster in taken if cluster.state == "new"]
        for key in _ORDER:
            new.sort(key=key)
        same = sorted((c for c in taken if c.state == "same"), key=attrgetter("uid"))
        for number, cluster in enumerate(new):
            if not number % 1000:
                self._check()
            change = merger.create(cluster)
            proposal.changes.append(change)
            proposal.deviations += change.deviations
            if cluster.implied:
                proposal.created_references.append((cluster.cls, cluster.name))
        proposal.created = len(new)
        for start in range(0, len(same), _AT_ONCE):
            self._check()
            batch = same[start : start + _AT_ONCE]
            repeated = self.lookup.repeats({c.uid: merger.stated(c) for c in batch if merger.may_repeat(c)})
            said = self.lookup.claims([c.uid for c in batch if c.uid not in repeated])
            for cluster in batch:
                change = merger.unchanged(cluster)
                if cluster.uid not in repeated:
                    merger.update(cluster, change, said.get(cluster.uid, {}))
                self._update(change, proposal)
        return merger.edits + ask(self.schema, self.lookup, proposal, merger.asked, merger.agreed)

    @staticmethod
    def _update(change: Change, proposal: Proposal) -> None:
        if change.state == "changed":
            proposal.updated += 1
        elif not change.reference:
            proposal.unchanged += 1
        if change.state == "changed" or not change.reference:
            proposal.changes.append(change)
        proposal.deviations += change.deviations


def _origin(cluster: Cluster) -> Origin:
    return cluster.members[0].obs.origin


#: New records are created in this order, the last key first. A sort after the other needs no key of its own per record.
_ORDER: tuple[Callable[[Cluster], Any], ...] = (
    lambda cluster: _origin(cluster).row,
    lambda cluster: _origin(cluster).sheet,
    lambda cluster: _origin(cluster).file,
    attrgetter("name"),
    attrgetter("cls"),
    lambda cluster: not cluster.implied,
)


def _times(readings: Iterable[Reading]) -> list[str]:
    """The time of each reading. All sheets of one import have the same time."""
    listed = {"sheet": "", "person": ""}
    for reading in readings:
        if reading.source.kind in listed:
            listed[reading.source.kind] = max(listed[reading.source.kind], reading.observed_at)
    return [listed.get(r.source.kind) or r.observed_at for r in readings]


def _statement(readings: list[Reading], times: list[str]) -> tuple[str, str]:
    """The source and the time of the revision: those of the readings if they have one source and are recent."""
    sources = {r.source.key for r in readings}
    source = sources.pop() if len(sources) == 1 else SEVERAL
    moment = now()
    latest = max(times, default=moment)
    try:
        age = datetime.fromisoformat(moment) - datetime.fromisoformat(latest).astimezone(UTC)
    except ValueError:
        return source, moment
    return source, latest if timedelta(0) <= age <= _RECENT else moment
