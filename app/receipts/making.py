"""The receipts that go with a hand over or a take back: made in its revision, and void with what they were for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.receipts.receipt_items import ReceiptItem, listed
from app.receipts.terms import TermsInForce, person_language, terms_for
from app.receipts.unsigned import RECEIPT
from app.work.about import CONCERNS
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import listing
from cmdb.model.messages import Message, counted
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.state_tables import STATE, first_state
from cmdb.model.values import show
from cmdb.register.edits import create_linked
from cmdb.register.verbs.shared_fields import day_of

if TYPE_CHECKING:
    from datetime import date

    from cmdb.model.values import Value
    from cmdb.model.verb import Values, Verb
    from cmdb.store.reading.reader import Reader

HANDED_OVER = "hand_over"
"""The verb, and what a receipt of it says was done."""
_HELD = "assigned_to"
_NAMED = 3


def with_receipts(reader: Reader, verb: Verb, made: Revision, acted: Sequence[CI], values: Values, at: str) -> Revision:
    """The revision of a verb with the receipts for it, one for each person.

    They are made where they are asked for, and where nothing is said where terms apply. Earlier receipts that nobody
    signed are void where all their items are handed on. Raises InvalidValue where no person could sign.
    """
    if RECEIPT not in reader.schema.classes or not acted:
        return made
    day, edits = day_of(at), list(made.edits)
    after = _after(acted, edits)
    wanted = values.get(RECEIPT)
    new = [] if wanted is False else _new(reader, verb.name, after, acted, day, made.author, asked=bool(wanted))
    void = _voided(reader, acted, day)
    return replace(made, edits=[*edits, *void, *(edit for one in new for edit in one)])


def _new(
    reader: Reader, act: str, after: Sequence[CI], acted: Sequence[CI], day: date, author: str, *, asked: bool
) -> list[list[Edit]]:
    """The edits of each new receipt."""
    held = after if act == HANDED_OVER else acted
    by_holder: dict[str, list[CI]] = {}
    for now, one in zip(after, held, strict=True):
        by_holder.setdefault(one.text(_HELD), []).append(now)
    people = {
        uid: one for uid, one in reader.by_uid(by_holder.keys() - {""}).items() if reader.schema.is_a(one.cls, "person")
    }
    others = by_holder.keys() - people.keys() - {""}
    if asked and others and not people:
        name = min(name for _, name in reader.names(others).values())
        raise InvalidValue(Message("A receipt is signed by a person, which {name} is not.", name=name))
    found = []
    for uid, items in by_holder.items():
        if uid not in people:
            continue
        terms = terms_for(reader, items, person_language(people[uid]), day)
        if asked or terms:
            found.append(_receipt(reader, act, people[uid], items, terms, day, author))
    return found


def _receipt(
    reader: Reader, act: str, person: CI, items: Sequence[CI], terms: Sequence[TermsInForce], day: date, author: str
) -> list[Edit]:
    """The edits that make a receipt. It keeps what its items were then, and the terms as they are shown."""
    lines = [_item(reader, one) for one in items]
    missing = dict.fromkeys(text for one in items if (text := one.text("missing_accessories")))
    values: dict[str, Value | None] = {
        "name": str(_title(act, person, items)),
        "action": act,
        "done_on": day.isoformat(),
        "signer": person.uid,
        "listed_items": listed(lines),
        "missing_accessories": "; ".join(missing) or None if act != HANDED_OVER else None,
        "terms_shown": listing([one.title for one in terms], "unit") or None,
        "terms_text": "\n\n".join(f"{one.title}\n\n{one.text}" for one in terms) or None,
    }
    links = [(CONCERNS, one.uid) for one in items]
    return list(create_linked(reader, RECEIPT, values, links, author).edits)


def _item(reader: Reader, one: CI) -> ReceiptItem:
    condition = reader.schema.cls(one.cls).attributes.get("condition")
    shown = show(condition, one.values.get("condition")) if condition is not None else ""
    return ReceiptItem(one.name, one.text("asset_tag"), one.text("serial_number"), shown, one.text("accessories"))


def _title(act: str, person: CI, items: Sequence[CI]) -> Message:
    names = tuple(one.name for one in items[:_NAMED])
    more = len(items) - len(names)
    if act == HANDED_OVER and more:
        return counted(
            "Hand over of {items} and {count} more to {person}",
            "Hand over of {items} and {count} more to {person}",
            more,
            items=names,
            person=person.name,
        )
    if act == HANDED_OVER:
        return Message("Hand over of {items} to {person}", items=names, person=person.name)
    if more:
        return counted(
            "Return of {items} and {count} more from {person}",
            "Return of {items} and {count} more from {person}",
            more,
            items=names,
            person=person.name,
        )
    return Message("Return of {items} from {person}", items=names, person=person.name)


def _after(acted: Sequence[CI], edits: Iterable[Edit]) -> list[CI]:
    """Records as they are after edits."""
    changed: dict[str, dict[str, Value | None]] = {one.uid: dict(one.values) for one in acted}
    for edit in edits:
        if edit.record.kind == "ci" and edit.field and edit.record.key[0] in changed:
            changed[edit.record.key[0]][edit.field] = edit.after  # type: ignore[assignment]
    return [
        replace(one, values={name: value for name, value in changed[one.uid].items() if value is not None})
        for one in acted
    ]


def _voided(reader: Reader, acted: Sequence[CI], day: date) -> Iterator[Edit]:
    """The edits that make earlier receipts of hand overs void, which nobody signed and all items of which are here."""
    schema = reader.schema
    ids = {one.id for one in acted}
    sources = {work for its in reader.linked_to(CONCERNS, ids).values() for work in its}
    receipts = reader.by_uid(uid for uid, cls, _ in reader.outer(sources).values() if schema.is_a(cls, RECEIPT))
    waiting = {
        one.id: one
        for one in receipts.values()
        if one.values.get(STATE) == first_state(schema, one.cls)
        and one.text("action") == HANDED_OVER
        and one.text("done_on") <= day.isoformat()
    }
    for inner, targets in reader.linked(CONCERNS, waiting.keys()).items():
        line = schema.cls(waiting[inner].cls).transitions.get("void")
        if line is not None and ids.issuperset(targets):
            record = ci(waiting[inner].uid)
            reason = Message("The items were handed on before it was signed.")
            yield Edit(record, STATE, waiting[inner].values.get(STATE), line.after)
            yield Edit(record, "reason", waiting[inner].values.get("reason"), str(reason))
