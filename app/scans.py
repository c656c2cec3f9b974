"""The jobs of a scan: inventorying this computer while reporting each collector's state, and comparing the result with
the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from app.imports.file_summaries import older_scans
from app.imports.proposal_details import ProposalDetails, prepare
from cmdb.model.control import Control
from cmdb.model.formats import listing
from cmdb.model.messages import Message, chain, tr

if TYPE_CHECKING:
    from app.drift.differences import SectionDrift
    from app.workspace import Workspace
    from cmdb.model.observation import Reading
    from cmdb.reconciliation.proposal import Change, Review
    from cmdb.store.reading.reader import Reader
    from importers.discovery import Inventory
    from importers.discovery.collector import Collector, Content
    from importers.discovery.host import Probe
    from importers.discovery.watch import Watch

Heard = Callable[[str, str], None]
RUNNING, READ = "running", "read"
#: The attributes by which a computer is recognised, best first, worded for the middle of a sentence.
_KNOWN_BY = (
    ("serial_number", Message("serial number")), ("uuid", Message("UUID")), ("machine_id", Message("machine id")),
    ("asset_tag", Message("asset tag")), ("mac_address", Message("network adapter")),
    ("host_name", Message("host name")),
)  # fmt: skip


@dataclass(frozen=True)
class ScanVerdict:
    """The record of the computer: ``kind`` is "new", "same", "doubt" or "refused"; ``text`` is the reason, worded.

    Of a record that is known: ``changed`` is the number of its values that would change, ``drift`` what would change in
    its sections and its software.
    """

    kind: str
    text: str
    uid: str = ""
    name: str = ""
    changed: int = 0
    drift: tuple[SectionDrift, ...] = ()

    @property
    def drift_text(self) -> str:
        """How many rows of which sections would change, worded; "" where none would."""
        parts = (tr("{section}: {changes}", section=one.title, changes=one.counts_text) for one in self.drift)
        return " · ".join(parts)


def names(plugins: Iterable[Collector] = ()) -> list[str]:
    """The names of this platform's collectors, in their order, then of those of plug-ins."""
    from importers.discovery.registry import collectors

    return [one.name for one in collectors(more=plugins)]


def scan(control: Control, heard: Heard, plugins: Iterable[Collector] = (), watch: Watch | None = None) -> Inventory:
    """Inventories this computer, and watches its connections for as long as ``watch`` says.

    ``heard`` gets a collector's name when it starts and when it is done. A job.
    """
    from importers import discovery
    from importers.discovery.registry import collectors

    watched = [one._replace(collect=partial(_watched, one, heard)) for one in collectors(more=plugins)]
    return discovery.scan(control, collectors=watched, watch=watch)


def _watched(collector: Collector, heard: Heard, probe: Probe) -> Content:
    heard(collector.name, RUNNING)
    content = collector.collect(probe)
    heard(collector.name, READ)
    return content


def compare(control: Control, workspace: Workspace, document: dict[str, Any]) -> tuple[ProposalDetails, ScanVerdict]:
    """The changes of the inventory in the register, and the record of the computer. A job."""
    from importers.inventory import reading

    read = reading(document)
    prepared = prepare(control, workspace, [read], Message("Scan of this computer"))
    return prepared, verdict(workspace, read, prepared)


def verdict(workspace: Workspace, read: Reading, prepared: ProposalDetails) -> ScanVerdict:
    """The record that the scanned computer matches."""
    from cmdb.reconciliation.asked_values import WAITING

    if not read.observations:
        reasons = " ".join(str(p.message) for p in read.problems[:2])
        return ScanVerdict("refused", reasons or tr("The inventory has nothing to recognise the computer by."))
    seen = read.observations[0]
    host = seen.origin
    review = next((r for r in prepared.proposal.review if r.kind not in WAITING and host in r.origins), None)
    if review is not None:
        return _doubt(review)
    own = next((c for c in prepared.proposal.changes if host in c.origins and _computer(workspace, c)), None)
    if own is None:
        rejected = next((why for origin, _, why in prepared.proposal.rejects if origin == host), [])
        return ScanVerdict("refused", " ".join(map(str, rejected)) or tr("It cannot be imported."))
    if own.state == "new":
        present = [str(words) for name, words in _KNOWN_BY if seen.values.get(name)] or [tr("name")]
        text = tr("Nothing in the register has its {identifiers}.", identifiers=listing(present, "or"))
        return ScanVerdict("new", text, own.uid, own.name)
    with workspace.read() as reader:
        known = reader.get(own.uid).values
        drift = _drift(reader, own.uid, prepared)
    agree = [str(words) for name, words in _KNOWN_BY if name in known and _same(known[name], seen.values.get(name))]
    if agree:
        text = tr("Recognised by its {identifiers}.", identifiers=listing(agree))
    else:
        text = tr("Recognised by its disks or adapters.")
    changed = sum(cell.attribute != "last_seen" for cell in own.cells)
    older = map(str, older_scans(prepared.proposal).values())
    return ScanVerdict("same", " ".join([text, *older]), own.uid, own.name, changed, drift)


def _drift(reader: Reader, uid: str, prepared: ProposalDetails) -> tuple[SectionDrift, ...]:
    """What a proposal changes in the sections and the software of a record, as its drift tells it afterwards."""
    from app.drift.computer_state import state_of
    from app.drift.differences import DETAILS, differences
    from app.drift.releases import catalogue_for
    from app.drift.state_after import state_after

    its = (edit for edit in prepared.proposal.revision.edits if edit.record.key[0] == uid)
    before = state_of(reader, uid)
    after = state_after(reader.schema, before, its)
    found = differences(reader.schema, before, after, {}, catalogue_for(reader))
    return tuple(one for one in found if one.name != DETAILS)


def _doubt(review: Review) -> ScanVerdict:
    evidence = [line.text for option in review.options for line in option.evidence if option.uid]
    return ScanVerdict(
        "doubt",
        tr("{question} {evidence}", question=review.question, evidence=chain(evidence[:3])).strip(),
        review.id,
        review.name,
    )


def _computer(workspace: Workspace, change: Change) -> bool:
    return workspace.schema.is_a(change.cls, "computer") and not change.reference


def _same(known: Any, seen: Any) -> bool:
    return str(known).casefold() == str(seen).casefold()
