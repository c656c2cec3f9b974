"""The facts that a licence position lacks: their place in the register, and the revision that supplies one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr
from cmdb.model.name_keys import name_key
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Attribute
from cmdb.model.values import Value
from cmdb.register import edits

if TYPE_CHECKING:
    from cmdb.licences.engine.results import MissingFact, Position
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

#: A fact that only a scan or an import can supply.
INVENTORY = "software inventory"
#: The number of facts that are asked for together; the others follow when these are known.
ASKED = 30
#: Computers without an inventory that are listed.
UNSEEN = 2_000


GapKey = tuple[str, str, str]
"""The key of a gap: the fact, the name of what lacks it, and its id ("" if that is not a record)."""


@dataclass(frozen=True, slots=True)
class FactGap:
    """A missing fact, and how it can be supplied: an attribute of a record, an installed edition, or an answer."""

    missing: MissingFact
    how: str
    """"attribute", "edition", "answer", "inventory", or "" where it cannot be typed here."""
    attribute: Attribute | None = None
    cls: str = ""

    @property
    def key(self) -> GapKey:
        """Tells gaps apart."""
        return self.missing.fact, self.missing.of, self.missing.id

    @property
    def question(self) -> str:
        """The question for the fact, from the catalogue."""
        return self.missing.detail


@dataclass(frozen=True, slots=True)
class MissingFacts:
    """The gaps of a position: the first gaps with their records, and the total number.

    ``unseen`` are the first computers that were never inventoried, of ``inventories``.
    """

    gaps: list[FactGap]
    records: dict[str, CI]
    facts: int
    unseen: list[MissingFact]
    inventories: int


NOTHING = MissingFacts([], {}, 0, [], 0)


def missing_facts(reader: Reader, position: Position, also: Collection[GapKey] = ()) -> MissingFacts:
    """The gaps of a position: the first ``ASKED`` facts and those that are asked for already (``also``).

    For a worker, because there may be a gap for every computer of a huge estate.
    """
    typed = [one for one in position.missing if one.fact != INVENTORY]
    inventories = sorted((m for m in position.missing if m.fact == INVENTORY), key=lambda m: name_key(m.of))
    wanted = [one for at, one in enumerate(typed) if at < ASKED or (one.fact, one.of, one.id) in also]
    found = reader.by_uid({one.id for one in wanted if one.id})
    made = gaps(position, wanted, found, reader.schema)
    return MissingFacts(made, found, len(typed), inventories[:UNSEEN], len(inventories))


def gaps(position: Position, wanted: Iterable[MissingFact], found: dict[str, CI], schema: Schema) -> list[FactGap]:
    """Some of what a position misses, each with how it can be supplied; ``found`` are the records it is missing of."""
    return [_gap(one, found.get(one.id), schema, position) for one in wanted]


def _gap(missing: MissingFact, one: CI | None, schema: Schema, position: Position) -> FactGap:
    if missing.fact == "answer":
        return FactGap(missing, "answer")
    if missing.fact == INVENTORY:
        return FactGap(missing, "inventory")
    if one is None:
        return FactGap(missing, "")
    name = missing.fact.replace(" ", "_")
    attributes = schema.cls(one.cls).attributes
    if name == "edition" and name not in attributes:
        if position.metric == "windows server core" and "os_edition" in attributes:
            name = "os_edition"
        else:
            return FactGap(missing, "edition", _edition_attribute(), one.cls)
    attribute = attributes.get(name)
    return FactGap(missing, "attribute" if attribute else "", attribute, one.cls)


def _edition_attribute() -> Attribute:
    """The attribute that describes the field for an installed edition; a computer's class has none."""
    return Attribute("edition", tr("Edition"), help=tr("As installed: Standard, Enterprise, Professional, …"))


def supply(reader: Reader, gap: FactGap, value: Value | None, position: Position, author: str) -> Revision:
    """The revision that states a missing fact: a value, an edition, or whether a condition holds.

    Raises NotFound, and UserError for a fact that cannot be typed. Applying it raises InvalidValue.
    """
    uid = gap.missing.id
    if gap.how == "answer":
        return _answer(gap, bool(value), author)
    if gap.how == "edition":
        return _edition(reader, uid, str(value), position, author)
    if gap.attribute is None:
        text = Message("{fact}: this can't be typed; it comes with an import or a scan.", fact=gap.missing.text)
        raise UserError(text)
    reason = Message("Supplied for the licence position of {title}", title=position.title)
    return edits.set_values(reader, [uid], {gap.attribute.name: value}, author, reason)


def _edition(reader: Reader, uid: str, edition: str, position: Position, author: str) -> Revision:
    """Copies of the product on a computer that have no edition get one. It is part of their key: each is made anew."""
    from cmdb.licences.said_names import catalogue_of

    catalogue = catalogue_of(reader)
    changes = []
    for one in reader.installations(uid):
        what = catalogue.recognise(one.product, one.publisher, one.edition, one.version, one.origin)
        if what.edition or what.product.name != position.product:
            continue
        parts = ("user", "environment", "installed_on", "last_used", "origin")
        fields = {part: getattr(one, part) for part in parts if getattr(one, part)}
        for name, before, after in ((one.edition, fields, None), (edition, None, fields)):
            key = (uid, one.scope, one.publisher, one.product, name, one.version)
            changes.append(Edit(Record("installation", key), "", before, after))
    return Revision(changes, author, reason=Message("Edition of {product} supplied", product=position.product))


def _answer(gap: FactGap, yes: bool, author: str) -> Revision:
    """The revision that answers a condition of free use: a settled decision that names the product."""
    fields = {
        "kind": "licence condition",
        "state": "done",
        "question": gap.question,
        "candidates": [],
        "evidence": gap.missing.of,
        "outcome": "yes" if yes else "no",
    }
    names = {"question": gap.question, "product": gap.missing.of}
    reason = Message("Yes: {question} ({product})", **names) if yes else Message("No: {question} ({product})", **names)
    edit = Edit(Record("decision", (new_id(),)), "", None, fields)
    return Revision([edit], author, reason=reason)
