"""Errors whose text is shown to the user.

A ``UserError`` and its subclasses are expected: the message says what is wrong, where, and what to do. Any other
exception is a bug and is reported as a bug.
"""

from __future__ import annotations

from cmdb.model.messages import Message


class UserError(Exception):
    """An error that a person can understand and correct. ``str()`` is one line; ``details`` are further lines."""

    def __init__(self, message: Message, details: tuple[Message, ...] = ()) -> None:
        super().__init__(message, details)
        self.message = message
        self._details = details

    def __str__(self) -> str:
        return str(self.message)

    @property
    def details(self) -> tuple[str, ...]:
        """Further lines, worded."""
        return tuple(map(str, self._details))


class InvalidValue(UserError):
    """A value that its attribute does not take."""


class SchemaError(UserError):
    """The schema contradicts itself, or lacks a class, attribute or relationship type that is named."""


class QueryError(UserError):
    """A filter that cannot be read. ``position`` is the character where reading stopped."""

    def __init__(self, message: Message, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class NotFound(UserError):
    """No record has that name."""


class Ambiguous(UserError):
    """Several records answer to that name; ``details`` lists them."""


class Conflict(UserError):
    """The record changed since the edit was prepared; nothing was written.

    ``record`` is the id of the record, "" where it is not of one.
    """

    def __init__(self, message: Message, details: tuple[Message, ...] = (), *, record: str = "") -> None:
        super().__init__(message, details)
        self.record = record


class Outdated(Conflict):
    """What a revision was decided on has changed since; nothing was written. It may be decided anew.

    ``number`` is the later revision.
    """

    def __init__(self, message: Message, details: tuple[Message, ...] = (), *, number: int) -> None:
        super().__init__(message, details)
        self.number = number


class Irreversible(UserError):
    """A revision that cannot be undone: it was undone already, or what it changed is no longer kept."""


class FileProblem(UserError):
    """A file that cannot be read, is not what it claims to be, or cannot be written."""


class StoreProblem(UserError):
    """The estate's file or database is in use, read-only, damaged, too new, or not Terrier's."""


class BrokenJournal(StoreProblem):
    """An estate of an older format whose journal was changed from outside: it is not brought up to date unasked.

    ``numbers`` are the revisions that do not hold what was written; ``pruned`` is the revision up to which the history
    is no longer kept, where that part was changed, otherwise 0.
    """

    def __init__(self, message: Message, numbers: tuple[int, ...], pruned: int) -> None:
        super().__init__(message)
        self.numbers = numbers
        self.pruned = pruned


class Unavailable(StoreProblem):
    """The estate cannot be worked with at the moment: a server that is gone or refuses. Nothing is wrong with it."""


class InUse(Unavailable):
    """Another program has held the estate for too long. Trying again may help."""


class Locked(StoreProblem):
    """An encrypted estate, and no passphrase was given, or a ``wrong`` one."""

    def __init__(self, message: Message, *, wrong: bool = False) -> None:
        super().__init__(message)
        self.wrong = wrong


class Cancelled(UserError):
    """The person cancelled the job; nothing was kept."""

    def __init__(self) -> None:
        super().__init__(Message("Cancelled; nothing was changed."))
