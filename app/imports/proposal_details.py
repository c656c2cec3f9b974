"""A proposal with the data for showing it: the names of its records, and its links as lines.  For worker threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.imports.proposed_rows import ListedRows, ProposedRow, listed_rows, rows_in_words
from app.imports.proposed_software import (
    InstallationNumbers,
    SoftwareChange,
    installations_in,
    installations_of,
    proposed_software,
)
from app.renewal import REFUSED, told_apart
from cmdb.model.control import Control
from cmdb.model.event_times import shown_time
from cmdb.model.messages import Message, tr
from cmdb.model.observation import Reading
from cmdb.model.revision import Edit, Revision
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation.proposal import Change, Proposal
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store

Names = dict[str, tuple[str, str]]
#: Links beyond this number are not listed.
MOST_LINKS = 5_000
_LINKS = ("relationship", "membership", "assignment", "event")
_TOLD = ("hand_over", "take_back")
"""The verbs of events that are lines of their own; others go with a value that changes."""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A relationship, an installation, an assignment or an event that would be made or removed, worded.

    ``verb`` is the text between the two ends: "depends on", "no longer installed on".
    """

    kind: str
    left: str
    verb: str
    right: str


@dataclass
class ProposalDetails:
    """``names``: id → (class, name) of every record that the proposal's values and links refer to."""

    proposal: Proposal
    names: Names
    links: list[LinkLine]
    """Relationships, assignments and events; installations are ``software``."""
    by_state: dict[str, list[Change]] = field(default_factory=dict)
    rows: list[ProposedRow] = field(default_factory=list)
    """What would happen to rows of sections."""
    groups: int = 0
    """Redundancy groups that would need another number of members; they are among ``links``."""
    references: dict[str, list[str]] = field(default_factory=dict)
    """New record → the records that would refer to it."""
    software: list[LinkLine] = field(default_factory=list)
    """What would happen to installations; an upgrade is one line."""
    replaced: int = 0
    """How many of these take the place of another release."""
    more_software: bool = False
    more_rows: bool = False

    software_changes: Sequence[SoftwareChange] = ()
    """What the lines of ``software`` are of."""

    def row_changes(self, left_out: Collection[str] = ()) -> int | None:
        """How many rows of sections would change: those that are listed where these are all. None where that is not
        known without the records that are left out.
        """
        if not self.more_rows:
            return sum(one.record not in left_out for one in self.rows)
        return None if left_out else sum(map(sum, self.proposal.sections.values()))

    def installations(self, left_out: Collection[str] = ()) -> InstallationNumbers | None:
        """How many installations would change. None where that is not known without the records that are left out."""
        if not left_out:
            return installations_of(self.proposal, self.replaced)
        if self.more_software:
            return None
        return installations_in(one for one in self.software_changes if one.computer not in left_out)

    @property
    def cut(self) -> tuple[bool, bool, bool]:
        """Whether there may be more rows, more lines of links, and more installations, than are listed."""
        groups = min(self.groups, MOST_LINKS)
        more_links = self.groups > MOST_LINKS or len(self.links) - groups >= MOST_LINKS
        return self.more_rows, more_links, self.more_software

    @property
    def new(self) -> list[Change]:
        """Records that would be created, including those that are created because other rows name them."""
        return self.by_state.get("new", [])

    @property
    def changed(self) -> list[Change]:
        """Records that would change."""
        return self.by_state.get("changed", [])

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return not any(True for _ in self.proposal.revision.edits)

    def followers(self, dropped: Iterable[str]) -> set[str]:
        """The records that are left out together with ``dropped``: those that refer to a new one, recursively."""
        gone = set(dropped)
        waiting = list(gone)
        while waiting:
            for uid in self.references.get(waiting.pop(), ()):
                if uid not in gone:
                    gone.add(uid)
                    waiting.append(uid)
        return gone


