"""Comments on records: who said what, and when. They belong to the record, have a history, and can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cmdb.model import clock
from cmdb.model.characters import visible
from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

LONGEST = 10_000
"""Characters of a comment."""
KIND = "comment"
_LEAST = 3
"""Letters that comments are searched for: fewer are in nearly all of them."""
_BEFORE = 24
"""Characters of a comment that are shown before what was searched for."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment on the record ``owner``. Times are ISO UTC; ``edited`` is "" where it stands as it was written."""

    id: str
    owner: str
    text: str
    by: str
    at: str
    edited: str = ""


class FoundComment(NamedTuple):
    """A comment that has the words of a search, with the part around the first of them, and its record."""

    comment: Comment
    excerpt: str
    record: tuple[str, str]
    """Name and class."""


def comments_of(reader: Reader, uid: str) -> list[Comment]:
    """The comments on a record at the reader's moment, the oldest first."""
    from cmdb.store.reading.owned_documents import documents_of

    found = [_comment(key, fields) for key, fields in documents_of(reader, KIND, [uid])]
    return sorted(found, key=lambda one: (one.at, one.id))


def comments_with(reader: Reader, text: str, most: int) -> list[Comment]:
    """The latest ``most`` comments that have all words of a text, at the reader's moment; none for a very short one."""
    from cmdb.store.reading.owned_documents import documents_with
    from cmdb.store.rows.search_index import terms
    from cmdb.store.rows.search_terms import fold

    wanted = [fold(word) for word in terms(text)]
    if sum(map(len, wanted)) < _LEAST:
        return []
    documents = (_comment(key, fields) for key, fields in documents_with(reader, KIND, wanted))
    having = (one for one in documents if all(word in fold(one.text) for word in wanted))
    return list(islice(having, most))


def found_comments(reader: Reader, text: str, most: int) -> list[FoundComment]:
    """The latest ``most`` comments that have all words of a text, with their records."""
    from cmdb.store.rows.search_index import terms
    from cmdb.store.rows.search_terms import fold

    found = comments_with(reader, text, most)
    records = reader.by_uid({one.owner for one in found})
    first = fold(next(iter(terms(text)), ""))
    return [
        FoundComment(one, _around(one.text, fold(one.text).find(first)), (owner.name, owner.cls))
        for one in found
        if (owner := records.get(one.owner)) is not None
    ]


def _around(text: str, place: int) -> str:
    """A text on one line, from shortly before a place."""
    begin = max(0, place - _BEFORE)
    begin = text.find(" ", begin, place) + 1 if begin else 0
    return ("… " if begin else "") + " ".join(text[begin:].split())


def number_of_comments(reader: Reader, uid: str) -> int:
    """How many comments a record has."""
    from cmdb.store.reading.owned_documents import number_of_documents

    return number_of_documents(reader, KIND, uid)


def write(reader: Reader, uid: str, text: str, author: str) -> Revision:
    """A revision with a new comment on a record. Raises InvalidValue for an empty or too long text, NotFound."""
    fields = {"owner": uid, "text": checked(text), "by": author, "at": clock.now()}
    name = reader.get(uid).name
    edit = Edit(Record(KIND, (new_id(),)), "", None, fields)
    return Revision([edit], author, reason=Message("Comment on {name}", name=name))


def change(reader: Reader, comment: Comment, text: str, author: str) -> Revision:
    """A revision that gives a comment another text. Raises InvalidValue as ``write``, NotFound where it was deleted."""
    text = checked(text)
    record, fields = _present(reader, comment)
    edits = [Edit(record, "text", comment.text, text)]
    edits.append(Edit(record, "edited", fields.get("edited"), clock.now()))
    reason = Message("Comment on {name} changed", name=_name(reader, fields))
    return Revision(edits if text != comment.text else [], author, reason=reason)


def delete(reader: Reader, comment: Comment, author: str) -> Revision:
    """A revision that deletes a comment. Raises NotFound where it is gone; it is a Conflict where its text is another
    one by now, which nobody has seen.
    """
    record, fields = _present(reader, comment)
    reason = Message("Comment on {name} deleted", name=_name(reader, fields))
    return Revision([Edit(record, "", {**fields, "text": comment.text}, None)], author, reason=reason)


def checked(text: str) -> str:
    """The text of a comment as it is kept. Raises InvalidValue where there is none, or too much."""
    text = visible(text).strip()
    if not text:
        raise InvalidValue(Message("A comment needs a text."))
    if len(text) > LONGEST:
        raise InvalidValue(
            Message("A comment has at most {most} characters, this one {count}. Attach a file instead.",
                    most=LONGEST, count=len(text))
        )  # fmt: skip
    return text


def _present(reader: Reader, comment: Comment) -> tuple[Record, Mapping[str, Any]]:
    record = Record(KIND, (comment.id,))
    fields = reader.records_of(KIND, [record]).get(record.key)
    if fields is None:
        raise NotFound(Message("This comment was deleted meanwhile."))
    return record, fields


def _comment(key: str, fields: Mapping[str, Any]) -> Comment:
    texts = {name: str(fields.get(name) or "") for name in ("owner", "text", "by", "at", "edited")}
    return Comment(key, **texts)


def _name(reader: Reader, fields: Mapping[str, Any]) -> str:
    owner = str(fields["owner"])  # by now: a comment goes with its record where that is merged
    return reader.last_names([owner]).get(owner, ("", ""))[1]
