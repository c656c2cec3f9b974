"""Not seen is not gone: whatever answer a capture lacks, no list that is shorter for it counts as complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cmdb.model.resources import RESOURCES
from importers.captures.capture import Capture, CaptureSection
from importers.captures.subject import read, subjects
from importers.discovery.collector import FAILED, NOT_PERMITTED, TIMED_OUT
from tests.importers.captures.macos.answers import capture
from tests.importers.captures.macos.macs import APPLE_SILICON, GUESTS
from tests.importers.captures.windows.machines import MACHINES, machine


def words(script: str, form: str) -> dict[str, str]:
    """Section → what an administrator would get besides, as a script says it."""
    text = (RESOURCES / "agent" / script).read_text("utf-8")
    found = {one["section"]: one["words"] for one in re.finditer(form, text, re.MULTILINE)}
    assert found
    return found


def length(content: dict[str, Any], section: str) -> int:
    """The number of entries of a list, or of values of an object."""
    if section in ("softwares", "user_softwares"):
        own = section == "user_softwares"
        return sum(bool(one.get("username")) == own for one in content.get("softwares", ()))
    found: Any = content
    for part in section.split("."):
        found = found.get(part, {})
    return len(found)


def lost(package: str, whole: Capture, said: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Subject, section of the capture, outcome and list, where a list is shorter and counts as complete."""
    for subject in subjects(package):
        before = read(subject, whole)[1]
        for name in subject.reads:
            for outcome in (NOT_PERMITTED, TIMED_OUT, FAILED):
                besides = (said[name],) if outcome == NOT_PERMITTED and name in said else ()
                sections = {**whole.sections, name: CaptureSection(outcome, 0.1, besides)}
                found, content = read(subject, whole._replace(sections=sections))
                for one in subject.sections:
                    if one.name in found.complete and length(content, one.name) < length(before, one.name):
                        yield subject.name, name, outcome, one.name


@pytest.mark.parametrize("name", MACHINES)
def test_windows(name: str) -> None:
    said = words("terrier-scan.ps1", r"^Write-Section '(?P<section>[\w-]+)' -Elevate '(?P<words>[^']+)'")
    assert [*lost("importers.captures.windows", machine(name), said)] == []


@pytest.mark.parametrize("sections", [APPLE_SILICON, GUESTS], ids=["silicon", "guests"])
def test_macos(sections: dict[str, Any]) -> None:
    said = words("terrier-scan.sh", r'^elevated "(?P<words>[^"]+)"\n\w+ (?P<section>[\w-]+) ')
    # This answer is empty only where no folder of everybody has a package: what is not permitted are homes of others.
    right = ("packages", "python-packages", NOT_PERMITTED, "softwares")
    assert {*lost("importers.captures.macos", capture(sections), said)} <= {right}
