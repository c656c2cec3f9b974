"""Taking along: a part of the estate is written to a file of its own, which the estate knows from then on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.attachments import FileContent
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, InvalidValue, UserError
from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.packs import Pack
from cmdb.model.revision import Edit, Revision, new_id, now
from cmdb.model.selection import Selection
from cmdb.store.reading.attachments import attachments_by_id, content_of

if TYPE_CHECKING:
    from cmdb.store.connection.ciphers import Key
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store


@dataclass(frozen=True, slots=True)
class Luggage:
    """What is to be taken along: a filter, an audit (its id), chosen records (their ids); all three may be given.

    Nothing at all stands for the whole estate.
    """

    where: str = ""
    audit: str = ""
    records: tuple[str, ...] = ()


def chosen_records(reader: Reader, luggage: Luggage) -> set[str]:
    """The records that go along, with all that they name. Raises UserError for a filter that cannot be read."""
    from cmdb.register.packed_records import of_audit, with_named

    found = set(luggage.records)
    everything = not (luggage.where or luggage.audit or found)
    if luggage.where or everything:
        for root in ("ci", "work") if everything else ("ci",):
            found |= {one.uid for one in reader.page(Selection(root, luggage.where), limit=10**9)}
    if luggage.audit:
        found |= of_audit(reader, luggage.audit)
    return with_named(reader, found)


def take_along(
    store: Store, path: Path, luggage: Luggage, author: str, *, key: Key | None = None, control: Control | None = None
) -> Pack:
    """Writes a pack, and registers its key in the estate. Raises FileProblem, InvalidValue where nothing is chosen."""
    from cmdb.register.packed_records import packed_edits
    from cmdb.store.upkeep.pack_files import copies_of, write_pack

    control = control or Control()
    if path.exists():
        raise FileProblem(
            Message("{file} exists already.", file=path.name), (Message("Choose another name for the pack."),)
        )
    made: list[Pack] = []
    uid = new_id()
    with store.read() as reader:
        control.progress(0, 0, Message("Choosing what goes along"))
        chosen = chosen_records(reader, luggage)
        if not chosen:
            raise InvalidValue(Message("No record fits “{filter}”: there is nothing to take along.",
                                       filter=luggage.where or "–"))  # fmt: skip
        copies = copies_of(reader)
        edits = list(packed_edits(reader, chosen))
        control.check()

        def fill(public: str) -> Revision:
            pack = Pack(uid, path.name, now(), author, public, luggage.where, len(chosen), reader.number)
            made.append(pack)
            whole = [*edits, Edit(pack.record, "", None, pack.fields)]
            return Revision(whole, author, reason=_reason(pack), stepwise=True, files=contents(reader, edits))

        write_pack(path, uid, copies, fill, key)
    try:
        store.apply(Revision([Edit(made[0].record, "", None, made[0].fields)], author, reason=_reason(made[0])))
    except UserError:
        path.unlink(missing_ok=True)  # Without its key in the estate the pack would be a stranger.
        raise
    return made[0]


def contents(reader: Reader, edits: Iterable[Edit]) -> tuple[FileContent, ...]:
    """The contents of the files that edits attach, to be read from the estate that has them."""
    attached = [one.record.key[0] for one in edits if one.record.kind == "attachment" and one.after is not None]
    found = attachments_by_id(reader, attached) if attached else []
    return tuple(
        FileContent(one.name, one.sha256, one.size, lambda one=one: BytesIO(b"".join(content_of(reader, one))))  # type: ignore[misc]
        for one in found
    )


def pack_opened(reader: Reader) -> Pack | None:
    """The pack that an open estate is; None where it is none."""
    from cmdb.model.packs import pack_of
    from cmdb.store.upkeep.pack_files import copies_of

    copies = copies_of(reader)
    if not copies or not copies[-1].public_key:
        return None
    record = Pack(copies[-1].uid, "", "", "", "", "", 0, 0).record
    fields = reader.records_of("pack", [record]).get(record.key)
    return pack_of(record.key[0], fields) if fields else None


def mark(pack: Pack | None) -> Message:
    """What a window says of the pack that is open in it; nothing where none is."""
    from cmdb.model.formats import local_time

    if pack is None:
        return EMPTY
    return Message(
        "Pack “{name}”, taken along by {who} on {time}", name=pack.name, who=pack.by,
        time=local_time(pack.made) or pack.made,
    )  # fmt: skip


def _reason(pack: Pack) -> Message:
    return Message("Taken along: {records} in {file}", file=pack.name,
                   records=counted("{count} record", "{count} records", pack.records))  # fmt: skip
