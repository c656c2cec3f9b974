"""What relationships, dependency groups and memberships must fit together at the end of a revision.

A membership goes with its relationship and with its group, and a relationship that is left in no group stands alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, exists, or_, select

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.store.rows import tables
from cmdb.store.rows.journal import Journal

_GROUP, _GROUP_PAST = tables.dependency_group, tables.dependency_group_version
_LINK, _LINK_PAST = tables.relationship, tables.relationship_version
_MEMBER, _MEMBER_PAST = tables.membership, tables.membership_version


class MembershipRules:
    """The rules of one revision, all of whose edits have been written. ``kinds`` are those that it writes besides.

    ``ended`` are the kinds of which it deleted records, ``changed`` those of which it changed some. ``dependent``: it
    wrote relationships that do not stand alone. What goes with an item takes its memberships along, and does not count.
    """

    def __init__(
        self, connection: Connection, journal: Journal, ended: set[str], changed: set[str], *, dependent: bool
    ) -> None:
        self.connection = connection
        self.journal = journal
        self.ended = ended
        self.changed = changed
        self.dependent = dependent
        self.kinds: set[str] = set()

    def finish(self) -> None:
        """Writes what follows. Raises InvalidValue where a relationship is in a group that it cannot be in."""
        if "relationship" in self.ended:
            self._end(_LINK, _LINK_PAST, same_relationship)
        if "group" in self.ended:
            self._end(_GROUP, _GROUP_PAST, same_group)
        if "group" in self.changed:
            of_it = _GROUP_PAST.join(_MEMBER, same_group(_MEMBER, _GROUP_PAST))
            self._check(of_it, _GROUP_PAST.c.ended == self.journal.number)
        if "membership" in self.ended | self.kinds:
            self._stand_alone(_MEMBER_PAST.c.ended == self.journal.number, same_relationship(_MEMBER_PAST, _LINK))
        if _MEMBER.name in self.journal.touched:
            self._check(_MEMBER, _MEMBER.c.revision == self.journal.number)
        if self.dependent:
            self._stand_alone(_LINK.c.revision == self.journal.number)

    def _end(self, current: Table, past: Table, same: Callable[[Table, Table], ColumnElement[bool]]) -> None:
        """Ends the memberships of the relationships or groups that the revision has taken away."""
        statement = (
            select(*_MEMBER.primary_key.columns)
            .join(past, same(_MEMBER, past))
            .where(past.c.ended == self.journal.number, ~exists().where(same(_MEMBER, current)))
        )
        keys = [tuple(row) for row in self.connection.execute(statement.distinct())]
        if keys:
            self.journal.delete(_MEMBER, _MEMBER_PAST, keys)
            self.kinds.add("membership")

    def _stand_alone(self, *conditions: ColumnElement[bool]) -> None:
        """Those of some relationships that are in no group stand alone."""
        statement = select(*_LINK.primary_key.columns).where(
            *conditions, _LINK.c.alone == 0, ~exists().where(same_relationship(_MEMBER, _LINK)).correlate(_LINK)
        )
        keys = [tuple(row) for row in self.connection.execute(statement.distinct())]
        if keys:
            self.journal.supersede(_LINK, _LINK_PAST, keys)
            self.journal.update(_LINK, ("alone",), [(1, *key) for key in keys])
            self.kinds.add("relationship")

    def _check(self, some: FromClause, *conditions: ColumnElement[bool]) -> None:
        """Raises InvalidValue where one of some memberships is not of a group and a relationship of its owner."""
        statement = (
            select(tables.ci.c.name, _GROUP.c.uid, _GROUP.c.label, _LINK.c.type)
            .select_from(some)
            .outerjoin(tables.ci, tables.ci.c.id == _MEMBER.c.source)
            .outerjoin(_GROUP, same_group(_MEMBER, _GROUP))
            .outerjoin(_LINK, same_relationship(_MEMBER, _LINK))
            .where(*conditions, or_(_GROUP.c.uid.is_(None), _LINK.c.type.is_(None), ~touches_owner()))
        )
        lost: Any = self.connection.execute(statement.limit(1)).first()
        if lost is None:
            return
        if lost.uid is None:
            raise InvalidValue(
                Message("A relationship of {name} is in a redundancy group that does not exist.", name=lost.name or "")
            )
        group = lost.label or lost.uid
        if lost.type is None:
            raise InvalidValue(
                Message(
                    "The redundancy group {group} has a relationship of {name} that does not exist.",
                    name=lost.name or "",
                    group=group,
                )
            )
        raise InvalidValue(
            Message(
                "A relationship of {name} cannot be in the redundancy group {group}, which belongs to neither of its "
                "ends.",
                name=lost.name or "",
                group=group,
            )
        )


def same_relationship(one: Table, other: Table) -> ColumnElement[bool]:
    """Whether the rows of two tables are of the same relationship."""
    return and_(*(one.c[name] == other.c[name] for name in ("type", "source", "target")))


def same_group(member: Table, group: Table) -> ColumnElement[bool]:
    """Whether a membership is one of a dependency group."""
    return member.c.group_id == group.c.uid


def touches_owner() -> ColumnElement[bool]:
    """Whether a group's owner is an end of a relationship."""
    return or_(_LINK.c.source == _GROUP.c.owner, _LINK.c.target == _GROUP.c.owner)
