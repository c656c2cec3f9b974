"""Comments on records: who said what, and when. They belong to the record, have a history, and can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment on the record ``owner``. Times are ISO UTC; ``edited`` is "" where it stands as it was written."""

    id: str
    owner: str
    text: str
    by: str
    at: str
    edited: str = ""


def comments_of(reader: Reader, uid: str) -> list[Comment]:
    """The comments on a record at the reader's moment, the oldest first."""
    from cmdb.store.reading.owned_documents import documents_of

    found = [_comment(key, fields) for key, fields in documents_of(reader, KIND, [uid])]
    return sorted(found, key=lambda one: (one.at, one.id))


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
