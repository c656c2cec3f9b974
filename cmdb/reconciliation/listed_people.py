"""Names in a cell that takes one person: whether they are one person's, or several people's.

Nobody is created of several people's names. A reference that names them is not followed, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from itertools import chain

from cmdb.model.formats import listing
from cmdb.model.group_names import is_company, is_group
from cmdb.model.messages import EMPTY, Message
from cmdb.model.name_keys import name_key
from cmdb.model.person_names import (
    Listed,
    is_nobody,
    is_place,
    is_stock,
    is_unfilled,
    people_in,
    plain,
    says_last_name_first,
)
from cmdb.reconciliation.part_names import part_of
from cmdb.reconciliation.references import ReferenceKey

SEVERAL = "several"
"""The kind of what is not followed because it names several."""
NOBODY = "nobody"
"""The kind of what is not followed because it names no person, but where a thing is, that it is in stock, or a team;
or because it is less than a full name.
"""
_PEOPLE_WROTE = ("sheet", "person")
"""Sources in which people wrote the names, rather than programs."""


class UnresolvedReference:
    """The reason why a mention has no record."""

    __slots__ = ("among", "code", "each", "kind", "message", "suggested")

    def __init__(
        self,
        message: Message,
        kind: str = "reference",
        suggested: tuple[str, ...] = (),
        code: str = "",
        each: tuple[str, ...] = (),
        among: tuple[str, ...] = (),
    ) -> None:
        self.message = message
        self.kind = kind
        self.suggested = suggested
        """What could be named instead, the likeliest first."""
        self.code = code or kind
        self.each = each
        """The ids of all the records that it names, for where several may stand."""
        self.among = among
        """The ids of the records of which it may name any."""


class ListedPeople:
    """Tells the names of several people from those of one, by what else the import and the register name.

    ``known``: the ids of those who have the names of a collection, by name. ``full_names``: the names of all people in
    the register and in the rows of the import.
    """

    def __init__(
        self,
        mentions: Mapping[ReferenceKey, tuple[str, str]],
        known: Callable[[Collection[str]], Mapping[str, Collection[str]]],
        full_names: Callable[[], Iterable[str]],
    ) -> None:
        self._mentions = mentions
        self._known = known
        self._full_names = full_names

    @cached_property
    def _named(self) -> list[str]:
        return [one[2] for one in self._mentions if _of_people(one)]

    @cached_property
    def _alone(self) -> frozenset[str]:
        """The names that stand alone in other cells."""
        return frozenset(name_key(name) for name in self._named if "," not in name)

    @cached_property
    def _last_name_first(self) -> bool:
        return any(map(says_last_name_first, self._named))

    def among(self, reference_keys: Collection[ReferenceKey]) -> dict[ReferenceKey, UnresolvedReference]:
        """Those of the mentions, none of which is known as it stands, that are not of one person."""
        nobody = {one: _nobody(one[2], _of_people(one)) for one in reference_keys if _may_be_person(one)}
        asked = {one: people_in(one[2]) for one in reference_keys}
        asked = {one: found for one, found in asked.items() if found[1] is not None}
        known = self._known({part for parts, _ in asked.values() for part in parts}) if asked else {}
        found = {one: failure for one, failure in nobody.items() if failure is not None}
        for one, (parts, listed) in asked.items():
            those = [part for part in parts if known.get(part) or name_key(part) in self._alone]
            each = tuple(uid for part in parts for uid in known.get(part, ())) if len(those) == len(parts) else ()
            if not _of_people(one):
                made = one[0] == "party" and not (is_company(one[2]) or is_group(one[2]))
                listed = Listed.PERHAPS if made and listed is not Listed.IF_KNOWN else Listed.IF_KNOWN
            if listed is Listed.SURELY or len(those) == len(parts) or (listed is Listed.PERHAPS and those):
                found[one] = _several(one[2], parts, those, each if len(each) == len(parts) else ())
            elif listed is Listed.PERHAPS and (not self._last_name_first or "@" in one[2] or not _of_people(one)):
                found[one] = _in_doubt(one[2], plain(one[2]))
            elif those[:1] == [parts[0]] and " " in parts[0]:  # "Ann Lee, IT": the name does not go on behind the comma
                found[one] = _in_doubt(one[2], parts[0])
        return {**self._parts([one for one in reference_keys if one not in found]), **found}

    def _parts(self, reference_keys: Collection[ReferenceKey]) -> dict[ReferenceKey, UnresolvedReference]:
        """Those of the mentions in sheets that are less than a full name, and may stand for people who are known."""
        asked = [
            one for one in reference_keys if _may_be_person(one) and self._mentions[one][0].startswith(_PEOPLE_WROTE)
        ]
        if not asked:
            return {}
        also = (plain(one[2]) for one in reference_keys if _may_be_person(one))
        found = part_of({one[2] for one in asked}, chain(self._full_names(), also))
        return {one: _may_be(one[2], found[one[2]]) for one in asked if one[2] in found}


def _nobody(name: str, person: bool) -> UnresolvedReference | None:
    """Why a word that stands for no person is not followed: that nobody has a thing says as much as a blank cell.

    ``person``: a person is expected; else it may be a company, a team or a department as well.
    """
    if is_nobody(name):
        return UnresolvedReference(EMPTY, "optional")
    word = is_stock(name) or is_place(name) or is_unfilled(name)
    if not person and not (word and any(map(str.isalpha, name))):
        return None
    if not (word or is_company(name)):
        if not is_group(name):
            return None
        message = Message("“{name}” is no person's name, and no team or department is called so.", name=name)
        return UnresolvedReference(message, NOBODY, code="people.group")
    message = Message("“{name}” names no person.", name=name)
    return UnresolvedReference(message, NOBODY, code="people.nobody")


def _of_people(reference_key: ReferenceKey) -> bool:
    """Whether a person is expected first; else it may be a company, whose name may have commas and "and"."""
    return reference_key[0].partition("|")[0] == "person"


def _may_be_person(reference_key: ReferenceKey) -> bool:
    """Whether a person is expected first, or anybody who may own or manage a thing."""
    return _of_people(reference_key) or reference_key[0] == "party"


def _several(name: str, parts: tuple[str, ...], known: list[str], each: tuple[str, ...]) -> UnresolvedReference:
    message = Message("“{name}” names several people where one is expected.", name=name)
    return UnresolvedReference(message, SEVERAL, tuple(dict.fromkeys((*known, *parts))), "people.several", each)


def listed_names(name: str) -> UnresolvedReference:
    """Why names between semicolons are not followed where one is expected."""
    parts = tuple(part.strip() for part in name.split(";") if part.strip())
    message = Message("“{name}” names several where one is expected.", name=name)
    return UnresolvedReference(message, SEVERAL, parts, "reference.several")


def _may_be(name: str, known: tuple[str, ...]) -> UnresolvedReference:
    message = Message("“{name}” is no full name. It may be {people}.", name=name, people=listing(known, "or"))
    return UnresolvedReference(message, NOBODY, known, "people.part-of-name")


def _in_doubt(name: str, instead: str) -> UnresolvedReference:
    message = Message("“{name}” may be one person or several people.", name=name)
    return UnresolvedReference(message, SEVERAL, (instead,), "people.in-doubt")
