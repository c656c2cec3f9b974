"""The course of an audit: it is started, places are closed, items are excused, it is finished or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdb.model.audits import AuditScope
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


def number_expected(reader: Reader, scope: AuditScope) -> int:
    """How many items an audit of a scope would expect. Raises QueryError, NotFound."""
    raise NotImplementedError


def start(reader: Reader, scope: AuditScope, author: str, *, name: str = "", blind: bool = False) -> Revision:
    """A revision that starts an audit; its id is the first edit's. Raises QueryError, NotFound, InvalidValue where
    nothing is in the scope.
    """
    raise NotImplementedError


def excuse(reader: Reader, audit: str, records: Sequence[str], why: str, author: str) -> Revision:
    """Says why expected items (ids) need not be found; "" takes that back."""
    raise NotImplementedError


def close_place(reader: Reader, audit: str, place: str, author: str) -> Revision:
    """Says that a place was looked through."""
    raise NotImplementedError


def reopen_place(reader: Reader, audit: str, place: str, author: str) -> Revision:
    """Says that a place is looked through once more."""
    raise NotImplementedError


def finish(reader: Reader, audit: str, author: str) -> Revision:
    """Ends the scanning: what was not scanned is missing."""
    raise NotImplementedError


def resume(reader: Reader, audit: str, author: str) -> Revision:
    """Takes a finished audit up again."""
    raise NotImplementedError


def drop(reader: Reader, audit: str, author: str, reason: str = "") -> Revision:
    """Ends an audit of which nothing is taken over."""
    raise NotImplementedError
