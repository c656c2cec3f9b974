"""The copies of an estate: where it goes on by itself, and where a revision was made."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.actors import Actor


@dataclass(frozen=True, slots=True)
class EstateCopy:
    """A copy of the estate. ``made`` is ISO UTC; ``public_key`` of a pack's, in hexadecimal, or ""; ``parent``: the id
    of the copy that it was made from, or "".
    """

    uid: str
    name: str
    made: str
    public_key: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class RevisionOrigin:
    """Where a revision was made that is brought back: by whom, and in which copy of the estate."""

    actor: Actor
    copy: EstateCopy
