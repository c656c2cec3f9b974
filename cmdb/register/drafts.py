"""Drafts by name: made, listed and dropped. What they hold is in ``cmdb.store.drafts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmdb.model.characters import one_line
from cmdb.model.drafts import OPEN, Draft
from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.messages import Message, verbatim
from cmdb.model.revision import Edit, Record, Revision, new_id, now

if TYPE_CHECKING:  # The window knows drafts before it has read its first rows, without SQLAlchemy.
    from cmdb.store.reading.reader import Reader

LONGEST = 100
"""Characters of a draft's name."""


def drafts(reader: Reader) -> list[Draft]:
    """The open drafts, by name."""
    found = [_draft(key[0], fields) for key, fields in reader.records("draft").items()]
    return sorted((one for one in found if one.state == OPEN), key=lambda one: one.name.casefold())


def named(reader: Reader, name: str) -> Draft:
    """The open draft of a name, whatever its case. Raises NotFound, which lists the drafts that there are."""
    known = drafts(reader)
    for one in known:
        if one.name.casefold() == name.strip().casefold() or one.id == name:
            return one
    raise NotFound(Message("There is no open draft “{name}”.", name=name), tuple(verbatim(one.name) for one in known))


def new_draft(reader: Reader, name: str, author: str) -> tuple[Draft, Revision]:
    """A new draft and the revision that makes it. Raises InvalidValue for a name that is empty, long or taken."""
    wanted = " ".join(one_line(name).split())
    if not wanted or len(wanted) > LONGEST:
        raise InvalidValue(Message("A draft needs a name of at most {number} characters.", number=LONGEST))
    if any(one.name.casefold() == wanted.casefold() for one in drafts(reader)):
        raise InvalidValue(Message("There is a draft “{name}” already.", name=wanted))
    made = Draft(new_id(), wanted, author, reader.number, OPEN, now())
    fields = {"name": made.name, "author": author, "base": made.base, "state": OPEN, "extra": {"made": made.made}}
    reason = Message("New draft “{name}”", name=wanted)
    return made, Revision([Edit(Record("draft", (made.id,)), "", None, fields)], author, reason=reason)


def dropped(reader: Reader, draft: Draft, author: str) -> Revision:
    """The revision that drops a draft."""
    whole = reader.records("draft")[(draft.id,)]
    reason = Message("Draft “{name}” dropped", name=draft.name)
    return Revision([Edit(Record("draft", (draft.id,)), "", whole, None)], author, reason=reason)


def _draft(uid: str, fields: Any) -> Draft:
    extra = fields.get("extra") or {}
    return Draft(
        uid, str(fields["name"]), str(fields.get("author") or ""), int(fields.get("base") or 0),
        str(fields.get("state") or OPEN), str(extra.get("made", "")),
    )  # fmt: skip
