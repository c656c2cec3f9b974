"""What the records of a revision refer to: it must be there, and of a class that the attribute takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.store.rows.codec import IN_CHUNK, Identities, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.record_names import called
from cmdb.store.rows.roots import ROOTS
from cmdb.store.rows.statement_checks import Checkers


class ItemReferences:
    """Finds what is referred to. ``classes`` are those of records that are known, ``created`` the ids of new ones."""

    def __init__(
        self, connection: Connection, schema: Schema, ids: Identities, revision: Revision, checkers: Checkers,
        classes: dict[str, str], created: Collection[str],
    ) -> None:  # fmt: skip
        self._connection, self._schema, self._ids, self._revision = connection, schema, ids, revision
        self._checkers, self._classes, self._created = checkers, classes, created

    def resolve(self, written: Iterable[tuple[str, Mapping[str, Any], Collection[str]]]) -> None:
        """Finds the inner ids of all targets of (class, values, new names).

        Raises InvalidValue for a new reference to a missing record, or to a record of a class that the attribute does
        not allow.
        """
        wanted: set[str] = set()
        fresh: dict[tuple[str, tuple[str, ...]], str] = {}
        for cls, values, names in written:
            checker = self._checkers.of(cls)
            for name in checker.references:
                if name in values:
                    wanted.add(values[name])
                    if name in names:
                        fresh[values[name], checker.targets[name]] = checker.attributes[name].label
        self._ids.want_inner(wanted)
        self._want_classes(uid for uid, _ in fresh)
        for (uid, targets), label in fresh.items():
            if uid not in self._ids.inner:
                raise InvalidValue(
                    Message(
                        "{attribute} refers to {record}, which does not exist.",
                        attribute=label,
                        record=called(self._connection, uid),
                    )
                )
            cls = self._classes[uid]
            if not any(self._schema.is_a(cls, target) for target in targets):
                known = self._schema.cls(cls).label if cls in self._schema.classes else cls
                raise InvalidValue(
                    Message(
                        "{attribute} refers to {name} of class {cls}; it takes a record of class {wanted}.",
                        attribute=label,
                        name=self._name(uid),
                        cls=known,
                        wanted=tuple(self._schema.cls(target).label for target in targets),
                    )
                )

    def _want_classes(self, uids: Iterable[str]) -> None:
        wanted = set(uids)
        for root in ROOTS:
            c = root.table.c
            for batch in chunks([uid for uid in wanted if uid not in self._classes], IN_CHUNK):
                statement = select(c.uid, c["class"]).where(in_values(c.uid, batch))
                self._classes.update((row[0], row[1]) for row in self._connection.execute(statement))

    def _name(self, uid: str) -> str | Message:
        """What a record is called that is there, or that the revision creates."""
        for edit in self._revision.edits if uid in self._created else ():
            if edit.record.key == (uid,) and not edit.field and isinstance(edit.after, Mapping):
                return str(edit.after.get("name", uid))
        return called(self._connection, uid)
