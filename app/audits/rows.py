"""The rows of audits: what is expected, scans, and closed places, as records of the kind ``result``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.audits import AuditOutcome, AuditScan, ClosedPlace, Excuse, ExpectedItem, ScanMark
from cmdb.model.revision import Record

KIND = "result"
_SCAN, _CLOSED = "scan:", "closed:"


@dataclass
class AuditRows:
    """The rows of one audit, told apart."""

    expected: dict[str, ExpectedItem] = field(default_factory=dict)
    """By their codes, which are the ids of the records that were expected."""
    scans: list[AuditScan] = field(default_factory=list)
    closed: dict[str, ClosedPlace] = field(default_factory=dict)


def told_apart(results: Iterable[tuple[str, Mapping[str, Any]]], same: Mapping[str, str] | None = None) -> AuditRows:
    """The rows of results (code and fields). ``same``: a place that was merged → the one that it is now."""
    found, same = AuditRows(), same or {}
    for code, fields in results:
        extra = fields.get("extra") or {}
        if code.startswith(_SCAN):
            found.scans.append(_scan(code.removeprefix(_SCAN), fields, extra, same))
        elif code.startswith(_CLOSED):
            place = code.removeprefix(_CLOSED)
            place = same.get(place, place)
            found.closed[place] = ClosedPlace(place, str(extra.get("by", "")), int(fields["at"]))
        else:
            found.expected[code] = _expected(code, fields, extra, same)
    return found


def places_in(results: Iterable[Mapping[str, Any]]) -> set[str]:
    """The places (ids) that results name."""
    found: set[str] = set()
    for fields in results:
        extra = fields.get("extra") or {}
        found.update((*extra.get("within", ()), extra.get("place", "")))
    return found - {""}


def scan_record(audit: str, scan: str) -> Record:
    """The record of a scan (an id)."""
    return Record(KIND, (audit, f"{_SCAN}{scan}"))


def expected_record(audit: str, item: str) -> Record:
    """The record of an expected item (an id)."""
    return Record(KIND, (audit, item))


def closed_record(audit: str, place: str) -> Record:
    """The record of a place (an id) that was looked through."""
    return Record(KIND, (audit, f"{_CLOSED}{place}"))


def fields_of_expected(item: ExpectedItem, at: int) -> dict[str, Any]:
    """The fields of an expected item; ``at`` is when the audit was started."""
    extra: dict[str, Any] = {
        "name": item.name, "class": item.cls, "tag": item.tag, "serial": item.serial, "model": item.model,
        "place": item.place, "within": list(item.within), "holder": item.holder,
    }  # fmt: skip
    if item.excuse is not None:
        extra["excuse"] = {"why": item.excuse.why, "by": item.excuse.by, "at": item.excuse.at}
    return {"record": item.record, "at": at, "extra": _kept(extra)}


def fields_of_scan(scan: AuditScan) -> dict[str, Any]:
    """The fields of a scan."""
    extra = {
        "code": scan.code, "place": scan.place, "turned_up": str(scan.turned_up), "condition": scan.condition,
        "marks": sorted(scan.marks), "choice": scan.choice, "note": scan.note, "by": scan.by, "device": scan.device,
        "clock": scan.clock, "withdrawn": scan.withdrawn,
    }  # fmt: skip
    fields = {"record": scan.record, "at": scan.at, "found": scan.read_as, "extra": _kept(extra)}
    return {name: value for name, value in fields.items() if value not in ("", {})}


def fields_of_closed(by: str, at: int) -> dict[str, Any]:
    """The fields of a place that was looked through."""
    return {"at": at, "extra": {"by": by}}


def _kept(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What says something."""
    return {name: value for name, value in extra.items() if value}


def _expected(code: str, fields: Mapping[str, Any], extra: Mapping[str, Any], same: Mapping[str, str]) -> ExpectedItem:
    excuse = extra.get("excuse")
    texts = {name: str(extra.get(name, "")) for name in ("name", "tag", "serial", "model", "holder")}
    place = str(extra.get("place", ""))
    return ExpectedItem(
        str(fields.get("record") or code),
        cls=str(extra.get("class", "")),
        place=same.get(place, place),
        within=tuple(same.get(one, one) for one in extra.get("within", ())),
        excuse=Excuse(str(excuse["why"]), str(excuse["by"]), int(excuse["at"])) if excuse else None,
        **texts,
    )


def _scan(uid: str, fields: Mapping[str, Any], extra: Mapping[str, Any], same: Mapping[str, str]) -> AuditScan:
    texts = {name: str(extra.get(name, "")) for name in ("code", "condition", "choice", "note", "by", "device")}
    place = str(extra.get("place", ""))
    return AuditScan(
        uid,
        int(fields["at"]),
        place=same.get(place, place),
        record=str(fields.get("record") or ""),
        read_as=str(fields.get("found") or ""),
        turned_up=AuditOutcome(extra.get("turned_up", AuditOutcome.UNKNOWN)),
        marks=frozenset(map(ScanMark, extra.get("marks", ()))),
        clock=int(extra.get("clock", 0)),
        withdrawn=bool(extra.get("withdrawn")),
        **texts,
    )
