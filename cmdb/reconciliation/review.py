"""Decisions of a person: they are stored as records, found again by their subject, and carried out.

The texts of a record are kept as ``Message.data``; those of older records are plain words.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cmdb.model.currencies import digits
from cmdb.model.json_text import parsed
from cmdb.model.messages import Message, verbatim
from cmdb.model.name_keys import name_key
from cmdb.model.observation import InstalledSoftware, Link, NamedReference, Observation, Origin, Reading, Source
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema
from cmdb.model.values import label_of
from cmdb.reconciliation.cluster import Candidate, Cluster
from cmdb.reconciliation.decided_rows import (
    CORRECTIONS,
    NO_CORRECTIONS,
    NOTHING_DECIDED,
    Corrections,
    content,
    corrected,
    corrected_rows,
    in_decided_order,
    rows_apart,
    rows_id,
)
from cmdb.reconciliation.keys import IdentifiedObservation
from cmdb.reconciliation.lookup import KnownRecord
from cmdb.reconciliation.proposal import Option, Review
from cmdb.reconciliation.source_statements import StatementConflict

NEW = "new"
"""The kind of a question about a record that would be created only because others name it."""

_NAMESPACE = uuid.UUID("6f0f4c1e-6d0c-5b0a-9a55-0d2f6c2f7b11")
_ENDS = {
    "new": Message("A new record"),
    "together": Message("They are one new record; where they differ, nothing is taken"),
    "separate": Message("Each is a record of its own"),
    "ignore": Message("Take in nothing of this, now and later"),
}


def decision_id(
    cluster: Cluster, clashes: Iterable[StatementConflict], candidates: Iterable[Candidate] | None = None
) -> str:
    """The id of the decision about a group: the same observation with the same evidence is the same decision.

    ``candidates``: with these instead of the group's own.
    It is computed from the English texts in every language, because estates contain such ids.
    """
    if cluster.kind == NEW:
        named = {"kind": NEW, "class": cluster.cls, "name": name_key(cluster.name), "said": _said_of(cluster)}
        return str(uuid.uuid5(_NAMESPACE, json.dumps(named, sort_keys=True, default=list)))
    about = {
        "kind": cluster.kind,
        "members": sorted(
            [m.obs.cls, sorted([k, v] for k, v in m.keys.items())] for m in cluster.members if not m.implied
        ),
        "candidates": sorted(
            [_whom(c), sorted((line.compared or line.text).source() for line in c.lines)]
            for c in (cluster.candidates if candidates is None else candidates)
        ),
        "clashes": sorted([c.attribute, [_said(v) for v in c.values]] for c in clashes),
    }
    return str(uuid.uuid5(_NAMESPACE, json.dumps(about, sort_keys=True, default=list)))


def _said_of(cluster: Cluster) -> list[Any]:
    """What tells a new record from another of its name: the places around it, its address."""
    one = cluster.members[0]
    keys = sorted([kind, str(key)] for kind, key in one.keys.items() if kind != "name")
    return [keys, _value(one.obs.values.get("location"))]


def _said(value: object) -> str:
    """A value in the one form that decisions have always named it by: 12 as "12.0", 899.90 as "899.9"."""
    return digits(value, 1) if isinstance(value, Decimal) else str(value)


def _whom(candidate: Candidate) -> str:
    """The identifier of a candidate that is the same in the next import: the id of the record, or the keys of the
    group.
    """
    if candidate.cluster is None:
        return candidate.uid
    return json.dumps(sorted([k, v] for m in candidate.cluster.members for k, v in m.keys.items()), default=list)


def describe(
    schema: Schema, cluster: Cluster, known: Mapping[str, KnownRecord], clashes: Sequence[StatementConflict]
) -> Review:
    """The review item of a group that could not be settled."""
    options: list[Option] = []
    if cluster.kind == "rows" and clashes:
        for number, one in enumerate(_rows(cluster), 1):
            text = Message("{origin}: {values}", origin=_origin(one), values=_stated(schema, one, clashes))
            options.append(Option(str(number), text, cls=one.obs.cls, name=cluster.name))
        options.append(Option("separate", _ENDS["separate"]))
    else:
        for number, candidate in enumerate(cluster.candidates, 1):
            options.append(_candidate(str(number), candidate, known))
        options.append(Option("together", _ENDS["together"]) if cluster.kind == "rows" else Option("new", _ENDS["new"]))
        if len(_rows(cluster)) > 1 and cluster.kind != NEW:
            options.append(Option("separate", _ENDS["separate"]))
    options.append(Option("ignore", _ENDS["ignore"]))
    origins = [m.obs.origin for m in _rows(cluster)]
    return Review(cluster.decision, cluster.kind, cluster.question, cluster.name, cluster.cls, options, origins)


def _origin(one: IdentifiedObservation) -> Message:
    return one.obs.origin.text or verbatim(one.source)


def _stated(schema: Schema, one: IdentifiedObservation, clashes: Iterable[StatementConflict]) -> tuple[Message, ...]:
    """The values of a row that contradict other rows."""
    return tuple(
        Message(
            "{attribute} {value}",
            attribute=c.label(schema, one.obs.cls),
            value=_shown(schema, one, c.attribute),
        )
        for c in clashes
    )


def _candidate(choice: str, candidate: Candidate, known: Mapping[str, KnownRecord]) -> Option:
    if candidate.cluster is not None:
        cls, name = candidate.cluster.cls, candidate.cluster.name
    else:
        record = known.get(candidate.uid)
        cls, name = (record.cls, str(record.values.get("name", ""))) if record else ("", candidate.uid)
    return Option(choice, verbatim(name), candidate.uid, cls, name, tuple(candidate.lines))


def open_decision(review: Review, cluster: Cluster) -> Edit:
    """The edit that stores a question, with the data for carrying out its decision later."""
    return Edit(Record("decision", (review.id,)), "", None, question(review, cluster))


def question(review: Review, cluster: Cluster) -> dict[str, Any]:
    """The fields of an open question, with the data for carrying out its decision later."""
    return {
        "kind": review.kind,
        "state": "open",
        "question": review.question.data(),
        "name": review.name,
        "class": review.cls,
        "candidates": [
            {
                "choice": o.choice, "text": o.text.data(), "uid": o.uid, "class": o.cls, "name": o.name,
                "evidence": [{"agrees": e.agrees, "text": e.text.data(), "weight": e.weight} for e in o.evidence],
            }
            for o in review.options
        ],
        "evidence": [reason.data() for reason in dict.fromkeys(cluster.reasons)],
        "origins": [origin.text.data() for origin in review.origins],
        "observation": dump(cluster),
    }  # fmt: skip


def outcome_of(fields: Mapping[str, Any], choice: str) -> str:
    """The outcome of a choice: "same:ID", "row:N", "new", "together", "separate" or "ignore"; "" if unknown."""
    wanted = name_key(choice)
    options = fields.get("candidates", [])
    for option in options:
        if wanted == option["choice"] or (option["uid"] and wanted == option["uid"]):
            return _outcome(option)
    named = [o for o in options if o["uid"] and name_key(o["name"]) == wanted]
    return _outcome(named[0]) if len(named) == 1 else ""


def _outcome(option: Mapping[str, Any]) -> str:
    if option["uid"]:
        return f"same:{option['uid']}"
    return f"row:{option['choice']}" if option["choice"].isdigit() else str(option["choice"])


def carry_out(
    cluster: Cluster, outcome: str, known: Mapping[str, KnownRecord], decided: Mapping[str, Any] = NOTHING_DECIDED
) -> list[Cluster]:
    """The groups that result from a decision, whose fields are ``decided``: with what was corrected in its rows.

    With an outcome that is no longer possible the group stays in review.
    """
    verb, _, detail = outcome.partition(":")
    fits = next((c.uid for c in cluster.candidates if c.uid in known), "")
    own = _rows(cluster)
    rows = corrected_rows(in_decided_order(own, [_content(one) for one in own], decided) if decided else own, decided)
    if verb == "same" and detail in known:
        cluster.state, cluster.uid, cluster.known = "same", detail, known[detail]
    elif verb in ("new", "together"):
        cluster.state = "new"
    elif verb == "ignore":
        cluster.state = "skip"
    elif verb == "separate":
        return rows_apart(cluster, rows, decided, known)
    elif verb == "row":
        if 0 < int(detail) <= len(rows):
            cluster.members = [rows[int(detail) - 1]]
            cluster.state = "same" if fits else "new"
            cluster.uid, cluster.known = fits, known.get(fits)
        return [cluster]
    if rows and decided.get(CORRECTIONS):
        cluster.members = (*rows, *(m for m in cluster.members if m.implied))
    return [cluster]


def id_of_rows(cluster: Cluster) -> str:
    """The id under which what was decided of a group's rows is kept."""
    return rows_id(map(_content, _rows(cluster)))


