"""Cameras, built in and plugged in."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import items
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present


def _parse(capture: Capture) -> Content:
    found = [
        present(designation=text(one, "_name"), model=text(one, "spcamera_model-id"))
        for one in items(capture, "cameras")
        if text(one, "_name")
    ]
    return {"cameras": found} if found else {}


SUBJECT = Subject("cameras", _parse, ("cameras",), (Section("cameras"),))
