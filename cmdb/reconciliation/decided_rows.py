"""Rows of a question that a person decided: what was corrected in them, and which record each of them became."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from cmdb.model.observation import Observation
from cmdb.model.revision import Edit, Record
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.keys import IdentifiedObservation
from cmdb.reconciliation.lookup import KnownRecord

Corrections = Mapping[int, Mapping[str, Any]]
"""Number of a row in its question, from 1 → attribute → the value that is right; None: it is not taken."""

NO_CORRECTIONS: Corrections = MappingProxyType({})
NOTHING_DECIDED: Mapping[str, Any] = MappingProxyType({})

#: The fields of a decision that keep them: the corrections, and the ids of the rows' records.
CORRECTIONS, RECORDS = "corrections", "records"
_NAMESPACE = uuid.UUID("0d9f6a57-3f0e-5c0a-8a55-5b1f7c2e9d43")


def corrected(obs: Observation, changes: Mapping[str, Any]) -> Observation:
    """A row with what a person corrected in it."""
    if not changes:
        return obs
    values = {**obs.values, **changes}
    cls = values.pop("class", None) or obs.cls
    return replace(obs, cls=cls, values={name: value for name, value in values.items() if value is not None})


def corrected_rows(rows: Sequence[IdentifiedObservation], decided: Mapping[str, Any]) -> list[IdentifiedObservation]:
    """The rows of a question that is asked again, as they were decided; in the same order.

    What was corrected is known by now: references are left as the register has them.
    """
    changes = decided.get(CORRECTIONS) or {}
    return [_corrected(one, changes.get(str(number), {})) for number, one in enumerate(rows, 1)]


def _corrected(one: IdentifiedObservation, changes: Mapping[str, Any]) -> IdentifiedObservation:
    if not changes:
        return one
    known = {name: None if isinstance(value, dict) else value for name, value in changes.items()}
    made = copy(one)
    made.obs = corrected(one.obs, known)
    made.keys = {kind: key for kind, key in one.keys.items() if kind not in changes}
    made.refs = [(name, mention) for name, mention in one.refs if name not in changes]
    return made


def rows_apart(
    cluster: Cluster,
    rows: Sequence[IdentifiedObservation],
    decided: Mapping[str, Any],
    known: Mapping[str, KnownRecord],
) -> list[Cluster]:
    """A group for each row. Rows that became records are those records; if one of them is gone, it is asked again.

    Where a known record is one of them, it is the row that has most of its values.
    """
    records = list(decided.get(RECORDS) or ())
    if records and (len(records) != len(rows) or any(uid not in known for uid in records)):
        return [cluster]
    groups = [Cluster([one]) for one in rows]
    free = dict(enumerate(groups))
    for candidate in cluster.candidates if not records else ():
        record = known.get(candidate.uid)
        if record is not None and free:
            records = records or [""] * len(rows)
            records[max(free, key=lambda number: (_equal(rows[number], record), -number))] = candidate.uid
            free = {number: one for number, one in free.items() if not records[number]}
    for one, uid in zip(groups, records, strict=False):
        if uid:
            one.state, one.uid, one.known = "same", uid, known[uid]
    return groups


def _equal(row: IdentifiedObservation, record: KnownRecord) -> int:
    return sum(record.values.get(name) == value for name, value in row.obs.values.items())


def in_decided_order(
    rows: Sequence[IdentifiedObservation], stated: Sequence[str], decided: Mapping[str, Any]
) -> list[IdentifiedObservation]:
    """Rows in the order of the question that was decided; ``stated`` is what each says now.

    A list that is sorted anew has other rows first.
    """
    places = [content(row["observation"]) for row in decided.get("observation", {}).get("rows", ())]
    if sorted(places) != sorted(stated):
        return list(rows)
    waiting: dict[str, list[IdentifiedObservation]] = {}
    for text, row in zip(stated, rows, strict=True):
        waiting.setdefault(text, []).append(row)
    return [waiting[text].pop(0) for text in places]


def content(observation: Mapping[str, Any]) -> str:
    """What a row says, wherever it stands; ``observation`` is its JSON form."""
    return json.dumps({k: v for k, v in observation.items() if k != "origin"}, sort_keys=True, default=str)


def rows_id(contents: Iterable[str]) -> str:
    """The id under which what was decided of rows is kept, whatever the register has by now."""
    return str(uuid.uuid5(_NAMESPACE, json.dumps(sorted(contents))))


def kept_for_rows(
    decided: Mapping[str, Any], there: Callable[[Collection[str]], Mapping[str, Mapping[str, Any]]]
) -> list[Edit]:
    """The records that keep what was decided of a question's rows, together and each by itself.

    ``there`` looks decisions up: those that are kept already stay. A list that is read again has the same rows, but
    the register has changed: the question would be another one.
    """
    rows = decided["observation"]["rows"]
    if len(rows) < 2:
        return []
    contents = [content(row["observation"]) for row in rows]
    made = {rows_id(contents): dict(decided)}
    outcome, records = str(decided["outcome"]), decided.get(RECORDS) or ()
    for number, (row, said) in enumerate(zip(rows, contents, strict=True), 1):
        changes = (decided.get(CORRECTIONS) or {}).get(str(number), {})
        own = {"observation": {"rows": [row]}, CORRECTIONS: {"1": changes} if changes else {}}
        if records:
            made.setdefault(rows_id([said]), {**decided, **own, "outcome": f"same:{records[number - 1]}", RECORDS: []})
        elif outcome.startswith("row:") and outcome != f"row:{number}":
            made.setdefault(rows_id([said]), {**decided, **own, "outcome": "ignore"})
    kept = there(sorted(made))
    return [
        Edit(Record("decision", (uid,)), "", None, {**fields, "state": "done"})
        for uid, fields in made.items()
        if uid not in kept
    ]
