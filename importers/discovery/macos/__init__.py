"""Collectors for macOS: the subjects of its captures. Each has the script take the sections that it reads."""

from __future__ import annotations

from functools import partial

from importers.captures import macos
from importers.captures.subject import Subject, read, subjects
from importers.discovery.collector import Collector, Content
from importers.discovery.host import Probe
from importers.discovery.macos._script import LIMIT, taken


def collectors() -> list[Collector]:
    """A collector for each subject, in the order of their names."""
    return [
        Collector(one.name, partial(_collect, one), LIMIT, one.sections, asked=one.asked)
        for one in subjects(macos.__name__)
    ]


def _collect(subject: Subject, probe: Probe) -> Content:
    if not probe.host.live:
        return {}
    outcome, content = read(subject, taken(subject.reads, probe))
    probe.state = outcome.state
    probe.missed.update(outcome.incomplete)
    probe.elevate += outcome.elevate
    probe.notes += [outcome.note] if outcome.note else []
    return content
