"""Saved views that several people write: what a view is decided on, and what is said where it is not so any more."""

from __future__ import annotations

from cmdb.model.errors import Conflict
from cmdb.model.guards import KindGuard
from cmdb.model.messages import Message

ALL_VIEWS = (KindGuard("saved_view"),)
"""A view is written by who has seen all of them: no other has its name, and it is as it was seen."""


def taken(name: str) -> Conflict:
    """Another view has the name, and the person has not seen it."""
    return Conflict(
        Message("Another view was saved as “{name}” meanwhile: choose another name, or open it.", name=name)
    )


def changed(name: str) -> Conflict:
    """A view is no longer as it was opened."""
    return Conflict(
        Message("The view “{name}” was changed meanwhile: open it again, or save yours under another name.", name=name)
    )


def not_deleted(name: str) -> Conflict:
    """A view that is to be deleted is no longer as it was seen."""
    return Conflict(
        Message(
            "The view “{name}” was changed meanwhile, and is not deleted: look at it before you delete it.", name=name
        )
    )
