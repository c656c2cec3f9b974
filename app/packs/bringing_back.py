"""Bringing back: the revisions that were made in a pack go into the estate in turn, all of a pack or none.

A revision keeps its id, so a second time changes nothing; its author, its time and its copy, too. What does not fit
becomes a question of the review, and the estate's value stands until that is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.decision_kinds import PACK
from app.packs.conflicts import Fields, PackConflict, asked, conflicts_of, extended
from app.packs.taking_along import contents
from cmdb.model.actors import Actor
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.errors import Conflict, FileProblem, InvalidValue, NotFound, UserError
from cmdb.model.estate_copies import EstateCopy, RevisionOrigin
from cmdb.model.messages import Message, counted
from cmdb.model.packs import KIND, Pack, pack_of
from cmdb.model.revision import Edit, Record, Revision, now
from cmdb.reconciliation.asked_values import AGREED
from cmdb.register.brought_revisions import FittedRevision, HeldEdits, Place, fitted
from cmdb.register.merging import merge
from cmdb.store.reading.reader import Reader
from cmdb.store.upkeep.pack_files import copies_of, is_of_estate, opened_pack, require_pack, require_signed
from cmdb.store.upkeep.several_revisions import SeveralRevisions, apply_several, known_revisions

if TYPE_CHECKING:
    from cmdb.model.journal import RevisionHeader
    from cmdb.store.connection.ciphers import Key
    from cmdb.store.store import Store

_REFUSED = (Conflict, InvalidValue, NotFound)
_SKEW = timedelta(days=1)
"""Clocks that differ by less are none of anybody's business."""


class UnknownPack(UserError):
    """A pack of this estate whose key is not registered here: a person has to say whether it is trusted."""


@dataclass(frozen=True, slots=True)
class BroughtPack:
    """What became of a pack: how many of its revisions went in, in which revisions of the estate, its conflicts."""

    pack: Pack
    file: str
    numbers: tuple[int, ...] = ()
    known: int = 0
    """How many revisions had been brought back before."""
    edits: int = 0
    conflicts: tuple[PackConflict, ...] = ()
    remarks: tuple[Message, ...] = ()

    @property
    def text(self) -> Message:
        """What became of it, in a sentence."""
        if not self.numbers:
            return Message("{file}: nothing new, all of it is here already.", file=self.file)
        told = {"file": self.file, "who": self.pack.by}
        revisions = counted("{count} revision", "{count} revisions", len(self.numbers) - 1)
        if not self.conflicts:
            return Message("{file} of {who}: {revisions} brought back.", **told, revisions=revisions)
        open_ones = counted("{count} conflict", "{count} conflicts", len(self.conflicts))
        return Message(
            "{file} of {who}: {revisions} brought back, {conflicts} to be decided in Review.", **told,
            revisions=revisions, conflicts=open_ones,
        )  # fmt: skip


def bring_back(
    store: Store, path: Path, author: str, *, key: Key | None = None, trust: bool = False,
    control: Control | None = None, preview: bool = False,
) -> BroughtPack:  # fmt: skip
    """Takes what was done in a pack into the estate. ``trust`` takes one whose key is not registered.

    ``preview`` says what would become of it, and writes nothing. Raises FileProblem, UnknownPack, Locked, Cancelled:
    then nothing was written.
    """
    control = control or Control()
    with opened_pack(path, key, control) as its, its.read() as there:
        with store.read() as reader:
            pack, copy, registered = _known_pack(reader, there, path.name, trust)
            news, known = _news(reader, there, pack, copy)
        if not news and (registered or preview):
            return BroughtPack(pack, path.name, known=known, remarks=_clock_remarks(pack, ()))
        bringing = _Bringing(there, pack, copy, author, control, registered)
        result: list[BroughtPack] = []

        def write(estate: SeveralRevisions) -> AppliedRevision:
            applied = bringing.run(estate, news)
            result.append(
                BroughtPack(
                    pack, path.name, tuple(bringing.numbers), known, bringing.edits,
                    conflicts_of(list(bringing.questions.values())), _clock_remarks(pack, news),
                )
            )  # fmt: skip
            return AppliedRevision(0, "") if preview else applied

        apply_several(store, write)
    return result[-1]


