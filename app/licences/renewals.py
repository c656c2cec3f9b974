"""Renewals: subscriptions, maintenance, agreements and contracts that end within a year, with their last days to
cancel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmdb.model.calendar_bounds import days_after
from cmdb.model.life_cycle import has_left
from cmdb.model.messages import tr

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

DAYS = 365
#: The number of days before its date from which on a renewal is due.
DUE = 30
SOON = 90


@dataclass(frozen=True, slots=True)
class Renewal:
    """A record that ends, or renews itself unless it is cancelled in time. Dates are ISO text, "" for none."""

    uid: str
    name: str
    kind: str
    about: str
    ends: str
    cancel_by: str
    """The last day to give notice."""
    renews: bool | None
    cost: Decimal | None
    currency: str
    today: str

    @property
    def act_by(self) -> str:
        """The relevant day: the last day to cancel, if it is in the future; else the end."""
        return self.cancel_by if self.today <= self.cancel_by <= (self.ends or self.cancel_by) else self.ends

    @property
    def too_late(self) -> bool:
        """Whether the last day to cancel has passed."""
        return bool(self.cancel_by) and self.cancel_by < self.today

    @property
    def days(self) -> int:
        """Days until it matters."""
        return (date.fromisoformat(self.act_by) - date.fromisoformat(self.today)).days

    @property
    def tone(self) -> str:
        """The urgency."""
        return "bad" if self.days < DUE else "warning" if self.days < SOON else ""


def renewals(reader: Reader, today: date) -> list[Renewal]:
    """The records that end or must be cancelled within a year from today; the most urgent first."""
    agreements = {one.uid: one for one in _all(reader, "agreement")}
    low, high = today.isoformat(), days_after(today, DAYS).isoformat()
    found = [
        one
        for one in (*_entitlements(reader, agreements, low), *_contracts(reader, agreements, low))
        if low <= one.act_by <= high
    ]
    return sorted(found, key=lambda r: (r.act_by, r.name.casefold(), r.kind, r.uid))


def by_month(found: Iterable[Renewal], first: date) -> dict[str, list[Renewal]]:
    """Renewals by the month of the day that matters ("2026-11"): that of a day, and the eleven after it."""
    numbers = range(first.month - 1, first.month + 11)
    months: dict[str, list[Renewal]] = {f"{first.year + n // 12}-{n % 12 + 1:02}": [] for n in numbers}
    for one in found:
        if one.act_by[:7] in months:
            months[one.act_by[:7]].append(one)
    return months


def _all(reader: Reader, cls: str) -> Iterator[CI]:
    from cmdb.model.selection import Selection

    for one in reader.all(Selection(cls=cls)):
        if not has_left(reader.schema, one.cls, one.values.get("status")):
            yield one


def _entitlements(reader: Reader, agreements: dict[str, CI], today: str) -> Iterator[Renewal]:
    for one in _all(reader, "entitlement"):
        v: Mapping[str, Any] = one.values
        agreement = agreements.get(v.get("agreement", ""))
        notice = str(agreement.values.get("cancel_by", "")) if agreement is not None else ""
        about = " ".join(str(v[name]) for name in ("product", "edition", "version") if v.get(name))
        kind = tr("Subscription") if v.get("channel") == "subscription" else tr("Licence")
        maintained = v.get("maintenance_until", "")
        for ends, what in (
            (v.get("end", ""), kind),
            (maintained if maintained != v.get("end") else "", tr("Maintenance")),
        ):
            if ends:
                cancel_by = notice if notice and notice <= ends else ""
                yield Renewal(one.uid, one.name, what, about, ends, cancel_by, None, v.get("cost"),
                              v.get("currency", ""), today)  # fmt: skip


def _contracts(reader: Reader, agreements: dict[str, CI], today: str) -> Iterator[Renewal]:
    contracts = [*agreements.values(), *_all(reader, "contract")]
    suppliers = reader.names({str(c.values["supplier"]) for c in contracts if c.values.get("supplier")})
    for one in contracts:
        v: Mapping[str, Any] = one.values
        ends = str(v.get("end", ""))
        cancel_by = str(v.get("cancel_by", ""))
        if not cancel_by and ends and v.get("notice_period"):
            cancel_by = days_after(date.fromisoformat(ends), -int(v["notice_period"])).isoformat()
        if not ends and not cancel_by:
            continue
        supplier = suppliers.get(str(v.get("supplier", "")), ("", ""))[1] or str(v.get("publisher", ""))
        about = " · ".join(part for part in (supplier, str(v.get("number", ""))) if part)
        yield Renewal(one.uid, one.name, reader.schema.cls(one.cls).label, about, ends, cancel_by, v.get("renews"),
                      v.get("cost"), v.get("currency", ""), today)  # fmt: skip
