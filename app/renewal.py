"""Deciding anew: what was decided on something that has changed meanwhile is decided again, and then written.

Whoever writes at the same moment may change what a proposal, a review decision or a verb rests on. The store then
refuses the revision. Nothing is lost: the decision is made again on the estate as it is now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast

from cmdb.model.errors import Conflict, InvalidValue, NotFound, Outdated, UserError
from cmdb.model.messages import Message, verbatim

if TYPE_CHECKING:
    from app.question import Ask
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from cmdb.model.revision import Revision
    from cmdb.store.store import Store

D = TypeVar("D")
A = TypeVar("A", bound="AppliedRevision | None")

ATTEMPTS = 10
"""How often a decision is made at most. Each time it is refused, somebody else has written."""
REFUSED = (Conflict, InvalidValue, NotFound)
"""The errors of a revision that does not fit the estate. If the estate has changed, another decision may fit."""


def is_outdated(store: Store, error: Exception, decided_at: int) -> bool:
    """Whether a revision was refused and something was written since it was decided. Raises StoreProblem."""
    return isinstance(error, REFUSED) and store.data_version() != decided_at


def told_apart(store: Store, error: UserError, revision: Revision) -> UserError:
    """An error of a revision that was refused: as Outdated where something was written since it was decided."""
    if isinstance(error, Outdated) or not is_outdated(store, error, revision.decided_at):
        return error
    return Outdated(error.message, tuple(map(verbatim, error.details)), number=store.data_version())


def settled(
    store: Store,
    decide: Callable[[], D],
    write: Callable[[D], A],
    decided_at: Callable[[D], int],
    refused: Callable[[UserError], object] = lambda error: None,
) -> tuple[D, A]:
    """The decision that was written, and what ``write`` returned, with what others wrote meanwhile.

    ``decided_at`` is the latest revision that a decision knew of. ``refused`` is called with the error before the
    decision is made again. Raises what the two raise.
    """
    told: dict[str, Message] = {}
    attempts = 1
    while True:
        decision = decide()
        try:
            written = write(decision)
        except REFUSED as error:
            if attempts == ATTEMPTS or not is_outdated(store, error, decided_at(decision)):
                raise
            refused(error)
            told[str(error.message)] = error.message
            attempts += 1
        else:
            if told and written is not None:
                written = cast(A, replace(written, meanwhile=tuple(told.values())))
            return decision, written


def edit(
    store: Store,
    make: Ask[Revision],
    write: Callable[[Revision], AppliedRevision],
    refused: Callable[[UserError], object] = lambda error: None,
) -> AppliedRevision:
    """Makes a revision from a view of the present and writes it; makes it anew if what it rests on has changed.

    What was written meanwhile stands in the result. ``refused`` is called with the error before it is made anew.
    """

    def decide() -> Revision:
        with store.read() as reader:
            return replace(make(reader), decided_at=reader.number)

    return settled(store, decide, write, lambda revision: revision.decided_at, refused)[1]


def undo(
    store: Store, number: int, author: str, control: Control | None = None, *, record: str = "", attribute: str = ""
) -> AppliedRevision:
    """Takes a revision back; anew if others wrote meanwhile. Raises what ``history.undo`` raises.

    With ``record``, an id, only what the revision wrote of it; with ``attribute`` too, only what it wrote of that.
    """
    from app.undo import undoing

    def write(_: int) -> AppliedRevision:
        with store.read() as reader:
            revision, kept = undoing(reader, number, author, record, attribute)
            revision = replace(revision, decided_at=revision.decided_at or reader.number)
        return replace(store.apply(revision, control), kept=kept)

    return settled(store, store.data_version, write, lambda latest: latest)[1]
