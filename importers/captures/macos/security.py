"""Security state: firewall, System Integrity Protection, XProtect, automatic updates, who manages the Mac."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import whole
from importers.captures.macos._answers import Entry, pairs, plist
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present


def firewall(content: str) -> str:
    """Whether the application firewall is on, by its number: 0 is off, 1 and 2 (all refused) are on. "" if unknown."""
    match = re.search(r"State\s*=\s*(\d)", content)
    return "" if not match else "off" if match[1] == "0" else "on"


def integrity(content: str) -> str:
    """Whether System Integrity Protection is on; "" if it is not told, or is set apart in some of its parts."""
    match = re.search(r"status:\s*(enabled|disabled)\b", content)
    return f"System Integrity Protection, {match[1]}" if match else ""


def updates(told: Entry) -> dict[str, Any]:
    """Automatic updates and those that wait, of the settings of Software Update."""
    found: dict[str, Any] = {}
    if isinstance(told.get("AutomaticallyInstallMacOSUpdates"), bool):
        found["automatic_updates"] = told["AutomaticallyInstallMacOSUpdates"]
    waiting = whole(told, "LastUpdatesAvailable")
    if waiting is not None:
        found["pending"] = {"updates": waiting}
    looked = told.get("LastFullSuccessfulDate") or told.get("LastSuccessfulDate")
    if isinstance(looked, datetime):  # a property list tells it in UTC
        found["lists_refreshed"] = looked.strftime("%Y-%m-%dT%H:%M:%SZ")
    return found


def _parse(capture: Capture) -> Content:
    told = plist(capture, "updates")
    own = {
        **present(mandatory_access_control=integrity(capture.content("integrity"))),
        **updates(told if isinstance(told, dict) else {}),
    }
    state = firewall(capture.content("firewall"))
    version = capture.content("xprotect").strip()
    server = re.match(r"https?://([^/:\s]+)", pairs(capture.content("enrolment")).get("MDM server", ""))
    return present(
        firewalls=[{"description": "Application firewall", "status": state}] if state else None,
        antivirus=[{"name": "XProtect", "company": "Apple", "base_version": version}] if version.isdecimal() else None,
        remote_mgmt=[{"type": "MDM", "id": server[1]}] if server else None,
        terrier={"security": own} if own else None,
    )


SUBJECT = Subject(
    "security",
    _parse,
    ("firewall", "integrity", "updates", "xprotect", "enrolment"),
    (Section("firewalls"), Section("terrier.security"), Section("antivirus")),
)