def _content(one: IdentifiedObservation) -> str:
    found = parsed(json.dumps(_observation(one.obs), default=str))
    assert isinstance(found, dict)
    return content(found)


def _rows(cluster: Cluster) -> list[IdentifiedObservation]:
    """The rows of a group, in an order that does not depend on the import."""
    rows = [m for m in cluster.members if not m.implied] or cluster.members
    return sorted(
        rows, key=lambda m: (json.dumps(_observation(m.obs), sort_keys=True, default=str), m.source, m.observed)
    )


def _shown(schema: Schema, one: IdentifiedObservation, name: str) -> str:
    if name == "class":
        return schema.cls(one.obs.cls).label
    value = one.obs.values.get(name)
    attribute = schema.cls(one.obs.cls).attributes.get(name)
    if isinstance(value, str) and attribute is not None:
        return label_of(attribute, value)
    return "–" if value is None else value.name if isinstance(value, NamedReference) else str(value)


# -- observations as JSON -------------------------------------------------------------------------------------------


def dump(cluster: Cluster) -> dict[str, Any]:
    """A group's observations as JSON, so that a decision can be carried out without the file."""
    return {
        "rows": [
            {"source": one.source, "observed": one.observed, "observation": _observation(one.obs)}
            for one in _rows(cluster)
        ]
    }