def prepare(
    control: Control,
    workspace: Workspace,
    readings: Sequence[Reading],
    reason: Message,
    create_references: bool = True,
    answers: dict[str, str] | None = None,
) -> ProposalDetails:
    """Reconciles readings into a proposal and reads the data for showing it. A job. Raises Cancelled.

    What was decided of new names is in the readings already. ``answers``: id of a question → the option that a person
    chose.
    """
    from app import import_proposal

    control.progress(0, 0, Message("Comparing with the register"))
    proposal = import_proposal.propose(
        workspace.store, readings, workspace.author, control, reason, create_references=create_references,
        answers=answers, kept_names=False,
    )  # fmt: skip
    control.progress(0, 0, Message("Looking up names"))
    with workspace.read() as reader:
        return dress(reader, proposal)


def dress(reader: Reader, proposal: Proposal) -> ProposalDetails:
    """A proposal with the data for showing it."""
    names: Names = dict(proposal.names)
    edits = proposal.revision.edits
    groups = _regrouped(reader, edits)
    owners = {str(fields.get("owner", "")) for _, fields in groups}
    software = proposed_software(reader, proposal)
    computers = {one.computer for one in software.changes}
    listed = listed_rows(reader, edits, computers) if proposal.sections else ListedRows([])
    wanted = {*_referred(reader.schema, proposal), *computers, *owners, *listed.records}
    names.update(reader.names(wanted - names.keys()))
    by_state: dict[str, list[Change]] = {}
    for change in proposal.changes:
        by_state.setdefault(change.state, []).append(change)
    by_state.get("new", []).sort(key=lambda change: change.reference)
    links = [_group_line(edit, fields, names) for edit, fields in groups[:MOST_LINKS]]
    links += _links(reader.schema, proposal.revision, names)
    rows = rows_in_words(reader, listed.rows, names)
    installations = [_installation(one, names) for one in software.changes]
    return ProposalDetails(
        proposal, names, links, by_state, rows, len(groups), _references(proposal), installations, software.replaced,
        software.cut, listed.cut, software.changes,
    )  # fmt: skip


def _installation(one: SoftwareChange, names: Mapping[str, tuple[str, str]]) -> LinkLine:
    return LinkLine(tr("Installation"), one.what, one.verb, names.get(one.computer, ("", "…"))[1])


def _regrouped(reader: Reader, edits: Iterable[Edit]) -> list[tuple[Edit, Mapping[str, Any]]]:
    """The edits by which a redundancy group needs another number of members, each with the group's fields."""
    changed = [edit for edit in edits if edit.record.kind == "group" and edit.field == "needs"]
    known = reader.records_of("group", [edit.record for edit in changed]) if changed else {}
    return [(edit, known.get(edit.record.key, {})) for edit in changed]


