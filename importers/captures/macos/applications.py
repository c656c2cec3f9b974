"""Applications, as macOS finds them: those of everybody and of people, but neither parts of others nor of macOS."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import Entry, items
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

#: Parts of macOS, parts of other applications, and the windows that Parallels opens to applications of its guests.
_LEFT_OUT = re.compile(r"/System/Library/|.*\.app/|.*/Applications \(Parallels\)/|.*/Library/Parallels/")
_SIGNED = re.compile(r"Developer ID Application: (.+?)(?: \([A-Z0-9]{10}\))?$")
_ARCHITECTURES = {"arch_arm": "arm64", "arch_i64": "x86_64", "arch_i32": "i386", "arch_arm_i64": "universal"}


def user_of(path: str) -> str:
    """Whose home folder a path lies in; "" for what is everybody's."""
    match = re.match(r"/Users/([^/]+)/", path)
    return match[1] if match and match[1] != "Shared" else ""


def publisher(entry: Entry) -> str:
    """Who signed an application, unless that is the App Store, which signs everybody's."""
    match = _SIGNED.match(text(entry, "signed_by"))
    return match[1] if match else "Apple" if text(entry, "obtained_from") == "apple" else ""


def application(entry: Entry) -> dict[str, Any] | None:
    """An application in the form of the inventory's ``softwares``; None for what is none of its own."""
    name, path = text(entry, "_name"), text(entry, "path")
    if not name or _LEFT_OUT.match(path):
        return None
    user = user_of(path)
    return present(
        name=name,
        version=text(entry, "version"),
        publisher=publisher(entry),
        arch=_ARCHITECTURES.get(text(entry, "arch_kind")),
        folder=path,
        username=user,
        system_category="App Store" if text(entry, "obtained_from") == "mac_app_store" else "",
        **{"from": "macos"},
    )


def _parse(capture: Capture) -> Content:
    found = [one for one in map(application, items(capture, "applications")) if one]
    return {"softwares": found} if found else {}


SUBJECT = Subject("applications", _parse, ("applications",), (Section("softwares"), Section("user_softwares")))
