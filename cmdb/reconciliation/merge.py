"""Turns statements of sources into edits: new records, and statements that differ from earlier statements of the
source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cmdb.model.claims import effective, kind_of, winner
from cmdb.model.observation import Origin
from cmdb.model.revision import Edit, Record, ci
from cmdb.model.schema import Schema
from cmdb.model.source_orders import ASK
from cmdb.model.values import means_same
from cmdb.reconciliation.asked_values import AskedValue, question_id
from cmdb.reconciliation.assignment_events import DAY, HOLDER, assignment_event
from cmdb.reconciliation.cluster import Cluster, SourceStatement
from cmdb.reconciliation.keys import Keys
from cmdb.reconciliation.lookup import Said
from cmdb.reconciliation.proposal import Cell, Change, Deviation
from cmdb.reconciliation.unchanged_rows import FINGERPRINT

#: Attributes that change in every scan: a record in which only these change is not counted as changed.
_VOLATILE = frozenset({"last_seen"})
_NOTHING: Mapping[str, Any] = {}


def _adds_nothing(source: str, attribute: str, value: Any, said: Said) -> bool:
    """Whether a source that agrees with the effective value need not be recorded.

    A person who does not change a value states nothing. A sheet repeats another sheet: the same list has another file
    name every week.
    """
    kind = kind_of(source)
    if kind == "person":
        return True
    return kind == "sheet" and any(
        kind_of(other) == kind and attribute in own and own[attribute][0] == value for other, own in said.items()
    )


class Merger:
    """Makes edits of statements whose references are resolved. The revision is of one source, at one time."""

    def __init__(self, schema: Schema, keys: Keys, source: str, time: str, fingerprints: Mapping[int, str]) -> None:
        self._schema = schema
        self._keys = keys
        self._source = source
        self._time = time
        self._fingerprints = fingerprints
        """Observation (by ``id``) → its print; see ``unchanged_rows``."""
        self.edits: list[Edit] = []
        self.asked: list[AskedValue] = []
        """The values that wait for a person."""
        self.agreed: list[str] = []
        """The ids of the questions about values whose source says what stands."""

    def create(self, cluster: Cluster) -> Change:
        """Creates a new record: one edit if the revision's own source states everything, otherwise also one for each
        source.
        """
        uid, cls, statements = cluster.uid, cluster.cls, cluster.statements
        change = Change(uid, cls, cluster.name, "new", _origins(cluster))
        change.reference = cluster.implied
        first, mark = (statements[0], self._fingerprint(cluster)) if statements else (None, "")
        alone = len(statements) == 1 and first is not None and not self._schema.source_orders(cls).held(
            first.source, first.values
        )  # fmt: skip
        if first is not None and alone and first.source == self._source and first.observed == self._time:
            fields = first.values  # which nobody else has any more: a copy would take much memory
            fields["class"] = cls
            self._add_evidence(cluster, first, fields)
            if mark:
                fields[FINGERPRINT] = [mark]
            self.edits.append(Edit(ci(uid), "", None, fields))
            change.created = fields
            self._tell(uid, None, fields)
            for one in cluster.members:
                one.refs = ()
            cluster.statements = ()
            return change
        self.edits.append(Edit(ci(uid), "", None, {"class": cls}))
        said: dict[str, dict[str, list[Any]]] = {}
        for statement in statements:
            own = said.setdefault(statement.source, {})
            values = dict(statement.values)
            self._add_evidence(cluster, statement, values)
            for attribute, value in values.items():
                own.setdefault(attribute, [value, statement.observed])
        if mark:
            said[statements[0].source][FINGERPRINT] = [[mark], statements[0].observed]
        for source, own in sorted(said.items()):
            if own:
                self.edits.append(Edit(Record("claim", (uid, source)), "", None, own))
        change.created = effective(self._schema, cls, said)
        change.deviations = self._losers(cluster, change.created, said)
        self._tell(uid, None, change.created)
        return change

    def _tell(self, uid: str, before: Any, values: Mapping[str, Any]) -> None:
        """Who has a thing since a day, where the values that it gets say so."""
        if HOLDER in values and DAY in values:
            event = assignment_event(uid, before, values[HOLDER], values[DAY])
            self.edits.extend([event] if event is not None else ())

    @staticmethod
    def unchanged(cluster: Cluster) -> Change:
        """The change of a known record before differences are found: unchanged."""
        change = Change(cluster.uid, cluster.cls, cluster.name, "unchanged", _origins(cluster))
        change.reference = cluster.implied
        return change

    def may_repeat(self, cluster: Cluster) -> bool:
        """Whether a known record is unchanged if its only source has stated all of it before."""
        known, statements = cluster.known, cluster.statements
        if known is None or len(statements) != 1 or cluster.cls != known.cls:
            return False
        if self._schema.source_orders(cluster.cls).asks:
            return False  # What is said again may answer a question.
        statement = statements[0]
        plain = not (statement.evidence or statement.clears or "mac_address" in statement.values)
        return plain and statement.values.items() <= known.values.items() and not _odd_serial(cluster, statement.values)

    @staticmethod
    def stated(cluster: Cluster) -> tuple[str, Mapping[str, Any]]:
        """The source key and the values of such a record's only source."""
        return cluster.statements[0].source, cluster.statements[0].values

    def update(self, cluster: Cluster, change: Change, said: Said) -> None:
        """Updates a known record: new statements, and the resulting effective values."""
        known = cluster.known
        assert known is not None
        uid = cluster.uid
        cells: list[Cell] = []
        if cluster.cls != known.cls:
            self.edits.append(Edit(ci(uid), "class", known.cls, cluster.cls))
            cells.append(Cell("class", known.cls, cluster.cls))
        fresh: dict[str, dict[str, list[Any]]] = {}
        current = known.values
        touched: dict[str, None] = {}
        for statement in cluster.statements:
            own = said.get(statement.source, _NOTHING)
            observed = statement.observed
            values = statement.values
            if statement.evidence or "mac_address" in values or _odd_serial(cluster, values):
                values = dict(values)
                self._add_evidence(cluster, statement, values)
            for attribute, value in values.items():
                old = own.get(attribute)
                if old is not None:
                    if old[0] == value or self._mean_same(cluster.cls, attribute, old[0], value):
                        if old[0] != current.get(attribute) and attribute[:9] != "evidence.":
                            touched[attribute] = None
                        continue
                    if old[1] > observed:
                        continue  # This source has stated something newer since.
                elif current.get(attribute) == value and _adds_nothing(statement.source, attribute, value, said):
                    continue
                fresh.setdefault(statement.source, {})[attribute] = [value, observed]
                touched[attribute] = None
            if statement.clears:
                self._clear(statement, said, current, fresh, touched)
        if self._schema.source_orders(cluster.cls).asks:
            self._ask(cluster, said, fresh)
        if fresh or touched:
            self._finish(change, cells, cluster, said, fresh, touched)
        change.cells = cells
        fresh_values = {cell.attribute: cell.after for cell in cells if cell.after is not None}
        if HOLDER in fresh_values:
            self._tell(uid, current.get(HOLDER), fresh_values)
        if any(cell.attribute not in _VOLATILE for cell in cells):
            change.state = "changed"

    def _clear(
        self,
        statement: SourceStatement,
        said: Said,
        current: Mapping[str, Any],
        fresh: dict[str, dict[str, list[Any]]],
        touched: dict[str, None],
    ) -> None:
        """Handles an attribute that is blank in a source: its own statement is removed, and statements of others are
        overruled.
        """
        own = said.get(statement.source, _NOTHING)
        for attribute in statement.clears:
            old = own.get(attribute)
            if old is not None and (old[0] is None or old[1] > statement.observed):
                continue
            others = any(attribute in theirs for source, theirs in said.items() if source != statement.source)
            if old is None and (not others or attribute not in current):
                continue
            fresh.setdefault(statement.source, {})[attribute] = [None, statement.observed] if others else []
            touched[attribute] = None

    def _finish(
        self, change: Change, cells: list[Cell], cluster: Cluster, said: Said,
        fresh: Mapping[str, Mapping[str, list[Any]]], touched: Mapping[str, None],
    ) -> None:  # fmt: skip
        known = cluster.known
        assert known is not None
        after: dict[str, dict[str, Any]] = {
            source: {a: own[a] for a in touched if a in own} for source, own in said.items()
        }
        for source, own in fresh.items():
            record = Record("claim", (cluster.uid, source))
            before = said.get(source, _NOTHING)
            for attribute, pair in own.items():
                old = before.get(attribute)
                self.edits.append(Edit(record, attribute, None if old is None else list(old), pair or None))
                if pair:
                    after.setdefault(source, {})[attribute] = pair
                else:
                    after[source].pop(attribute, None)
        values = effective(self._schema, cluster.cls, {s: own for s, own in after.items() if own})
        self._mark(cluster, said, fresh, {a: values.get(a) for a in touched})
        attributes = self._schema.classes[cluster.cls].attributes
        cells += [
            Cell(attribute, known.values.get(attribute), values.get(attribute))
            for attribute in touched
            if attribute in attributes and known.values.get(attribute) != values.get(attribute)
        ]
        if any(a in attributes for a in touched):
            change.deviations = self._losers(cluster, values, after, set(fresh) | {m.source for m in cluster.members})

    def _mark(
        self, cluster: Cluster, said: Said, fresh: Mapping[str, Mapping[str, list[Any]]], values: Mapping[str, Any]
    ) -> None:
        """Stores the fingerprint of a row that is taken over completely, and removes one that is no longer valid.

        ``values``: the effective values of the touched attributes.
        """
        for source, own in fresh.items():
            before = said.get(source, _NOTHING)
            old, new = before.get(FINGERPRINT), None
            statement = cluster.statements[0]
            if (
                len(fresh) == 1
                and source == statement.source
                and statement.values.keys() <= before.keys() | own.keys()
                and all(values.get(a, value) == value for a, value in statement.values.items())
            ):
                mark = self._fingerprint(cluster)
                new = [[mark], statement.observed] if mark else None
            if old or new:
                self.edits.append(Edit(Record("claim", (cluster.uid, source)), FINGERPRINT, old and list(old), new))

    def _ask(self, cluster: Cluster, said: Said, fresh: dict[str, dict[str, list[Any]]]) -> None:
        """Takes out of what is new the values that would replace what stands, and that a person is asked about."""
        known = cluster.known
        assert known is not None
        orders = self._schema.source_orders(cluster.cls).of
        asking = {
            name: self._mean_same(cluster.cls, name, statement.values.get(name), known.values.get(name))
            for statement in cluster.statements
            for name in (*statement.values, *statement.clears)
            if name in orders and orders[name].does(statement.source) == ASK
        }
        for name in asking:
            first = True
            while (source := self._waits(cluster, name, said, fresh)) is not None:
                value, observed = fresh[source].pop(name)
                asking[name] = False
                if first:
                    its = (name, known.values.get(name), value, source, observed)
                    self.asked.append(AskedValue(cluster.uid, cluster.cls, cluster.name, *its, _origins(cluster)))
                first = False
        for source in [source for source, own in fresh.items() if not own]:
            del fresh[source]
            if mark := said.get(source, _NOTHING).get(FINGERPRINT):  # It was of a row that said something else.
                self.edits.append(Edit(Record("claim", (cluster.uid, source)), FINGERPRINT, list(mark), None))
        self.agreed += [question_id(cluster.uid, name) for name, agrees in asking.items() if agrees]

    def _waits(self, cluster: Cluster, name: str, said: Said, fresh: Mapping[str, Mapping[str, Any]]) -> str | None:
        """The source whose new value would replace what stands and has to wait; None where there is none."""
        claims = {source: its[name] for source, its in said.items() if name in its}
        for source, its in fresh.items():
            if its.get(name):
                claims[source] = its[name]
            elif name in its:
                claims.pop(source, None)
        source = winner(self._schema, cluster.cls, name, claims) if claims else ""
        order = self._schema.source_orders(cluster.cls).of[name]
        new = source and fresh.get(source, _NOTHING).get(name)
        stands = cluster.known.values.get(name) if cluster.known is not None else None
        if not new or order.does(source) != ASK or self._mean_same(cluster.cls, name, new[0], stands):
            return None
        return source

    def _mean_same(self, cls: str, attribute: str, one: Any, other: Any) -> bool:
        declared = self._schema.classes[cls].attributes.get(attribute)
        return means_same(declared, one, other) if declared is not None else one == other

    def _losers(
        self, cluster: Cluster, values: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]],
        mine: set[str] | None = None,
    ) -> list[Deviation]:  # fmt: skip
        """Statements of this import's sources that do not win."""
        uid, orders = cluster.uid, self._schema.source_orders(cluster.cls).of
        declared = self._schema.cls(cluster.cls).attributes
        found = []
        for source, own in sorted(said.items()):
            if mine is not None and source not in mine:
                continue
            for attribute, pair in own.items():
                stands = values.get(attribute)
                if attribute not in declared or self._mean_same(cluster.cls, attribute, stands, pair[0]):
                    continue
                keepers = [
                    s
                    for s, theirs in said.items()
                    if attribute in theirs and self._mean_same(cluster.cls, attribute, theirs[attribute][0], stands)
                ]
                keepers.sort(key=lambda s: (kind_of(s) != "person", s))
                held = attribute in orders and orders[attribute].rank(source) < 0
                if keepers or (held and pair[0] is not None):
                    keeper = keepers[0] if keepers else ""
                    found.append(Deviation(uid, attribute, stands, pair[0], source, keeper, held))
        return found

    def _fingerprint(self, cluster: Cluster) -> str:
        """The fingerprint of the row, if a single row states everything about a record."""
        alone = not cluster.partly and len(cluster.members) == 1 and len(cluster.statements) == 1
        return self._fingerprints.get(id(cluster.members[0].obs), "") if alone else ""

    def _add_evidence(self, cluster: Cluster, statement: SourceStatement, fields: dict[str, Any]) -> None:
        """Adds identifying values that no attribute holds in the form used for look-ups."""
        values = statement.values
        raw = values.get("serial_number")
        if raw is not None:
            for one in cluster.members:
                key = one.keys.get("serial_number")
                if key and one.source == statement.source and raw.casefold() != key:
                    fields["evidence.serial_number"] = [key]
                    break
        if statement.evidence or "mac_address" in values:
            found: dict[str, list[str]] = {}
            keys = self._keys.of(
                cluster.cls,
                {"mac_address": values["mac_address"]} if "mac_address" in values else {},
                statement.evidence,
            )
            for kind, key in keys.items():
                found[kind] = list(key) if isinstance(key, tuple) else [key]
            for kind, texts in found.items():
                fields[f"evidence.{kind}"] = texts


def _origins(cluster: Cluster) -> tuple[Origin, ...]:
    """The rows of a group, not those that only name it."""
    members = cluster.members
    if len(members) == 1:
        return () if members[0].implied else (members[0].obs.origin,)
    return tuple(one.obs.origin for one in members if not one.implied)


def _odd_serial(cluster: Cluster, values: Mapping[str, Any]) -> bool:
    """Whether a serial number is not stored in the form used for look-ups."""
    raw = values.get("serial_number")
    if raw is None:
        return False
    key = cluster.members[0].keys.get("serial_number")
    return len(cluster.members) > 1 or (key is not None and raw.casefold() != key)