def _group_line(edit: Edit, fields: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> LinkLine:
    owner = names.get(str(fields.get("owner", "")), ("", "…"))[1]
    verb = tr("needs of {group}", group=str(fields.get("label", "")))
    return LinkLine(tr("Redundancy group"), owner, verb, f"{edit.before or '–'} → {edit.after or '–'}")


def _referred(schema: Schema, proposal: Proposal) -> Iterable[str]:
    references = schema.reference_names
    for change in proposal.changes:
        for cell in change.cells:
            if cell.attribute in references:
                yield from (v for v in (cell.before, cell.after) if isinstance(v, str))
        for one in change.deviations:
            if one.attribute in references:
                yield from (v for v in (one.stands, one.said) if isinstance(v, str))
    for number, edit in enumerate(e for e in proposal.revision.edits if _is_line(e)):
        if number >= MOST_LINKS:
            return
        key = edit.record.key
        if edit.record.kind == "event":
            event = _event(edit)
            yield from (str(event[name]) for name in ("record", "after_ref") if name in event)
            continue
        yield from {"relationship": key[1:], "membership": key[2:]}.get(edit.record.kind, key)


def _is_line(edit: Edit) -> bool:
    """Whether an edit of something that links records is told as a line."""
    if edit.record.kind not in _LINKS or edit.field:
        return False
    return edit.record.kind != "event" or _event(edit).get("what") in _TOLD


def _event(edit: Edit) -> Mapping[str, Any]:
    """What an edit writes of an event; nothing where it takes one back."""
    return edit.after if isinstance(edit.after, Mapping) else {}


def _happened(fields: Mapping[str, Any], name: Callable[[str], str]) -> LinkLine:
    """The line of a hand-over or a return."""
    when = shown_time(fields["at"])
    verb = tr("handed over, {when}, to", when=when) if "after_ref" in fields else tr("taken back, {when}", when=when)
    holder = name(fields["after_ref"]) if "after_ref" in fields else ""
    return LinkLine(tr("Event"), name(fields["record"]), verb, holder)


def _links(schema: Schema, revision: Revision, names: Mapping[str, tuple[str, str]]) -> Iterable[LinkLine]:
    def name(uid: str) -> str:
        return names.get(uid, ("", "…"))[1]

    number = 0
    made: tuple[str, ...] = ()
    for edit in revision.edits:
        kind, key = edit.record
        if not _is_line(edit) or (kind == "membership" and key[1:] == made):
            continue  # The groups of a new relationship follow it, and are no lines of their own.
        made = key if kind == "relationship" else made
        number += 1
        if number > MOST_LINKS:
            return
        gone = edit.after is None
        if kind == "relationship":
            label = schema.relationships[key[0]].label
            verb = tr("no longer {relationship}", relationship=label) if gone else label
            yield LinkLine(tr("Relationship"), name(key[1]), verb, name(key[2]))
        elif kind == "membership":
            label = schema.relationships[key[1]].label
            yield LinkLine(tr("Redundancy group"), name(key[2]), label, name(key[3]))
        elif kind == "event":
            yield _happened(_event(edit), name)
        else:
            verb = tr("no longer assigned to") if gone else tr("assigned to")
            yield LinkLine(tr("Assignment"), name(key[0]), verb, name(key[1]))


def _references(proposal: Proposal) -> dict[str, list[str]]:
    """New record → the records that would refer to it."""
    new = {c.uid for c in proposal.changes if c.state == "new"}
    found: dict[str, list[str]] = {}
    for change in proposal.changes:
        for cell in change.cells:
            if isinstance(cell.after, str) and cell.after in new:
                found.setdefault(cell.after, []).append(change.uid)
    return found


def carried_over(
    before: ProposalDetails, after: ProposalDetails, left_out: Collection[str]
) -> tuple[frozenset[str], tuple[str, ...]]:
    """What stays left out of a proposal that is made anew: the ids there, and the names of what is not found there.

    A new record has another id each time: it is found by its rows, or by its name if only other rows name it.
    """
    if not left_out:
        return frozenset(), ()
    by_uid = {change.uid: change for change in after.proposal.changes}
    by_place = {_place(change): change for change in after.proposal.changes}
    kept: set[str] = set()
    lost: list[str] = []
    for change in before.proposal.changes:
        if change.uid in left_out:
            now = by_uid.get(change.uid) or by_place.get(_place(change))
            if now is None:
                lost.append(change.name)
            elif now.state in ("new", "changed"):
                kept.add(now.uid)
    return frozenset(kept), tuple(lost)


def _place(change: Change) -> object:
    return tuple(change.origins) or (change.cls, " ".join(change.name.casefold().split()))


def apply(
    control: Control, workspace: Workspace, proposal: Proposal, dropped: frozenset[str], into: Store
) -> AppliedRevision:  # fmt: skip
    """Writes a proposal without the records in ``dropped``. A job: if cancelled or failed, nothing is written.

    ``into`` is the estate, or the estate with the draft, that the proposal was compared with. Raises Outdated where
    others have written meanwhile what it rests on.
    """
    from app.import_proposal import secure

    if into is workspace.base and (remark := secure(into, proposal, control)):
        workspace.notice(remark)
    revision = proposal.revision
    try:
        if dropped:
            return _trimmed(control, workspace, proposal, dropped, into)
        return workspace.apply(revision, control, into)
    except REFUSED as error:
        raise told_apart(into, error, revision) from error


def _trimmed(
    control: Control, workspace: Workspace, proposal: Proposal, dropped: frozenset[str], into: Store
) -> AppliedRevision:  # fmt: skip
    from cmdb.store.staging import stage

    control.progress(0, 0, Message("Removing what is left out"))
    staged = stage(into, proposal.revision, {c.uid: (c.cls, c.name) for c in proposal.changes})
    try:
        staged.drop(staged.positions(dropped))
        control.check()
        return workspace.apply(staged.revision(), control, into)
    finally:
        staged.discard()
