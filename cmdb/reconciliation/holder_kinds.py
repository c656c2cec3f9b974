"""Holders that are no people: teams, departments and places that the same import names as such."""

from __future__ import annotations

from collections.abc import Collection

from cmdb.model.group_names import without_department
from cmdb.model.name_keys import name_key
from cmdb.model.person_names import is_place
from cmdb.model.schema import Schema
from cmdb.reconciliation.references import ReferenceKey, fits

Missing = dict[tuple[str, str], list[ReferenceKey]]
"""(class, name key) → mentions that nothing answers to."""


def take_as_their_kind(schema: Schema, missing: Missing) -> None:
    """Moves mentions for which a person would be made to the team, department or place of their name.

    That is, where another mention of the import says that one is called so ("Sales" as user beside the department
    "Sales"), and the holder may be one.
    """
    kinds: dict[str, list[str]] = {}
    for cls, key in missing:
        if cls in schema.classes and not schema.is_a(cls, "person"):
            kinds.setdefault(key, []).append(cls)
    for place in [place for place in missing if place[0] == "person"]:
        stay = []
        for one in missing[place]:
            key = place[1] if place[1] in kinds else name_key(without_department(one[2]))
            cls = _kind(schema, one, kinds.get(key, ()))
            if cls:
                missing[cls, key].append(one)
            else:
                stay.append(one)
        if stay:
            missing[place] = stay
        else:
            del missing[place]


def _kind(schema: Schema, reference_key: ReferenceKey, kinds: Collection[str]) -> str:
    """The class of which a mention's record is made, "" for a person."""
    others = reference_key[0].partition("|")[2]
    allowed = [cls for cls in kinds if others and fits(schema, cls, others)]
    groups = [cls for cls in allowed if not schema.is_a(cls, "place")]
    if groups:
        return groups[0]
    return allowed[0] if allowed and not _may_be_full_name(reference_key[2]) else ""


def _may_be_full_name(name: str) -> bool:
    """Whether a place may be called after the person ("Hans Meyer" at home), rather than the other way round."""
    return " " in name.strip() and not any(letter.isdigit() for letter in name) and not is_place(name)
