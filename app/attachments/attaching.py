"""Attaching files to records, and taking them off again: one revision each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.attachments.file_names import cleaned, unused
from app.attachments.file_types import HEAD, type_of
from app.own_files import is_own
from cmdb.model import regular_files
from cmdb.model.attachments import Attachment, FileContent, digest_of, full_chunk, refuse_large
from cmdb.model.characters import visible
from cmdb.model.control import Control
from cmdb.model.errors import Ambiguous, FileProblem, NotFound
from cmdb.model.messages import Message, counted, verbatim
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.system_errors import reason_of

if TYPE_CHECKING:
    from app.settings import Settings
    from cmdb.store.reading.reader import Reader

MEGABYTE = 1 << 20
USUAL, TOP = 100, 500
"""The size in MiB up to which files are kept unless the setting says otherwise, and the most that it may say."""
SETTING = "attachments.largest"
MOST = 500
"""The number of files that one revision attaches."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is to be attached: what it is, and how its content is read again."""

    name: str
    type: str
    content: FileContent


def largest(settings: Settings) -> int:
    """The size in bytes of the largest file that is kept."""
    return max(1, min(settings.get(SETTING, USUAL), TOP)) * MEGABYTE


def file_at(path: Path, most: int) -> NewFile:
    """The file of a path, read through once. One that is too large is refused by its size, before it is read.

    Raises FileProblem where it is too large, no regular file, or cannot be read.
    """
    name = cleaned(regular_files.name_as_text(path))

    def opened() -> BinaryIO:
        try:
            return regular_files.opened(path)
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from error

    try:
        with opened() as file:
            refuse_large(name, os.fstat(file.fileno()).st_size, most)
            head = full_chunk(file, HEAD)
            file.seek(0)
            sha256, size = digest_of(file, name, most)
    except OSError as error:
        raise _unreadable(path, error) from error
    return NewFile(name, type_of(name, head), FileContent(name, sha256, size, opened))


def file_of(name: str, data: bytes, most: int) -> NewFile:
    """A file of bytes in memory, such as a picture that was pasted. Raises FileProblem where it is too large."""
    name = cleaned(name)
    sha256, size = digest_of(BytesIO(data), name, most)
    return NewFile(name, type_of(name, data[:HEAD]), FileContent(name, sha256, size, partial(BytesIO, data)))


def files_at(paths: Sequence[Path], most: int, control: Control, estate: str | Path = "") -> list[NewFile]:
    """The files of some paths, none of which may be the ``estate``'s own. Raises FileProblem, Cancelled."""
    if len(paths) > MOST:
        raise FileProblem(Message("At most {most} files can be attached at once.", most=MOST))
    found: list[NewFile] = []
    for number, path in enumerate(paths):
        control.progress(number, len(paths), Message("Reading {file}", file=path.name))
        if is_own(path, estate):
            raise FileProblem(Message("{file} is the estate itself, which cannot be kept in it.", file=path))
        found.append(file_at(path, most))
    return found


def attaching(
    reader: Reader, record: str, files: Sequence[NewFile], author: str, about: str = "", reason: Message | str = ""
) -> tuple[Revision, list[Attachment]]:
    """The revision that attaches files to a record (an id), and all that are then attached of them.

    A file that the record has already, with the same name and content, is not attached again. A name that another file
    of the record has gets a number. Raises NotFound.
    """
    from cmdb.store.reading.attachments import attachments_of

    owner = reader.get(record)
    about = visible(about).strip()
    present = attachments_of(reader, [record])
    found: list[Attachment] = []
    edits: list[Edit] = []
    for file in files:
        same = next((one for one in present if _is_same(one, file)), None)
        if same is None:
            name = unused(file.name, [one.name for one in present])
            same = Attachment(new_id(), record, name, file.type, file.content.size, file.content.sha256, about)
            present.append(same)
            edits.append(Edit(Record("attachment", (same.uid,)), "", None, _fields(same)))
        if same not in found:
            found.append(same)
    new = [one for one in found if not one.added]
    text = reason or _attached_text(new, owner.name)
    contents = tuple(file.content for file in files)
    return Revision(edits, author, reason=text, decided_at=reader.number, files=contents), found


