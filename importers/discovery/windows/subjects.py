"""A collector for each subject of a capture: what a scan reads is what the script's capture holds."""

from __future__ import annotations

from importers.captures.subject import Subject, read, subjects
from importers.discovery.collector import COLLECTED, Collector, Content
from importers.discovery.host import Probe
from importers.discovery.windows._machine import taken

#: Seconds for the capture, which the first collector takes for all. Each question in it has its own limit.
_LIMIT = 300.0


def collector(subject: Subject) -> Collector:
    """The collector of a subject."""

    def collect(probe: Probe) -> Content:
        outcome, content = read(subject, taken(probe))
        probe.state = outcome.state if outcome.state != COLLECTED else ""
        probe.missed.update(outcome.incomplete)
        for words in outcome.elevate:
            probe.hidden(words)
        if outcome.note:
            probe.notes.append(outcome.note)
        return content

    return Collector(subject.name, collect, _LIMIT, subject.sections, asked=subject.asked)


COLLECTORS = tuple(collector(subject) for subject in subjects("importers.captures.windows"))
