"""The tasks of the last days: what the service desk and the infrastructure team have to do."""

from __future__ import annotations

from app.sample.revision_builder import RevisionBuilder, SampleRevision
from app.sample.vocabulary import DESK


def planned_revisions() -> list[SampleRevision]:
    """One revision, the latest of all."""
    return [SampleRevision(-1, 17.0, DESK, "person", "Tasks from Monday's round", _tasks)]


def _tasks(builder: RevisionBuilder) -> None:
    people = builder.where("person", department=builder.named("IT"), status="Active")
    _of_the_service_desk(builder, people)
    _of_infrastructure(builder, people)


def _of_the_service_desk(builder: RevisionBuilder, people: list[str]) -> None:
    desk, repaired, now = builder.named("Service desk"), builder.where("laptop", status="In repair"), builder.now
    builder.task(
        1,
        "Take back the laptops of those who left",
        _with_leavers(builder),
        assignee=people[1],
        team=desk,
        due=builder.day(-2),
        state="In progress",
        priority="High",
    )
    builder.task(
        2,
        "Ask the repair shop when the laptops come back",
        repaired,
        assignee=people[1],
        team=desk,
        due=builder.day(0),
        state="In progress",
    )
    reason, closed = "Ten ordered, delivery in two weeks", f"{now[:19]}Z"
    builder.task(
        3,
        "Order docks for the new colleagues",
        [],
        assignee=people[2],
        team=desk,
        state="Done",
        closed=closed,
        reason=reason,
    )
    reason = "The whole laptop goes to repair"
    builder.task(
        4,
        "Replace the keyboard of the oldest laptop",
        repaired[:1],
        team=desk,
        state="Skipped",
        closed=closed,
        reason=reason,
    )


def _of_infrastructure(builder: RevisionBuilder, people: list[str]) -> None:
    network, named = builder.named("Infrastructure"), builder.named
    builder.task(
        5,
        "Extend the warranty of rtm-esx-5, or replace it",
        [named("rtm-esx-5")],
        team=network,
        due=builder.day(12),
        priority="High",
        what_to_do="Ask Kade IT for a quote first. It carries production machines.",
    )
    builder.task(
        6,
        "Renew the certificate of the shop",
        [named("shop.harbourworks.example")],
        assignee=people[0],
        team=network,
        due=builder.day(9),
        reminder=builder.day(5),
    )
    builder.task(7, "Put the second uplink of host-c back", [named("host-c")], team=network)
    builder.task(
        8,
        "Decide whether the UPS maintenance goes on",
        [named("UPS maintenance")],
        assignee=people[0],
        due=builder.day(3),
        what_to_do="After the last day to cancel it is renewed for a year.",
    )


def _with_leavers(builder: RevisionBuilder) -> list[str]:
    """The laptops in use whose owner has left."""
    used = (u for u in builder.where("laptop", status="Deployed") if builder.get(u, "assigned_to"))
    return [u for u in used if builder.get(builder.get(u, "assigned_to"), "status") == "Left"]
