"""The scan's jobs: looking at the computer while saying how each collector fares, and comparing with the register."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from app.imports.proposal_details import ProposalDetails, prepare
from cmdb.model.control import Control
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.observation import Reading
    from cmdb.reconciliation.proposal import Change, Review
    from importers.discovery import Inventory
    from importers.discovery.collector import Collector, Content
    from importers.discovery.host import Probe

Heard = Callable[[str, str], None]
RUNNING, READ = "running", "read"
#: What a computer is recognised by, best first, and what to call it.
_KNOWN_BY = (
    ("serial_number", "serial number"), ("uuid", "UUID"), ("machine_id", "machine id"), ("asset_tag", "asset tag"),
    ("mac_address", "network adapter"), ("host_name", "host name"),
)  # fmt: skip


@dataclass(frozen=True)
class ScanVerdict:
    """Whose record the computer is: "new", "same", "doubt" or "refused", and why, in a sentence."""

    kind: str
    text: str
    uid: str = ""
    name: str = ""


def names(plugins: Iterable[Collector] = ()) -> list[str]:
    """The collectors of this platform, in their order, then those of plug-ins."""
    from importers.discovery.registry import collectors

    return [one.name for one in collectors(more=plugins)]


def scan(control: Control, heard: Heard, plugins: Iterable[Collector] = ()) -> Inventory:
    """Looks at this computer. ``heard`` is called with a collector's name as it starts and as it has read. A job."""
    from importers import discovery
    from importers.discovery.registry import collectors

    watched = [one._replace(collect=partial(_watched, one, heard)) for one in collectors(more=plugins)]
    return discovery.scan(control, collectors=watched)


def _watched(collector: Collector, heard: Heard, probe: Probe) -> Content:
    heard(collector.name, RUNNING)
    content = collector.collect(probe)
    heard(collector.name, READ)
    return content


def compare(control: Control, workspace: Workspace, document: dict[str, Any]) -> tuple[ProposalDetails, ScanVerdict]:
    """What the inventory would change in the register, and whose record it is. A job."""
    from importers.inventory import reading

    read = reading(document)
    prepared = prepare(control, workspace, [read], Message("Scan of this computer"))
    return prepared, verdict(workspace, read, prepared)


def verdict(workspace: Workspace, read: Reading, prepared: ProposalDetails) -> ScanVerdict:
    """Whose record the scanned computer is taken for."""
    if not read.observations:
        return ScanVerdict(
            "refused", " ".join(p.message for p in read.problems[:2]) or "There is nothing to know it by."
        )
    seen = read.observations[0]
    host = seen.origin
    review = next((r for r in prepared.proposal.review if host in r.origins), None)
    if review is not None:
        return _doubt(review)
    own = next((c for c in prepared.proposal.changes if host in c.origins and _computer(workspace, c)), None)
    if own is None:
        reasons = next((why for origin, _, why in prepared.proposal.rejects if origin == host), [])
        return ScanVerdict("refused", " ".join(reasons) or "It cannot be taken in.")
    there = [word for name, word in _KNOWN_BY if seen.values.get(name)]
    if own.state == "new":
        return ScanVerdict("new", f"Nothing in the register has its {_joined(there, 'or')}.", own.uid, own.name)
    with workspace.read() as reader:
        known = reader.get(own.uid).values
    agree = [w for n, w in _KNOWN_BY if n in known and _same(known[n], seen.values.get(n))]
    by = f"Recognised by its {_joined(agree, 'and')}." if agree else "Recognised by its disks or adapters."
    return ScanVerdict("same", by, own.uid, own.name)


def _doubt(review: Review) -> ScanVerdict:
    told = [line.text for option in review.options for line in option.evidence if option.uid]
    return ScanVerdict("doubt", f"{review.question} {'; '.join(told[:3])}".strip(), review.id, review.name)


def _computer(workspace: Workspace, change: Change) -> bool:
    return workspace.schema.is_a(change.cls, "computer") and not change.reference


def _same(known: Any, seen: Any) -> bool:
    return str(known).casefold() == str(seen).casefold()


def _joined(words: list[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words) or "name"
