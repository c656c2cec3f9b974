"""What comes out: positions and the evidence behind every number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from cmdb.licences.engine.fingerprint import fingerprint
from cmdb.licences.labels import fact_words
from cmdb.model.messages import Message, counted, text_key

Verdict = Literal["compliant", "short", "over-licensed", "unknown", "ineligible", "exempt"]


#: What is shown of a line: a text, or a name that is the same in every language.
Text = Message | str


@dataclass(frozen=True, slots=True)
class LicenceRule:
    """One constant that a position was computed with. ``metric`` is the metric's id."""

    metric: str
    name: Message
    value: Text
    since: date
    source: str
    note: Text = ""

    @property
    def order(self) -> tuple[str, str, str, date]:
        """By what rules are listed, in every language alike."""
        return self.metric, text_key(self.name), text_key(self.value), self.since


@dataclass(frozen=True, slots=True, order=True)
class MissingFact:
    """A fact that somebody has to supply: which one (an id of ``labels.FACTS``), of what, and what it is about.

    ``of`` is "" where it is of the organisation; ``detail`` is a question, a processor's model, or a metric.
    """

    fact: str
    of: str
    id: str = ""
    detail: str = ""

    @property
    def text(self) -> Message:
        """The fact in a sentence: "processor model of esx-1"."""
        fact = fact_words(self.fact, self.detail)
        return Message("{fact} of {name}", fact=fact, name=self.of) if self.of else fact

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True, slots=True)
class DemandLine:
    """What one device, person or group needs, and why. ``quantity`` is None where a fact is missing."""

    holder: str
    holder_id: str
    fact: Text
    rule: Text
    arithmetic: Text
    quantity: int | None
    covered: int
    missing: tuple[MissingFact, ...] = ()
    stale: bool = False
    idle: bool = False
    """A seat whose holder doesn't use the product."""


@dataclass(frozen=True, slots=True)
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
    cost: Decimal | None
    currency: str
    note: Text


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """Which purchase covers what: how many units, by which right (an id of ``labels.RIGHTS``), and why."""

    holder: str
    holder_id: str
    installed: str
    entitlement: str
    entitlement_id: str
    units: int
    right: str
    why: Text


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """Something the numbers alone don't say: exempt, unknown, ineligible, retired but seen, stale, …

    ``kind`` and ``fact`` are ids of ``labels.EXCEPTIONS`` and ``labels.FACTS``.
    """

    kind: str
    product: str
    subject: Text
    subject_id: str
    fact: str
    text: Text

    @property
    def order(self) -> tuple[str, str, str, str, str, str]:
        """By what exceptions are listed, in every language alike."""
        return self.kind, self.product, text_key(self.subject), self.subject_id, self.fact, text_key(self.text)


#: How many exceptions of one kind, product and fact are listed one by one.
LISTED = 2_000


_ALIKE = Message("The same is true of these.")


class ExceptionCollector:
    """Gathers exceptions; of one kind, product and fact at most ``LISTED``, and then one line with how many more."""

    def __init__(self) -> None:
        self.lines: list[ExceptionLine] = []
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def add(self, kind: str, product: str, subject: Text, subject_id: str, fact: str, text: Text) -> None:
        """One exception."""
        alike = kind, product, fact
        self._seen[alike] += 1
        if self._seen[alike] <= LISTED:
            self.lines.append(ExceptionLine(kind, product, subject, subject_id, fact, text))

    def all(self) -> list[ExceptionLine]:
        """What is listed, and what is left out by how many."""
        rest = {alike: seen - LISTED for alike, seen in self._seen.items() if seen > LISTED}
        return self.lines + [
            ExceptionLine(kind, product, counted("and {count} more", "and {count} more", more), "", fact, _ALIKE)
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
    arithmetic: Message
    missing: tuple[MissingFact, ...] = ()
    pack: int = 1
    true_up: Decimal | None = None
    currency: str = ""
    actions: tuple[Message, ...] = ()
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
Json = bool | int | float | Decimal | str | list["Json"] | dict[str, "Json"] | None


def document(value: Result) -> dict[str, Json]:
    """JSON-native form of results: dataclasses as objects without their absent parts, dates as ISO text.

    Texts are worded in the current language; ids (metric, verdict, right, fact, kind) are the same in all.
    """
    made = {one.name: _json(getattr(value, one.name)) for one in fields(value)}
    return {name: part for name, part in made.items() if part is not None and part != "" and part != []}


def _json(value: Result | tuple[Result, ...] | Message | date | float | Decimal | str | None) -> Json:
    if isinstance(value, Message):
        return str(value)
    if isinstance(value, Result):
        return document(value)
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