def _known_pack(reader: Reader, there: Reader, file: str, trust: bool) -> tuple[Pack, EstateCopy, bool]:
    """The pack that a file is, its copy, and whether the estate knows it. Raises where it is not to be taken."""
    copies = copies_of(there)
    copy = require_pack(copies, file)
    if not is_of_estate(reader, copies):
        raise FileProblem(Message("{file} is a pack of another estate.", file=file))
    record = Record(KIND, (copy.uid,))
    fields = reader.records_of(KIND, [record]).get(record.key)
    require_signed(there, str(fields["key"]) if fields else copy.public_key, file)
    if fields is None and not trust:
        raise UnknownPack(
            Message("The key of {file} is not registered in this estate. Was it taken along from here?", file=file),
            (Message("If you know who brings it, take it with: {command}", command="pack in --trust"),),
        )
    own: Mapping[str, Any] = there.records_of(KIND, [record]).get(record.key) or {}
    if fields is None:
        return replace(pack_of(copy.uid, own), base=0, taken=1, head="", key=copy.public_key), copy, False
    return pack_of(copy.uid, fields), copy, True


def _news(reader: Reader, there: Reader, pack: Pack, copy: EstateCopy) -> tuple[list[RevisionHeader], int]:
    """The revisions of a pack that the estate does not have, in turn; and how many it has."""
    goes_on = there.number >= pack.taken and (not pack.head or there.as_of(pack.taken).head().hash == pack.head)
    headers = [one for one in there.revisions(10**9) if one.number > 1 and one.copy == copy.uid]
    headers.reverse()
    present = known_revisions(reader, [one.id for one in headers])
    news = [one for one in headers if one.id not in present and not (goes_on and one.number <= pack.taken)]
    return news, len(headers) - len(news)


def _clock_remarks(pack: Pack, news: Iterable[RevisionHeader]) -> tuple[Message, ...]:
    """What is said of a clock that was wrong where the pack was."""
    times = [_moment(one.time) for one in news]
    present, made = _moment(now()), _moment(pack.made)
    if times and max(times) > present + _SKEW:
        return (Message("The clock of the computer with “{file}” was ahead: some revisions are dated {day}.",
                        file=pack.name, day=max(times).date()),)  # fmt: skip
    if times and min(times) < made - _SKEW:
        return (Message("The clock of the computer with “{file}” was behind: some revisions are dated {day}, before "
                        "the pack was made.", file=pack.name, day=min(times).date()),)  # fmt: skip
    return ()


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time.replace("Z", "+00:00"))


