"""Due dates and reminders in words: how far away, and whether they are past."""

from __future__ import annotations

from datetime import date

from cmdb.model.calendar_bounds import days_after
from cmdb.model.formats import day
from cmdb.model.messages import tr, trn

NEAR = 14
"""Days within which a date is said as a distance."""


def due_text(iso: str, today: date) -> tuple[str, str]:
    """A due date of work that is not over, in words, with its tone: ("3 days overdue", "bad"), ("in 5 days", "")."""
    due = date.fromisoformat(iso)
    left = (due - today).days
    if left < 0:
        return trn("{count} day overdue", "{count} days overdue", -left), "bad"
    return distance(due, today), "warning" if left == 0 else ""


def reminder_text(iso: str, today: date) -> tuple[str, str]:
    """A reminder of work that is not over, in words, with its tone: one whose day has come is a warning."""
    reminder = date.fromisoformat(iso)
    if reminder < today:
        return tr("since {day}", day=day(reminder, year=reminder.year != today.year)), "warning"
    return distance(reminder, today), "warning" if reminder == today else ""


def distance(when: date, today: date) -> str:
    """A day from today on: "today", "tomorrow", "in 5 days", and the date itself where it is far."""
    left = (when - today).days
    if when == today:
        return tr("today")
    if when == days_after(today, 1):
        return tr("tomorrow")
    if left <= NEAR:
        return trn("in {count} day", "in {count} days", left)
    return day(when, year=when.year != today.year)
