"""What needs care beyond counting: groups without a spare member, and licences that are short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.overview.facts import Care
from ui.widgets.dates import count, money, plural

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.licences.engine.results import Positions
    from cmdb.store.reading.reader import Reader

#: Findings of one kind that are listed by name; the rest stands on its own page.
NAMED = 4
#: Of so many groups it is found out what they carry: the first are enough to see where it is worst.
LOOKED_AT = 200


def fragile(reader: Reader, workspace: Workspace) -> list[Care]:
    """Dependency groups that cannot lose another member, those that carry the most services first.

    Runs in a worker: the graph and numpy are imported here. Raises Cancelled.
    """
    from cmdb.graph.impact import impact
    from cmdb.graph.risk import standing_exhausted

    schema = reader.schema
    graph = workspace.jobs.run("Reading the relationships", lambda control: workspace.graphs.of(reader, control))
    groups = [group for group in standing_exhausted(graph) if len(group.members) > 1]
    services = set(schema.family("business_service")) if "business_service" in schema.classes else set()
    found = []
    for owner in list({group.owner: group for group in groups}.values())[:LOOKED_AT]:
        down = impact(graph, [owner.owner]).down
        carried = sum(1 for ci in down if graph.cls(ci) in services)
        found.append((carried, owner))
    found.sort(key=lambda entry: (-entry[0], entry[1].owner))
    names = reader.outer(group.owner for _, group in found[:NAMED])
    lines = []
    for carried, group in found[:NAMED]:
        if group.owner in names:
            uid, _, name = names[group.owner]
            text = f"cannot lose another of {plural(len(group.members), 'member')}"
            text += f" ({group.label})" if group.label else ""
            text += f"; carries {plural(carried, 'service')}" if carried else ""
            lines.append(Care(name, text, "bad" if carried else "warning", "map", {"uid": uid}, 60 + carried))
    return lines


def short_licences(positions: Positions) -> list[Care]:
    """Licences that are short, the dearest first, and how many cannot be judged."""
    short = [p for p in positions.positions if p.verdict == "short"]
    lines = []
    for position in sorted(short, key=lambda p: (-(p.true_up or 0), -p.short))[:NAMED]:
        cost = f": {money(position.true_up, position.currency)} to true up" if position.true_up else ""
        text = (
            f"{count(position.short)} {position.unit}s short{cost}"
            if position.short != 1
            else f"1 {position.unit} short{cost}"
        )
        key = [position.product, position.edition, position.version, position.metric]
        lines.append(Care(position.title, text, "bad", "licences", {"position": key}, 55))
    unknown = sum(1 for p in positions.positions if p.verdict == "unknown")
    if unknown:
        text = "cannot be judged: a fact is missing"
        lines.append(Care(plural(unknown, "licence"), text, "warning", "licences", {"verdict": "unknown"}, 30))
    return lines
