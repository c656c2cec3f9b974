"""Tasks of Windows' Task Scheduler: what each runs, when, and as whom."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, flag, rows
from importers.captures.windows.services import program_of
from importers.discovery.collector import Content, Section, present

_ELEVATE = "scheduled tasks of other users"
_DISABLED = 1
_TRIGGERS = {
    "MSFT_TaskTimeTrigger": "once", "MSFT_TaskDailyTrigger": "daily", "MSFT_TaskWeeklyTrigger": "weekly",
    "MSFT_TaskLogonTrigger": "at logon", "MSFT_TaskBootTrigger": "at start", "MSFT_TaskEventTrigger": "on an event",
    "MSFT_TaskIdleTrigger": "when idle", "MSFT_TaskRegistrationTrigger": "when registered",
    "MSFT_TaskSessionStateChangeTrigger": "on a change of the session", "MSFT_TaskTrigger": "other",
}  # fmt: skip


def _parse(capture: Capture) -> Content:
    found = [_task(one) for one in rows(capture, "scheduled-tasks") if text(one, "TaskName")]
    return {"terrier": {"scheduled_jobs": found}} if found else {}


def _task(one: Row) -> dict[str, Any]:
    return {
        **present(
            manager="Task Scheduler",
            name=text(one, "TaskPath") + text(one, "TaskName"),
            schedule="; ".join(_schedule(one)),
            user=text(one, "User"),
            program=program_of(text(one, "Execute")),
        ),
        "enabled": whole(one, "State") != _DISABLED,
    }


def _schedule(one: Row) -> list[str]:
    found = []
    listed = one.get("Triggers")
    for trigger in listed if isinstance(listed, list) else [listed]:
        if isinstance(trigger, dict) and flag(trigger, "Enabled") is not False:
            kind = _TRIGGERS.get(text(trigger, "Kind"), "other")
            at = text(trigger, "Start")[11:16]
            repeated = text(trigger, "Repeat")
            words = (kind, at if kind in ("once", "daily", "weekly") else "", f"every {repeated}" if repeated else "")
            found.append(" ".join(filter(None, words)))
    return list(dict.fromkeys(found))


SUBJECT = Subject("scheduled jobs", _parse, ("scheduled-tasks",), (Section("terrier.scheduled_jobs", _ELEVATE),))
