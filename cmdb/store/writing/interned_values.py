"""Values that many rows share, each stored once: software releases, and the bodies of rows of sections."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.journal import Journal

Release = tuple[str, str, str, str]
_MOST = 20_000
"""The number of bodies that are remembered, to limit memory."""


class InternedReleases:
    """Interned software releases: (publisher, product, edition, version) → id."""

    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._ids: dict[Release, int] = {}

    def want(self, wanted: Iterable[Release], *, create: bool) -> None:
        """Looks up, and makes where ``create``, the releases that aren't known yet."""
        missing = {r for r in wanted if r not in self._ids}
        if not missing:
            return
        t = tables.release.c
        statement = select(t.publisher, t.product, t.edition, t.version, t.id)
        for batch in chunks({r[1] for r in missing}, IN_CHUNK):
            for *release, inner in self._connection.execute(statement.where(in_values(t.product, batch))):
                self._ids[tuple(release)] = inner
        fresh = sorted(missing - self._ids.keys())
        if create and fresh:
            first = (self._connection.execute(select(func.max(t.id))).scalar() or 0) + 1
            rows = [(first + i, *r) for i, r in enumerate(fresh)]
            self._journal.intern("release", ("id", "publisher", "product", "edition", "version"), rows)
            self._ids.update({r[1:]: r[0] for r in rows})

    def numbers(self, software: Sequence[tuple[str, ...]]) -> list[int]:
        """The number of each release, made where it is not there: product, publisher, edition, version come first."""
        wanted: list[Any] = [(one[1], one[0], one[2], one[3]) for one in software]
        found = list(map(self._ids.get, wanted))
        if None in found:
            self.want(wanted, create=True)
            found = list(map(self._ids.get, wanted))
        return found  # type: ignore[return-value]

    def __getitem__(self, release: Release) -> int:
        return self._ids.get(release, 0)


class InternedBodies:
    """Interned bodies of rows of sections: their JSON, as ``encode_row`` makes it → id."""

    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._ids: dict[bytes, int] = {}

    def create(self, wanted: Iterable[bytes]) -> None:
        """Looks up those that aren't known yet, and makes those that aren't there."""
        if len(self._ids) > _MOST:
            self._ids.clear()
        missing = {hashlib.sha256(body).hexdigest(): body for body in wanted if body not in self._ids}
        if not missing:
            return
        t = tables.section_body.c
        for batch in chunks(list(missing), IN_CHUNK):
            for inner, digest in self._connection.execute(select(t.id, t.hash).where(in_values(t.hash, batch))):
                self._ids[missing.pop(digest)] = inner
        if missing:
            first = (self._connection.execute(select(func.max(t.id))).scalar() or 0) + 1
            rows = [(first + n, digest, body.decode()) for n, (digest, body) in enumerate(sorted(missing.items()))]
            self._journal.intern("body", ("id", "hash", "body"), rows)
            self._ids.update({missing[digest]: inner for inner, digest, _ in rows})

    def numbers(self, bodies: Sequence[bytes]) -> list[int]:
        """The number of each, made where it is not there."""
        found = list(map(self._ids.get, bodies))
        if None in found:
            self.create(bodies)
            found = list(map(self._ids.get, bodies))
        return found  # type: ignore[return-value]

    def __getitem__(self, body: bytes) -> int:
        return self._ids[body]
