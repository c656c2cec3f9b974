"""Captures of macOS: one file for each subject, with a ``SUBJECT``. Files with a leading underscore serve several."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.subject import combined, subjects
from importers.discovery.collector import Content


def content(capture: Capture) -> Content:
    """The content of the inventory document of a capture, with the outcomes of its subjects."""
    return combined(subjects(__name__), capture)
