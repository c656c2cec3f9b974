"""Kits: what is done with one is done with the things in it; what is done with one of these asks about the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmdb.model.errors import InvalidValue
from cmdb.model.life_cycle import STATUS, Phase, phase_of
from cmdb.model.messages import EMPTY, Message, chain
from cmdb.register.verbs.shared_fields import WHOLE_KIT, status_word

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.model.verb import Records, Values, Verb
    from cmdb.store.reading.reader import Reader

KIT = "kit"
"""The class of kits, and the attribute by which things name theirs."""
ASKED = WHOLE_KIT.name
"""The field that asks whether a whole kit goes."""
_TOGETHER = (
    "hand_over", "take_back", "move", "send_to_repair", "back_from_repair", "report_lost", "report_found",
)  # fmt: skip
"""The verbs that are done with all of a kit."""
_CUSTODY = "assigned_to"


@dataclass(frozen=True)
class KitMove:
    """With which records a verb is done: those that were chosen, and what goes along.

    ``apart``: things that are taken out of their kits; ``missing``: kit → what is in it and does not go along.
    """

    uids: tuple[str, ...]
    apart: tuple[CI, ...] = ()
    missing: Mapping[str, tuple[CI, ...]] = field(default_factory=dict)


def moves_kits(verb: Verb) -> bool:
    """Whether a verb is done with all of a kit."""
    return verb.name in _TOGETHER


def asks_about_kits(verb: Verb) -> bool:
    """Whether it must be said for a thing of a kit whether the whole kit goes."""
    return any(one.name == ASKED for one in verb.fields)


def kit_move(reader: Reader, verb: Verb, uids: Sequence[str], values: Values) -> KitMove:
    """With what a verb is done. Raises InvalidValue where it isn't said whether a whole kit goes."""
    from cmdb.store.reading.reservations import members_of

    if KIT not in reader.schema.every_attribute or not moves_kits(verb):
        return KitMove(tuple(uids))
    chosen = reader.by_uid(uids)
    kits = {one.uid: one for one in chosen.values() if one.cls == KIT}
    alone = list(_alone(reader, chosen.values())) if asks_about_kits(verb) else []
    whole = values.get(ASKED)
    if alone and whole is None:
        one, kit = alone[0]
        raise InvalidValue(
            Message(
                "{name} belongs to the kit {kit}. State {field}=yes and the whole kit goes, or {field}=no and {name} "
                "is taken out of it.",
                name=one.name,
                kit=kit.name,
                field=ASKED,
            )
        )
    if whole:
        kits.update((kit.uid, kit) for _, kit in alone)
    found = dict.fromkeys((*uids, *kits))
    missing: dict[str, tuple[CI, ...]] = {}
    for kit in kits.values():
        left: list[CI] = []
        for one in members_of(reader, kit.uid):
            if one.uid in found or (is_with(reader.schema, one, kit) and not verb.reason(reader.schema, one)):
                found[one.uid] = None
            else:
                left.append(one)
        if left:
            missing[kit.name] = tuple(left)
    return KitMove(tuple(found), () if whole else tuple(one for one, _ in alone), missing)


def of_kits(records: Records, chosen: Iterable[CI]) -> list[str]:
    """The names of kits of which things are chosen, without the kit."""
    return list(dict.fromkeys(kit.name for _, kit in _alone(records, chosen)))


def _alone(records: Records, chosen: Iterable[CI]) -> Iterator[tuple[CI, CI]]:
    """Things that are with their kit and were chosen without it, each with the kit."""
    its = {one.uid: one for one in chosen}
    named = {one.text(KIT) for one in its.values()} - {"", *its}
    kits = records.by_uid(named) if named else {}
    for one in its.values():
        kit = kits.get(one.text(KIT))
        if kit is not None and is_with(records.schema, one, kit):
            yield one, kit


def is_with(schema: Schema, one: CI, kit: CI) -> bool:
    """Whether a thing of a kit is where the kit is: with the same holder, and neither lost nor in repair nor gone."""
    if one.values.get(_CUSTODY) != kit.values.get(_CUSTODY):
        return False
    phase, of_kit = (phase_of(schema, record.cls, record.values.get(STATUS)) for record in (one, kit))
    if phase in (Phase.LEAVING, Phase.GONE):
        return False
    return phase is not Phase.AWAY or of_kit is Phase.AWAY


def incomplete(reader: Reader, move: KitMove) -> Message:
    """What is in the kits and does not go along, in words; an empty text for nothing."""
    holders = reader.names({one.text(_CUSTODY) for its in move.missing.values() for one in its} - {""})
    told = []
    for kit, its in move.missing.items():
        items = tuple(str(_where(reader.schema, one, holders)) for one in its)
        told.append(Message("{kit} is incomplete, without {items}.", kit=kit, items=items))
    return told[0] if len(told) == 1 else chain(told) if told else EMPTY


def _where(schema: Schema, one: CI, holders: Mapping[str, tuple[str, str]]) -> Message:
    holder = holders.get(one.text(_CUSTODY))
    if holder is not None:
        return Message("{name} ({status}, {holder})", name=one.name, status=status_word(schema, one), holder=holder[1])
    return Message("{name} ({status})", name=one.name, status=status_word(schema, one))
