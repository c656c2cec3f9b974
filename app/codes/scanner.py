"""The scanner of this computer: how it types is found out once, and kept for the person who uses it."""

from __future__ import annotations

from app.codes.keyboards import ReadTest, Typing, layouts, read_test
from app.settings import Settings

_NAME = "scanner_layouts"


def kept_typing(settings: Settings) -> Typing | None:
    """How this computer types what its scanner reads; None where that is the same, or nobody scanned the test code."""
    scanner, _, computer = settings.get(_NAME, "").partition(":")
    return Typing(scanner, computer) if scanner in layouts() and computer in layouts() else None


def is_tested(settings: Settings) -> bool:
    """Whether the test code was scanned at this computer."""
    return bool(settings.get(_NAME, ""))


def keep_test(settings: Settings, code: str) -> ReadTest:
    """Reads a scanned test code, and keeps what it shows."""
    found = read_test(code)
    if found.same:
        settings.set(_NAME, "same")
    elif found.typing is not None:
        settings.set(_NAME, f"{found.typing.scanner}:{found.typing.computer}")
    return found
