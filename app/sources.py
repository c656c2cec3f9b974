"""The sources of the register: what each said, when last, and forgetting one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.renewal import settled
from cmdb.model.claims import PERSON, kind_of, source_text
from cmdb.model.errors import Ambiguous, NotFound, UserError
from cmdb.model.messages import EMPTY, Message, chain, counted, verbatim
from cmdb.model.record_kinds import records_counted

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from cmdb.model.forgetting import ForgottenSource
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A source: its key, of how many records it says something, how many links, groups, installations and assignments
    it states, and when it last said something new (its revision, and the time in ISO UTC).
    """

    source: str
    records: int
    links: int
    revision: int
    recorded: str

    @property
    def title(self) -> Message:
        """The source as people read it."""
        return source_text(self.source)


def sources(reader: Reader) -> list[SourceSummary]:
    """The sources that can be forgotten: all but people, the latest first. It reads all claims."""
    found = [one for one in reader.sources() if kind_of(one.source) != PERSON]
    times = {number: reader.recorded(number) for number in {one.revision for one in found}}
    listed = [SourceSummary(*one, times[one.revision]) for one in found]
    return sorted(listed, key=lambda one: (-one.revision, one.source))


def _words(key: str) -> tuple[str, str, str]:
    return key, key.replace(":", " ", 1), key.partition(":")[2]


def named_source(reader: Reader, word: str) -> str:
    """The key of the source that a word names: its key (also as records show it: "sheet laptops.csv"), or the name in
    it where only one has it.

    Raises NotFound with the known sources, Ambiguous, and UserError for what people entered by hand.
    """
    text = word.strip()
    if kind_of(text) == PERSON:
        raise UserError(
            Message("What people entered by hand is not forgotten as a whole; undo takes single revisions back.")
        )
    keys = [one.source for one in reader.sources() if kind_of(one.source) != PERSON]
    if text in keys:
        return text
    folded = text.casefold()
    same = [key for key in keys if folded in _words(key.casefold())]
    if len(same) == 1:
        return same[0]
    if same:
        raise Ambiguous(Message("Several sources are called “{name}”.", name=text), tuple(map(verbatim, sorted(same))))
    if not keys:
        raise NotFound(Message("There is no source “{name}”: no source but people has said anything.", name=text))
    raise NotFound(Message("There is no source “{name}”. Known sources:", name=text), tuple(map(verbatim, keys)))


def forget_preview(reader: Reader, source: str, where: str = "", control: Control | None = None) -> ForgottenSource:
    """What forgetting a source would do. Raises UserError for a filter that cannot be read, Cancelled."""
    from cmdb.register.forgetting import forgetting

    return forgetting(reader, source, "", where, control)[1]


def forget(
    store: Store,
    source: str,
    author: str,
    where: str = "",
    control: Control | None = None,
    write: Callable[[Revision], AppliedRevision] | None = None,
) -> tuple[ForgottenSource, AppliedRevision]:
    """Forgets a source in one revision; anew if others wrote meanwhile. Raises UserError, Cancelled."""
    from cmdb.register.forgetting import forgetting

    def decide() -> tuple[Revision, ForgottenSource]:
        with store.read() as reader:
            return forgetting(reader, source, author, where, control)

    def apply(decision: tuple[Revision, ForgottenSource]) -> AppliedRevision:
        if write is not None:
            return write(decision[0])
        return store.apply(decision[0], control)

    (_, found), applied = settled(store, decide, apply, lambda decision: decision[0].decided_at)
    return found, replace(applied, kept=found.kept)


def effects(found: ForgottenSource) -> list[Message]:
    """What forgetting a source does, a line for each effect."""
    lines: list[Message] = []
    if found.deleted:
        lines.append(
            counted("{count} record that only it knew goes", "{count} records that only it knew go", found.deleted)
        )
    if found.bare:
        lines.append(
            counted(
                "{count} record that others refer to keeps its class and name",
                "{count} records that others refer to keep their class and name",
                found.bare,
            )
        )
    if found.changed:
        lines.append(
            counted(
                "{count} record shows what other sources say of it",
                "{count} records show what other sources say of them",
                found.changed,
            )
        )
    gone = [records_counted(kind, number) for kind, number in found.gone.items() if number]
    if gone:
        lines.append(Message("what only it states goes: {links}", links=chain(gone)))
    if found.left:
        lines.append(
            counted(
                "{count} link, group or installation stays, because others state it too",
                "{count} links, groups and installations stay, because others state them too",
                found.left,
            )
        )
    return lines


def caution(source: str) -> Message:
    """What to know before a source is forgotten; empty where there is nothing."""
    if kind_of(source) != "sheet":
        return EMPTY
    return Message(
        "A spreadsheet that repeats what another one said is not kept as a second source: what later lists only "
        "repeated goes too. Import the latest list again to have it back."
    )
