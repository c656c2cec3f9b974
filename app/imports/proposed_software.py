"""What a proposal does with installations: an upgrade is one change, by the rule of the drift of a computer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from app.drift.differences import ADDED, CHANGED, DOWNGRADED, REMOVED, UPGRADED, change_of_release
from app.drift.drift_of_edits import is_software, software_of_edits
from app.drift.releases import FoundRelease, catalogue_for, paired
from cmdb.model.messages import Message, counted, tr

if TYPE_CHECKING:
    from cmdb.reconciliation.proposal import Proposal
    from cmdb.store.reading.reader import Reader

#: Installations beyond this number are not listed.
MOST_SOFTWARE = 5_000
_COMPARED = 20_000
"""So many installations are compared with each other, to limit the memory of a machine that lists a million."""
_VERBS = {
    ADDED: Message("installed on"), REMOVED: Message("no longer installed on"), UPGRADED: Message("upgraded on"),
    DOWNGRADED: Message("downgraded on"), CHANGED: Message("replaced on"),
}  # fmt: skip


class SoftwareChange(NamedTuple):
    """A release that comes to a computer (its id), goes, or takes the place of another one of the same product."""

    computer: str
    change: str
    before: FoundRelease | None
    after: FoundRelease | None

    @property
    def what(self) -> str:
        """What it is, in words: "Fox Browser 115.0 → 128.0"."""
        if self.before is None or self.after is None:
            one = self.after or self.before
            return _full(one) if one is not None else ""
        old, new = self.before, self.after
        if old.worded == new.worded:
            return tr("{product}: {before} → {after}", product=_full(new), before=old.publisher or "–",
                      after=new.publisher or "–")  # fmt: skip
        if old.product != new.product or old.version == new.version:
            return tr("{before} → {after}", before=_full(old), after=_full(new))
        return tr("{product} {before} → {after}", product=new.called, before=old.version, after=new.version)

    @property
    def verb(self) -> str:
        """What happens to it: what stands between the product and the computer."""
        return str(_VERBS[self.change])


class ProposedSoftware(NamedTuple):
    """The first changes of installations; ``cut``: there are more."""

    changes: list[SoftwareChange]
    cut: bool = False

    @property
    def replaced(self) -> int:
        """How many releases take the place of another one; none where not all changes are here to be counted."""
        return 0 if self.cut else sum(one.before is not None and one.after is not None for one in self.changes)


def proposed_software(reader: Reader, proposal: Proposal) -> ProposedSoftware:
    """What a proposal does with installations, computer by computer."""
    edits = proposal.revision.edits
    if not proposal.installed and not proposal.removed:
        return ProposedSoftware([])
    chosen: set[str] | None = None
    if proposal.removed:  # what comes stands apart from what goes: whole computers are compared
        chosen, number = set(), 0
        for uid, its in Counter(edit.record.key[0] for edit in edits if is_software(edit)).items():
            if number < MOST_SOFTWARE:
                chosen.add(uid)
                number += its
    wanted = (one for one in edits if is_software(one) and (chosen is None or one.record.key[0] in chosen))
    found = software_of_edits(islice(wanted, _COMPARED if chosen is not None else MOST_SOFTWARE))
    catalogue = catalogue_for(reader)
    changes: list[SoftwareChange] = []
    total = 0
    for uid, (went, came) in found.items():
        pairs = paired(went, came, catalogue)
        total += len(went) + len(came)
        changes += _in_order(uid, [*pairs.replaced, *pairs.reworded], pairs.came, pairs.went)
    cut = total < proposal.installed + proposal.removed or len(changes) > MOST_SOFTWARE
    return ProposedSoftware(changes[:MOST_SOFTWARE], cut)


class InstallationNumbers(NamedTuple):
    """How many installations come, take the place of another one, and go."""

    came: int
    replaced: int
    went: int

    @property
    def in_words(self) -> tuple[tuple[int, Message], ...]:
        """Each number with its words."""
        came, replaced, went = self
        return (
            (came, counted("{count} installation", "{count} installations", came)),
            (replaced, counted("{count} installation changed", "{count} installations changed", replaced)),
            (went, counted("{count} installation removed", "{count} installations removed", went)),
        )


def installations_of(proposal: Proposal, replaced: int) -> InstallationNumbers:
    """How many installations a proposal changes, of which ``replaced`` take the place of another one."""
    return InstallationNumbers(proposal.installed - replaced, replaced, proposal.removed - replaced)


def installations_in(changes: Iterable[SoftwareChange]) -> InstallationNumbers:
    """How many installations some changes are of."""
    found = Counter((one.before is not None, one.after is not None) for one in changes)
    return InstallationNumbers(found[False, True], found[True, True], found[True, False])


def _in_order(
    uid: str, replaced: list[tuple[FoundRelease, FoundRelease]], came: list[FoundRelease], went: list[FoundRelease]
) -> Iterator[SoftwareChange]:
    for old, new in sorted(replaced, key=lambda pair: _by_name(pair[1])):
        yield SoftwareChange(uid, change_of_release(old, new), old, new)
    for one in sorted(came, key=_by_name):
        yield SoftwareChange(uid, ADDED, None, one)
    for one in sorted(went, key=_by_name):
        yield SoftwareChange(uid, REMOVED, one, None)


def _by_name(one: FoundRelease) -> tuple[str, str]:
    return one.product.casefold(), one.version


def _full(one: FoundRelease) -> str:
    """A release in words; a version that is in the name is not said twice."""
    version = "" if one.version in one.product.split() else one.version
    return " ".join(part for part in (one.called, one.edition, version) if part)