def load(document: Mapping[str, Any]) -> list[Reading]:
    """The readings that ``dump`` wrote."""
    return load_rows(document)[0]


def load_rows(
    document: Mapping[str, Any], corrections: Corrections = NO_CORRECTIONS
) -> tuple[list[Reading], list[Observation]]:
    """The readings that ``dump`` wrote, and their rows in the order of the question, corrected."""
    readings: dict[tuple[str, str], Reading] = {}
    rows: list[Observation] = []
    for number, row in enumerate(document["rows"], 1):
        kind, _, name = row["source"].partition(":")
        reading = readings.setdefault((row["source"], row["observed"]), Reading(Source(kind, name), row["observed"]))
        one = corrected(_observed(row["observation"]), corrections.get(number, {}))
        reading.observations.append(one)
        rows.append(one)
    return list(readings.values()), rows


def corrections_document(corrections: Corrections) -> dict[str, dict[str, Any]]:
    """Corrections as they are kept with a decision."""
    return {str(n): {a: _value(v) for a, v in own.items()} for n, own in corrections.items() if own}


def _observation(obs: Observation) -> dict[str, Any]:
    return {
        "cls": obs.cls,
        "values": {a: _value(v) for a, v in obs.values.items()},
        "origin": [obs.origin.file, obs.origin.sheet, obs.origin.row, obs.origin.host, obs.origin.columns],
        "evidence": {k: list(v) for k, v in obs.evidence.items()},
        "links": [
            [li.type, _value(li.other), li.inverse, li.group, li.needs, [_value(one) for one in li.known_as]]
            for li in obs.links
        ],
        "installed": [[getattr(i, f) for f in InstalledSoftware.__dataclass_fields__] for i in obs.installed],
        "sections": list(obs.sections),
        "partial": obs.partial,
        "clears": list(obs.clears),
        **({"details": dict(obs.details)} if obs.details else {}),
    }


def _observed(found: Mapping[str, Any]) -> Observation:
    return Observation(
        found["cls"],
        {a: _valued(v) for a, v in found["values"].items()},
        Origin(*found["origin"]),
        {k: list(v) for k, v in found["evidence"].items()},
        [
            Link(t, _valued(other), inverse, group, needs, known_as=tuple(map(_valued, known[0] if known else ())))
            for t, other, inverse, group, needs, *known in found["links"]
        ],
        [InstalledSoftware(*fields) for fields in found["installed"]],
        tuple(found["sections"]),
        found["partial"],
        tuple(found["clears"]),
        details={section: list(rows) for section, rows in found.get("details", {}).items()},
    )


def _value(value: Any) -> Any:
    if isinstance(value, NamedReference):
        return {"mention": [value.cls, value.name, [[a, _value(v)] for a, v in value.values]]}
    return value


def _valued(value: Any) -> Any:
    if isinstance(value, dict):
        cls, name, said = value["mention"]
        return NamedReference(cls, name, tuple((a, _valued(v)) for a, v in said))
    return value