def detaching(reader: Reader, attachments: Iterable[Attachment], author: str, reason: Message | str = "") -> Revision:
    """The revision that takes files off their records. Raises NotFound where one is gone meanwhile."""
    from cmdb.store.reading.attachments import attachments_by_id

    wanted = {one.uid: one for one in attachments}
    present = reader.records_of("attachment", [Record("attachment", (uid,)) for uid in wanted])
    for uid, one in wanted.items():
        if (uid,) not in present:
            raise NotFound(Message("The file {file} is not attached any more.", file=one.name))
    owners = {one.record for one in attachments_by_id(reader, list(wanted))}
    name = next(iter(reader.names(owners).values()), ("", ""))[1]
    edits = [Edit(Record("attachment", key), "", fields, None) for key, fields in present.items()]
    text = reason or _detached_text(list(wanted.values()), name if len(owners) == 1 else "")
    return Revision(edits, author, reason=text, decided_at=reader.number)


def named_attachments(reader: Reader, words: Sequence[str]) -> list[Attachment]:
    """The files that a person means: ids, or a record followed by names of its files. Raises NotFound, Ambiguous."""
    from cmdb.store.reading.attachments import attachments_by_id, attachments_of

    ids = [word.strip().lower() for word in words]
    by_id = {one.uid: one for one in attachments_by_id(reader, [one for one in ids if _is_id(one)])}
    if all(one in by_id for one in ids):
        return list(dict.fromkeys(by_id[one] for one in ids))
    if len(words) == 1 or ids[0] in by_id:
        missing = next(word for word, one in zip(words, ids, strict=True) if one not in by_id)
        raise NotFound(
            Message(
                "There is no file with the id “{id}”. Give ids of files, or a record and the names of its files.",
                id=missing,
            )
        )
    record = reader.find(words[0])
    own = attachments_of(reader, [record.uid])
    return list(dict.fromkeys(_of_name(own, word, record.name) for word in words[1:]))


def of_id(reader: Reader, word: str) -> Attachment:
    """A file by its id; also one that was taken off meanwhile. Raises NotFound."""
    from cmdb.store.reading.attachments import ever_attached

    uid = word.strip().lower()
    found = ever_attached(reader, uid) if _is_id(uid) else None
    if found is None:
        raise NotFound(Message("There is no file with the id “{id}”.", id=word))
    return found


def write_out(reader: Reader, attachment: Attachment, path: Path) -> int:
    """Writes a file's content to a path, whole or not at all; returns its size. Raises FileProblem, StoreProblem."""
    from cmdb.model.whole_files import save_whole
    from cmdb.store.reading.attachments import content_of

    def save(file: BinaryIO) -> int:
        return sum(file.write(chunk) for chunk in content_of(reader, attachment))

    return save_whole(path, save)


def _of_name(own: Sequence[Attachment], word: str, record: str) -> Attachment:
    found = [one for one in own if one.name == word] or [one for one in own if one.name.casefold() == word.casefold()]
    found = found or [one for one in own if one.uid == word.strip().lower()]
    if not found:
        raise NotFound(
            Message("{record} has no file “{file}”.", record=record, file=word),
            (Message("Its files: {files}", files=tuple(one.name for one in own)),) if own else (),
        )
    if len(found) > 1:
        lines = tuple(verbatim(f"{one.uid}  {one.name}") for one in found)
        raise Ambiguous(Message("{record} has several files “{file}”. Give the id.", record=record, file=word), lines)
    return found[0]


def _is_same(one: Attachment, file: NewFile) -> bool:
    return one.sha256 == file.content.sha256 and one.name == file.name


def _is_id(word: str) -> bool:
    return len(word) == 36 and word.count("-") == 4


def _fields(one: Attachment) -> Mapping[str, object]:
    fields = {"record": one.record, "name": one.name, "type": one.type, "size": one.size, "sha256": one.sha256}
    return {**fields, **({"about": one.about} if one.about else {})}


def _attached_text(files: Sequence[Attachment], record: str) -> Message:
    if len(files) == 1:
        return Message("{file} attached to {record}", file=files[0].name, record=record)
    return counted("{count} file attached to {record}", "{count} files attached to {record}", len(files), record=record)


def _detached_text(files: Sequence[Attachment], record: str) -> Message:
    if not record:
        return counted("{count} file detached", "{count} files detached", len(files))
    if len(files) == 1:
        return Message("{file} detached from {record}", file=files[0].name, record=record)
    return counted(
        "{count} file detached from {record}", "{count} files detached from {record}", len(files), record=record
    )


def _unreadable(path: Path, error: Exception) -> FileProblem:
    reason = reason_of(error) if isinstance(error, OSError) else str(error)
    return FileProblem(Message("{file} cannot be read: {reason}.", file=path, reason=reason))