class _Bringing:
    """The revisions of one pack, in one transaction of the estate."""

    def __init__(
        self, there: Reader, pack: Pack, copy: EstateCopy, author: str, control: Control,
        registered: bool,
    ) -> None:  # fmt: skip
        self.there = there
        self.pack = pack
        self.copy = copy
        self.author = author
        self.control = control
        self.registered = registered
        self.numbers: list[int] = []
        self.edits = 0
        self.questions: dict[Place, tuple[str, Fields]] = {}
        """The conflicts that are new, or were changed once more."""
        self.open: dict[Place, tuple[str, Fields]] = {}
        """Those that waited before."""
        self.settled: set[Place] = set()

    def run(self, estate: SeveralRevisions, news: list[RevisionHeader]) -> AppliedRevision:
        """Applies all revisions, then one that says so, with the conflicts."""
        self._read_open(estate.reader())
        for number, header in enumerate(news):
            self.control.check()
            self.control.progress(number, len(news), Message("Bringing back {file}", file=self.pack.name))
            self._one(estate, header)
        return self._close(estate)

    def _read_open(self, reader: Reader) -> None:
        from app.reviews.open_questions import open_decisions

        for uid, fields in open_decisions(reader).items():
            if fields.get("kind") == PACK and fields.get("pack") == self.pack.uid:
                self.open[str(fields["record"]), str(fields["attribute"])] = (uid, fields)

    def _one(self, estate: SeveralRevisions, header: RevisionHeader) -> None:
        reader = estate.reader()
        edits = self.there.statements(header.number)
        waiting = {place: fields["before"] for place, (_, fields) in (self.open | self.questions).items()}
        fit = fitted(reader, edits, self.pack.base, waiting)
        applied = self._applied(estate, header, fit) if fit.edits else AppliedRevision(0, header.id)
        if isinstance(applied, Message):
            first = next((one.record.key[0] for one in edits if one.record.kind in ("ci", "claim")), "")
            self._ask(reader, header, (first, f"revision {header.number}"), HeldEdits(edits), applied)
            return
        if applied.number:
            self.numbers.append(applied.number)
            self.edits += len(fit.edits)
            for uid, other in fit.doubles.items():
                self._merge(estate, uid, other)
        for place in fit.settled:
            self.questions.pop(place, None)
            if self.open.get(place):
                self.settled.add(place)
        for place, held in fit.held.items():
            self._ask(reader, header, place, held)

    def _applied(
        self, estate: SeveralRevisions, header: RevisionHeader, fit: FittedRevision
    ) -> AppliedRevision | Message:
        """The revision, applied; or why the estate refuses it."""
        origin = RevisionOrigin(header.actor or Actor(header.author), self.copy)
        revision = Revision(
            fit.edits, header.author, header.source, header.reason, header.id, header.time, stepwise=True,
            files=contents(self.there, fit.edits), origin=origin,
        )  # fmt: skip
        try:
            return estate.apply(revision)
        except _REFUSED as error:
            return error.message

    def _merge(self, estate: SeveralRevisions, uid: str, other: str) -> None:
        """A record of the pack and one of the estate are one: the older one, which came with the pack, stays."""
        reader = estate.reader()
        pair = reader.by_uid([uid, other])
        if len(pair) == 2:
            applied = estate.apply(merge(reader, [other], uid, self.author))
            self.numbers.append(applied.number)

    def _ask(
        self, reader: Reader, header: RevisionHeader, place: Place, held: HeldEdits, reason: Message | None = None
    ) -> None:
        known = self.questions.get(place) or (None if place in self.settled else self.open.get(place))
        self.questions[place] = (
            asked(reader, self.pack, header, place, held, reason)
            if known is None
            else (known[0], extended(known[1], held))
        )

    def _close(self, estate: SeveralRevisions) -> AppliedRevision:
        """Says what was taken in, and asks about the conflicts."""
        head = self.there.head()
        pack = replace(self.pack, taken=head.number, head=head.hash)
        before = self.pack.fields if self.registered else {}
        edits = [Edit(pack.record, "", None, pack.fields)] if not before else [
            Edit(pack.record, name, before[name], value) for name, value in pack.fields.items() if before[name] != value
        ]  # fmt: skip
        known = dict(self.open.values())
        reader = estate.reader()
        records = [Record("decision", (uid,)) for uid, _ in self.questions.values()]
        there = reader.records_of("decision", records) if records else {}
        for uid, fields in self.questions.values():
            record = Record("decision", (uid,))
            if uid in known:
                edits += [Edit(record, n, known[uid].get(n), v) for n, v in fields.items() if known[uid].get(n) != v]
            elif (uid,) not in there:
                edits.append(Edit(record, "", None, fields))
        for place in self.settled:
            uid, fields = self.open[place]
            if place not in self.questions:
                record = Record("decision", (uid,))
                edits += [Edit(record, "state", "open", "done"), Edit(record, "outcome", None, AGREED)]
        reason = Message("Brought back: {file} of {who}", file=pack.name, who=pack.by)
        applied = estate.apply(Revision(edits, self.author, reason=reason))
        if applied.number:
            self.numbers.append(applied.number)
        return applied
