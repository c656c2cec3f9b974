"""Forgets a source: what it said goes, and the next best claims show again. What people entered by hand stays.

A record that only this source knew goes, unless others refer to it, link it or say something of it: then it keeps its
class, its name and what its class requires. A relationship, group, membership, installation or assignment that others
state too only loses the source from their list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.claims import STATED_BY, Statement, source_text
from cmdb.model.control import Control
from cmdb.model.forgetting import ForgottenSource
from cmdb.model.guards import UntouchedGuard
from cmdb.model.hierarchies import steps_of
from cmdb.model.messages import Message
from cmdb.model.packed_edits import PackedEdits
from cmdb.model.record_kinds import KEPT_OF_SOURCES
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.model.selection import Selection
from cmdb.model.source_keys import kept_word, without_kept
from cmdb.reconciliation.asked_values import WAITING, closing
from cmdb.register.undone_steps import UndoneSteps
from cmdb.store.reading.decisions import open_decisions
from cmdb.store.reading.reader import Reader
from cmdb.store.reading.source_rows import SourceClaims, SourceRows, StatedRow

_NAME = "name"
_Said = Mapping[str, Mapping[str, Mapping[str, Statement]]]


def forgetting(
    reader: Reader, source: str, author: str, where: str = "", control: Control | None = None
) -> tuple[Revision, ForgottenSource]:
    """The revision that forgets a source, and what it does; ``where``: of the records that match.

    Raises UserError for a filter that cannot be read, and Cancelled.
    """
    among = set(reader.ids(Selection("ci", where))) if where.strip() else None
    source = without_kept(source)
    found = _Forgetting(reader, source, among, control or Control())
    edits = found.edits()
    name = source_text(source)
    reason = (
        Message("Forgotten: {source}, of {filter}", source=name, filter=where.strip())
        if among is not None
        else Message("Forgotten: {source}", source=name)
    )
    revision = Revision(
        edits, author, reason=reason, guards=tuple(map(UntouchedGuard, found.deleted)), decided_at=reader.number
    )
    return revision, found.summary()


class _Forgetting:
    """Works out what goes, from what the source says at present."""

    def __init__(self, reader: Reader, source: str, among: Collection[int] | None, control: Control) -> None:
        self._reader = reader
        self._source = source
        self._scope = among
        self._rows: SourceRows = reader.source_rows(source, among)
        self._control = control
        self._edits = PackedEdits(packs=None)
        self._steps: list[Edit] = []
        """Values of hierarchies that another source's would replace: they are looked at together."""
        self._step_claims: dict[str, Any] = {}
        self._gone: Counter[str] = Counter()
        self._left = self._changed = 0
        self._bare: set[int] = set()
        self._going: set[int] = set()
        """The records that go."""
        self._kept: tuple[UndoConflict, ...] = ()
        self.deleted: list[str] = []
        """The ids of the records that go."""

    def edits(self) -> PackedEdits:
        """The edits of the revision."""
        sole: set[int] = set()
        named: set[str] = set()
        for batch in self._rows.claims():
            self._control.check()
            sole.update(one.inner for one in batch if one.sole)
            named |= self._unsay([one for one in batch if not one.sole])
        self._keep_bare(sole, named)
        self._going = sole - self._bare
        self._delete()
        self._take_away("group", self._with_members())
        for kind in ("relationship", "membership", "installation", "assignment"):
            self._take_away(kind)
        self._take_sightings()
        self._take_events()
        if self._scope is None and self._source in KEPT_OF_SOURCES:
            self._take_kept(KEPT_OF_SOURCES[self._source])
        self._take_questions()
        self._finish_steps()
        return self._edits

    def summary(self) -> ForgottenSource:
        """What the edits do."""
        return ForgottenSource(
            self._source, len(self._going), len(self._bare), self._changed, dict(self._gone), self._left, self._kept
        )

    # -- claims -----------------------------------------------------------------------------------------------------

    def _unsay(self, batch: list[SourceClaims]) -> set[str]:
        """Takes what the source says out of records of which others speak, or which stay without it.

        Returns the ids of records that what stays refers to.
        """
        outer = self._reader.outer(one.inner for one in batch)
        said = self._reader.said(outer[one.inner][0] for one in batch if one.inner in outer)
        named: set[str] = set()
        for one in batch:
            uid, cls, _ = outer[one.inner]
            own = one.values()
            kept_before = said[uid].get(kept_word(self._source), {})
            others = [claims for source, claims in said[uid].items() if without_kept(source) != self._source]
            kept = self._needed(cls, own, others)
            named.update(str(own[name][0]) for name in kept & self._reader.schema.reference_names)
            edits = self._unsaid(uid, cls, own, kept, others, said)
            if kept_before:
                before: dict[str, Any] = {name: list(pair) for name, pair in kept_before.items()}
                edits.append(Edit(Record("claim", (uid, kept_word(self._source))), "", before, None))
            if edits or kept < own.keys():
                self._changed += not one.sole
            self._edits.add(edits)
        return named

    def _needed(self, cls: str, own: Mapping[str, Statement], others: Sequence[Mapping[str, Statement]]) -> set[str]:
        """The name and what the class requires, where no other source says it."""
        attributes = self._reader.schema.cls(cls).attributes
        required = {name for name, attribute in attributes.items() if attribute.required} | {_NAME}
        return {
            name
            for name in required & own.keys()
            if own[name][0] is not None and not any(name in o and o[name][0] is not None for o in others)
        }

    def _unsaid(
        self,
        uid: str,
        cls: str,
        own: Mapping[str, Statement],
        kept: set[str],
        others: Sequence[Mapping[str, Statement]],
        said: _Said,
    ) -> list[Edit]:
        record = Record("claim", (uid, self._source))
        steps = {
            name
            for name, _ in steps_of(self._reader.schema.hierarchies, cls)
            if name in own and any(name in o and o[name][0] not in (None, own[name][0]) for o in others)
        } - kept
        if steps:
            self._steps += [Edit(record, name, list(own[name]), None) for name in sorted(steps)]
            self._step_claims[uid] = said[uid]
        if not kept and not steps:
            return [Edit(record, "", {name: list(pair) for name, pair in own.items()}, None)]
        return [Edit(record, name, list(own[name]), None) for name in own if name not in kept and name not in steps]

    def _finish_steps(self) -> None:
        """The values of hierarchies go where nothing comes to stand in itself."""
        if self._steps:
            present = self._reader.names({edit.record.key[0] for edit in self._steps})
            steps = UndoneSteps(self._reader, present, {}, self._step_claims)
            self._edits.add(steps.without_circles(self._steps))
            self._kept = tuple(steps.kept)

    # -- records that only it knows ---------------------------------------------------------------------------------

    def _keep_bare(self, sole: set[int], named: set[str]) -> None:
        """Finds those that stay with little more than their names, and takes the rest out of them."""
        wanted = self._rows.held(sole) | self._among(sole, named)
        while wanted:
            self._control.check()
            self._bare |= wanted
            more = self._unsay(self._rows.claims_of(sorted(wanted)))
            wanted = self._among(sole, more) - self._bare

    def _among(self, sole: set[int], uids: set[str]) -> set[int]:
        return sole.intersection(self._reader.inner(uids).values()) if uids else set()

    def _delete(self) -> None:
        outer: dict[int, str] = {}
        going = sorted(self._going)
        for low in range(0, len(going), 4000):
            outer = {inner: one[0] for inner, one in self._reader.outer(going[low : low + 4000]).items()}
            self.deleted += outer.values()
            self._edits.add(Edit(ci(uid), "", {}, None) for uid in outer.values())

    # -- what it states ---------------------------------------------------------------------------------------------

    def _take_away(self, kind: str, staying: Collection[str] = ()) -> None:
        """Takes away what only the source states; from others' records it takes itself off the list.

        Groups that are ``staying`` become made by hand.
        """
        for batch in self._rows.stated(kind):
            self._control.check()
            self._edits.add(self._of_rows(batch, staying))

    def _of_rows(self, rows: Iterable[StatedRow], staying: Collection[str]) -> Iterator[Edit]:
        for row in rows:
            kind = row.record.kind
            stated = list(row.fields[STATED_BY])
            left = [source for source in stated if source != self._source]
            goes = not self._going.isdisjoint(row.about)
            if left or row.record.key[0] in staying:
                if not goes:
                    self._left += 1
                    yield Edit(row.record, STATED_BY, stated, left or None)
            else:
                self._gone[kind] += 1
                if not goes:
                    yield Edit(row.record, "", {STATED_BY: stated}, None)

    def _with_members(self) -> set[str]:
        """The groups that only it states and that have members which others state."""
        found: set[str] = set()
        for batch in self._rows.stated("group"):
            groups = [row.record.key[0] for row in batch if list(row.fields[STATED_BY]) == [self._source]]
            members = [Record("membership", key) for key in self._reader.members(groups)]
            for key, fields in self._reader.records_of("membership", members).items():
                if fields.get(STATED_BY) != [self._source]:
                    found.add(key[0])
        return found

    def _take_sightings(self) -> None:
        """Takes away when it looked, and the rows of sections that it saw."""
        for rows in (self._rows.sightings(), self._rows.sections()):
            for batch in rows:
                self._control.check()
                for row in batch:
                    self._gone[row.record.kind] += 1
                    if self._going.isdisjoint(row.about):
                        self._edits.add([Edit(row.record, "", dict(row.fields), None)])

    def _take_kept(self, kind: str) -> None:
        """Takes away the records that hold what it says and are of no item."""
        kept = self._reader.records(kind)
        if kept:
            self._gone[kind] += len(kept)
            self._edits.add(Edit(Record(kind, key), "", dict(fields), None) for key, fields in kept.items())

    def _take_questions(self) -> None:
        """Closes the questions about what it says and what waits: there is nothing to take over any more."""
        waiting = {
            decision: fields
            for decision, fields in open_decisions(self._reader).items()
            if fields.get("kind") in WAITING and fields.get("source") == self._source
        }
        if self._scope is not None and waiting:
            inner = self._reader.inner({str(fields["record"]) for fields in waiting.values()})
            waiting = {d: f for d, f in waiting.items() if inner.get(str(f["record"])) in self._scope}
        for decision, fields in waiting.items():
            self._edits.add(closing(decision, fields))

    def _take_events(self) -> None:
        """Takes away since when things were with somebody, as its imports said."""
        for batch in self._rows.events():
            self._control.check()
            self._gone["event"] += len(batch)
            self._edits.add(Edit(row.record, "", {}, None) for row in batch)
