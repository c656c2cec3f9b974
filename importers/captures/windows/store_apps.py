"""Apps of the Store: those of the person who took the capture."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, flag, row, rows
from importers.captures.windows.software import ELEVATE, unseen
from importers.discovery.collector import Content, Section, present

_ARCHITECTURES = {"X64": "x86_64", "X86": "i586", "ARM": "arm", "ARM64": "aarch64"}
_GUID = re.compile(r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}", re.IGNORECASE)
_OF_WINDOWS = "System"


def _parse(capture: Capture) -> Content:
    session = row(capture, "session")
    user = present(username=text(session, "User").rpartition("\\")[2], userid=text(session, "Sid"))
    found = [{**_app(one), **user} for one in rows(capture, "store-apps") if _is_app(one)]
    return {"softwares": found} if found else {}


def _is_app(one: Row) -> bool:
    """Whether it is an app, and not a library, words of another language, or a part of Windows."""
    return (
        bool(text(one, "Name"))
        and not flag(one, "IsFramework")
        and not flag(one, "IsResourcePackage")
        and text(one, "SignatureKind") != _OF_WINDOWS
    )


def _app(one: Row) -> dict[str, Any]:
    return present(
        name=text(one, "PackageFamilyName") or text(one, "Name"),
        version=text(one, "Version"),
        publisher=_publisher(text(one, "Publisher")),
        arch=_ARCHITECTURES.get(text(one, "Architecture").upper()),
        folder=text(one, "InstallLocation"),
        no_remove=True if flag(one, "NonRemovable") else None,
        **{"from": "appx"},
    )


def _publisher(subject: str) -> str:
    """The organisation of a certificate's subject; many have a number instead of a name."""
    parts = dict(re.findall(r'(?:^|, ?)(CN|O)=("[^"]*"|[^,]*)', subject))
    name = (parts.get("O") or parts.get("CN") or "").strip('" ')
    return "" if _GUID.fullmatch(name) else name


SUBJECT = Subject(
    "Store apps",
    _parse,
    ("store-apps", "session"),
    (Section("softwares"), Section("user_softwares", ELEVATE)),
    unseen,
)
