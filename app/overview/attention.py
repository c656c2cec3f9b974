"""What needs care beyond counting: groups without a spare member, and licences that are short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.overview.figures import AttentionItem
from app.sentence import Amount, Sentence, plural
from cmdb.graph.results import DependencyGroup

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.licences.engine.results import Positions
    from cmdb.store.reading.reader import Reader

#: Findings of one kind that are listed by name; the rest stands on its own page.
NAMED = 4
#: Of so many groups it is found out what they carry: the first are enough to see where it is worst.
LOOKED_AT = 200


def fragile(reader: Reader, workspace: Workspace) -> list[AttentionItem]:
    """Dependency groups that cannot lose another member, those that carry the most services first.

    Runs in a worker: the graph and numpy are imported here. Raises Cancelled.
    """
    from cmdb.graph.impact import impact
    from cmdb.graph.lookups import class_of
    from cmdb.graph.risk import standing_exhausted

    schema = reader.schema
    graph = workspace.jobs.run("Reading the relationships", lambda control: workspace.graphs.of(reader, control))
    groups = [group for group in standing_exhausted(graph) if len(group.members) > 1]
    services = set(schema.family("business_service")) if "business_service" in schema.classes else set()
    found = []
    for owner in list({group.owner: group for group in groups}.values())[:LOOKED_AT]:
        down = impact(graph, [owner.owner]).down
        carried = sum(1 for ci in down if class_of(graph, ci) in services)
        found.append((carried, owner))
    found.sort(key=lambda entry: (-entry[0], entry[1].owner))
    names = reader.outer(group.owner for _, group in found[:NAMED])
    return [
        _fragile(carried, group, *names[group.owner][::2]) for carried, group in found[:NAMED] if group.owner in names
    ]


def _fragile(carried: int, group: DependencyGroup, uid: str, name: str) -> AttentionItem:
    members = len(group.members)
    template = f"cannot lose another of {{members}} {plural(members, 'member')}"
    template += " ({group})" if group.label else ""
    template += f"; carries {{services}} {plural(carried, 'service')}" if carried else ""
    text = Sentence(template, {"members": members, "group": group.label, "services": carried})
    subject = Sentence("{name}", {"name": name})
    return AttentionItem(subject, text, "bad" if carried else "warning", "map", {"uid": uid}, 60 + carried)


def short_licences(positions: Positions) -> list[AttentionItem]:
    """Licences that are short, the dearest first, and how many cannot be judged."""
    short = [p for p in positions.positions if p.verdict == "short"]
    lines = []
    for position in sorted(short, key=lambda p: (-(p.true_up or 0), -p.short))[:NAMED]:
        template = f"{{short}} {plural(position.short, position.unit)} short"
        template += ": {cost} to true up" if position.true_up else ""
        cost = Amount(position.true_up or 0.0, position.currency)
        text = Sentence(template, {"short": position.short, "cost": cost})
        key = [position.product, position.edition, position.version, position.metric]
        subject = Sentence("{title}", {"title": position.title})
        lines.append(AttentionItem(subject, text, "bad", "licences", {"position": key}, 55))
    unknown = sum(1 for p in positions.positions if p.verdict == "unknown")
    if unknown:
        subject = Sentence(f"{{number}} {plural(unknown, 'licence')}", {"number": unknown})
        text = Sentence("cannot be judged: a fact is missing")
        lines.append(AttentionItem(subject, text, "warning", "licences", {"verdict": "unknown"}, 30))
    return lines
