"""What is reserved at a moment, and what is free during a time: the same answer for who asks and for the guard."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cmdb.model.intervals import Interval
from cmdb.model.life_cycle import STATUS, has_left, phase_of
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.reservations import KIND, Reservation, most_at_once, reservation_of, shown_days
from cmdb.model.selection import Selection
from cmdb.store.reading.naming import naming
from cmdb.store.reading.reader import Reader

KIT = "kit"
"""The class of kits, and the attribute by which their members name them."""
MODEL = "hardware_model"


def reservations_of(reader: Reader, uids: Collection[str]) -> list[Reservation]:
    """The reservations of some records, the earliest first."""
    wanted = set(uids)
    return [one for one in reservations_naming(reader, uids) if one.subject in wanted]


def reservations_naming(reader: Reader, uids: Collection[str]) -> list[Reservation]:
    """The reservations of some records, and those that are for them, the earliest first."""
    return in_order(reservation_of(key[0], fields) for key, fields in naming(reader, KIND, uids).items())


def every_reservation(reader: Reader) -> list[Reservation]:
    """All reservations, the earliest first."""
    return in_order(reservation_of(key[0], fields) for key, fields in reader.records(KIND).items())


def in_order(found: Iterable[Reservation]) -> list[Reservation]:
    """The earliest first."""
    return sorted(found, key=lambda one: (one.during.start, one.during.end or "~", one.uid))


def members_of(reader: Reader, kit: str) -> list[CI]:
    """The items of a kit, by name."""
    if KIT not in reader.schema.every_attribute:
        return []
    return list(reader.all(Selection("hardware", f"{KIT} = {kit}")))


def together_with(reader: Reader, one: CI) -> list[str]:
    """The records that go where this one goes: of a kit its members, of a member its kit."""
    if one.cls == KIT:
        return [one.uid, *(member.uid for member in members_of(reader, one.uid))]
    kit = one.text(KIT)
    return [one.uid, kit] if kit else [one.uid]


def obstacle(
    reader: Reader, subject: str, during: Interval, quantity: int = 1, without: Collection[str] = ()
) -> Reservation | None:
    """The reservation because of which a record is not free during a time; None where it is.

    ``quantity``: of a model so many of its items; of an item so many of its model, together with itself. ``without``:
    ids of reservations that do not count. Raises NotFound.
    """
    one = reader.get(subject)
    if reader.schema.is_a(one.cls, MODEL):
        return _of_model(reader, subject, during, quantity, without)
    for other in reservations_of(reader, together_with(reader, one)):
        if other.uid not in without and other.during.overlaps(during):
            return other
    model = one.text("model")
    if not model or not reservations_of(reader, [model]) or not _is_lendable(reader, one, during):
        return None
    return _of_model(reader, model, during, quantity, without)


def lendable(
    reader: Reader, model: str, during: Interval, without: Collection[str] = ()
) -> tuple[list[CI], list[Reservation]]:
    """The items of a model that can be lent during a time: in stock, or expected back by then, and not reserved by
    themselves; and the reservations of others of its items that could be had.
    """
    items = [one for one in reader.all(Selection("hardware", f"model = {model}")) if _is_lendable(reader, one, during)]
    kits = {one.text(KIT) for one in items} - {""}
    taken = [
        one for one in reservations_of(reader, [*(one.uid for one in items), *kits])
        if one.uid not in without and one.during.overlaps(during)
    ]  # fmt: skip
    subjects = {one.subject for one in taken}
    return [one for one in items if not subjects.intersection((one.uid, one.text(KIT)))], taken


def _of_model(
    reader: Reader, model: str, during: Interval, quantity: int, without: Collection[str]
) -> Reservation | None:
    """A reservation because of which too few items of a model are free; None where there are enough, or none is
    reserved.
    """
    others = [one for one in reservations_of(reader, [model]) if one.uid not in without]
    others = [one for one in others if one.during.overlaps(during)]
    free, taken = lendable(reader, model, during, without)
    if most_at_once(others, during) + quantity > len(free):
        return next(iter((*others, *taken)), None)
    return None


def _is_lendable(reader: Reader, one: CI, during: Interval) -> bool:
    """Whether an item can be had: it is in stock, or is expected back before the time begins."""
    if has_left(reader.schema, one.cls, one.values.get(STATUS)):
        return False
    if phase_of(reader.schema, one.cls, one.values.get(STATUS)) is Phase.STOCK:
        return True
    back = one.text("expected_return")
    return bool(back) and back < shown_days(during)[0]
