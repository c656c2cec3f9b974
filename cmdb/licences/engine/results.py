"""What comes out: positions and the evidence behind every number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Literal

from cmdb.licences.engine.fingerprint import fingerprint

Verdict = Literal["compliant", "short", "over-licensed", "unknown", "ineligible", "exempt"]


@dataclass(frozen=True, slots=True, order=True)
class LicenceRule:
    """One constant that a position was computed with. ``value`` is shown as text."""

    metric: str
    name: str
    value: str
    since: date
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, order=True)
class MissingFact:
    """A fact that somebody has to supply: which one, of what."""

    fact: str
    of: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.fact} of {self.of}"


@dataclass(frozen=True, slots=True, order=True)
class DemandLine:
    """What one device, person or group needs, and why. ``quantity`` is None where a fact is missing."""

    holder: str
    holder_id: str
    fact: str
    rule: str
    arithmetic: str
    quantity: int | None
    covered: int
    missing: tuple[MissingFact, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True, order=True)
class SupplyLine:
    """What one purchase gives on the day. ``used`` may serve other positions (downgrade, suite)."""

    entitlement: str
    entitlement_id: str
    entitled: int
    unlimited: bool
    used: int
    spare: int
    non_transferable: int
    quantity: int
    pack: int
    channel: str
    start: date | None
    end: date | None
    maintenance_until: date | None
    agreement: str
    sku: str
    purchase_order: str
    invoice: str
    cost: float | None
    currency: str
    note: str


@dataclass(frozen=True, slots=True, order=True)
class AllocationLine:
    """Which purchase covers what: how many units, by which right, and why."""

    holder: str
    holder_id: str
    installed: str
    entitlement: str
    entitlement_id: str
    units: int
    right: str
    why: str


@dataclass(frozen=True, slots=True, order=True)
class ExceptionLine:
    """Something the numbers alone don't say: exempt, unknown, ineligible, retired but seen, stale, …"""

    kind: str
    product: str
    subject: str
    subject_id: str
    fact: str
    text: str


#: Of exceptions that say the same of ever so many computers, so many are listed; then how many more there are.
LISTED = 2_000


class ExceptionCollector:
    """Gathers exceptions; of one kind, product and fact at most ``LISTED``, and then one line with how many more."""

    def __init__(self) -> None:
        self.lines: list[ExceptionLine] = []
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def add(self, kind: str, product: str, subject: str, subject_id: str, fact: str, text: str) -> None:
        """One exception."""
        alike = kind, product, fact
        self._seen[alike] += 1
        if self._seen[alike] <= LISTED:
            self.lines.append(ExceptionLine(kind, product, subject, subject_id, fact, text))

    def all(self) -> list[ExceptionLine]:
        """What is listed, and what is left out by how many."""
        rest = {alike: seen - LISTED for alike, seen in self._seen.items() if seen > LISTED}
        return self.lines + [
            ExceptionLine(kind, product, f"and {more:,} more", "", fact, "The same is true of these.")
            for (kind, product, fact), more in rest.items()
        ]


@dataclass(frozen=True, slots=True, order=True)
class UnrecognisedLine:
    """A name that no catalogue entry fits and nobody bought, or that is no product (update, driver, runtime)."""

    kind: str
    product: str
    publisher: str
    version: str
    installations: int
    computers: int


@dataclass(frozen=True, slots=True)
class Position:
    """One row: a product in an edition and version, by a metric. ``covered + short = needed``."""

    product: str
    publisher: str
    edition: str
    version: str
    metric: str
    unit: str
    entitled: int
    needed: int
    covered: int
    short: int
    spare: int
    non_transferable: int
    unlimited: bool
    verdict: Verdict
    arithmetic: str
    missing: tuple[MissingFact, ...] = ()
    pack: int = 1
    true_up: float | None = None
    currency: str = ""
    actions: tuple[str, ...] = ()
    demand: tuple[DemandLine, ...] = ()
    supply: tuple[SupplyLine, ...] = ()
    allocation: tuple[AllocationLine, ...] = ()

    @property
    def title(self) -> str:
        """Product, edition and version in one line."""
        return " ".join(part for part in (self.product, self.edition, self.version) if part)


@dataclass(frozen=True, slots=True)
class Positions:
    """The effective licence position of a day."""

    at: date
    positions: tuple[Position, ...] = ()
    exceptions: tuple[ExceptionLine, ...] = ()
    unrecognised: tuple[UnrecognisedLine, ...] = ()
    rules: tuple[LicenceRule, ...] = ()
    hash: str = field(default="")

    def frozen(self) -> Positions:
        """The same with its hash: SHA-256 of the canonical JSON of everything else."""
        return replace(self, hash=fingerprint(replace(self, hash="")))

    def verdicts(self) -> dict[str, int]:
        """How many positions have each verdict."""
        counts: dict[str, int] = {}
        for row in self.positions:
            counts[row.verdict] = counts.get(row.verdict, 0) + 1
        return counts


#: Everything that results are made of.
Result = (
    Positions
    | Position
    | DemandLine
    | SupplyLine
    | AllocationLine
    | ExceptionLine
    | UnrecognisedLine
    | MissingFact
    | LicenceRule
)
#: What JSON can hold.
Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


def document(value: Result) -> dict[str, Json]:
    """JSON-native form of results: dataclasses as objects without their absent parts, dates as ISO text."""
    made = {one.name: _json(getattr(value, one.name)) for one in fields(value)}
    return {name: part for name, part in made.items() if part is not None and part != "" and part != []}


def _json(value: Result | tuple[Result, ...] | date | float | str | None) -> Json:
    if isinstance(value, Result):
        return document(value)
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
