"""The records of audits: an audit's own values, and the rows that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audits.rows import AuditRows, places_in, told_apart
from cmdb.model.audits import AUDIT, IN_PROGRESS, Audit, AuditScope
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.state_tables import STATE
from cmdb.model.values import label_of

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader


def audit_of(reader: Reader, uid: str) -> Audit:
    """An audit by its id. Raises NotFound, InvalidValue where it is another record."""
    return as_audit(reader, reader.get(uid))


def as_audit(reader: Reader, one: CI) -> Audit:
    """A record as an audit. Raises InvalidValue where it is none."""
    if not reader.schema.is_a(one.cls, AUDIT):
        raise InvalidValue(Message("{name} is no audit.", name=one.name))
    scope = AuditScope(
        one.text("scope_place"), one.text("scope_class"), one.text("scope_owner"), one.text("scope_filter")
    )
    return Audit(
        one.uid, one.text("number"), one.name, one.text(STATE), scope, one.values.get("blind") is True,
        one.text("opened"), one.text("started_by"), one.text("finished"), one.text("finished_by"),
        one.text("accepted"), one.text("accepted_by"),
    )  # fmt: skip


def require(reader: Reader, uid: str, *states: str) -> Audit:
    """An audit that is in one of some states. Raises InvalidValue where it is in another one, NotFound."""
    found = audit_of(reader, uid)
    if found.state in states:
        return found
    attribute = reader.schema.attribute(AUDIT, STATE)
    state = label_of(attribute, found.state)
    if found.accepted_by:
        raise InvalidValue(
            Message("{audit} is “{state}”; {person} accepted it.", audit=found.number, state=state,
                    person=found.accepted_by)
        )  # fmt: skip
    if IN_PROGRESS in states:
        raise InvalidValue(
            Message("{audit} is “{state}”: nothing is scanned any more.", audit=found.number, state=state)
        )
    raise InvalidValue(Message("{audit} is “{state}”: finish it first.", audit=found.number, state=state))


def rows_of(reader: Reader, audit: str) -> AuditRows:
    """All rows of an audit."""
    from cmdb.store.reading.audit_results import results_of

    results = results_of(reader, audit)
    return told_apart(results.items(), merged_places(reader, places_in(results.values())))


def merged_places(reader: Reader, places: set[str]) -> dict[str, str]:
    """Places that were merged → the places that they are now."""
    gone = places - reader.names(places).keys()
    if not gone:
        return {}
    from cmdb.store.reading.lookup import StoreLookup

    return dict(StoreLookup(reader).merged_into(gone))
