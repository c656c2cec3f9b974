"""Custody worked out of points: periods of holder and place."""

from __future__ import annotations

from cmdb.model.field_points import FOREVER, FieldPoint, RecordPoints
from cmdb.register.custody import CUSTODY, periods, periods_of

DAY = 86_400_000
START = "1970-01-11T00:00:00.000Z"
"""Ten days after 1970 began."""


def points(*changes: tuple[str, int, int, str | None, str | None], until: str = "") -> RecordPoints:
    """A thing's points: (field, day, revision, before, after)."""
    fields: dict[str, list[FieldPoint]] = {name: [FieldPoint(FOREVER, 1, "", None, None, START)] for name in CUSTODY}
    for name, day, revision, before, after in changes:
        fields[name].append(FieldPoint(day * DAY, revision, f"event {revision}", before, after, f"r{revision}"))
    return RecordPoints("thing", "laptop", "LT-1", START, until, fields)


def test_what_happened_at_once_is_one_period() -> None:
    found = periods(
        points(
            ("assigned_to", 12, 2, None, "ann"),
            ("location", 12, 2, None, "office"),
            ("assigned_to", 15, 3, "ann", None),
            ("location", 15, 3, "office", "store"),
        )
    )
    assert [(one.holder, one.place, one.since, one.until, one.recorded) for one in found] == [
        ("ann", "office", 12 * DAY, 15 * DAY, "r2"),
        (None, "store", 15 * DAY, None, "r3"),
    ]
    assert [one.holder for one in found if one.held_at(15 * DAY - 1)] == ["ann"]
    assert [one.holder for one in found if one.held_at(15 * DAY)] == [None]


def test_what_disagrees_is_marked_and_what_is_deleted_ends() -> None:
    found = periods(
        points(
            ("assigned_to", 11, 4, None, "bob"), ("assigned_to", 12, 2, None, "ann"), until="1970-01-31T00:00:00Z"
        )
    )  # fmt: skip
    assert [(one.holder, one.doubtful) for one in found] == [("bob", False), ("ann", True)]
    assert found[-1].until == 30 * DAY


def test_what_a_holder_had_comes_in_order() -> None:
    one = points(("assigned_to", 12, 2, None, "ann"), ("assigned_to", 14, 3, "ann", "bob"))
    other = points(("assigned_to", 11, 5, None, "ann"))
    assert [(p.since, p.until) for p in periods_of(["ann"], [one, other])] == [
        (11 * DAY, None),
        (12 * DAY, 14 * DAY),
    ]
    assert periods_of(["carl"], [one, other]) == []
