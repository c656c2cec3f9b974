"""Security state: firewall, antivirus, updates, whether a restart is due, screen lock."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._dates import MachineDates
from importers.captures.windows._rows import Row, flag, row, rows
from importers.discovery.collector import Content, Section, present

_PROFILES = {"DomainProfile": "domain", "StandardProfile": "private", "PublicProfile": "public"}
#: What Windows' own antivirus is listed under.
_DEFENDER = "{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}"
_OFF, _OUTDATED = 0, 1
#: Policy AUOptions: how updates are installed without anybody asking.
_AUTOMATIC = (3, 4)


def _parse(capture: Capture) -> Content:
    firewalls = [found for one in rows(capture, "firewall") if (found := _firewall(one))]
    antivirus = _antivirus(capture)
    own = _state(capture)
    return present(firewalls=firewalls, antivirus=antivirus, terrier={"security": own} if own else None)


def _firewall(one: Row) -> dict[str, Any]:
    """A profile of the firewall. What a policy says goes before what the machine was set to."""
    profile = _PROFILES.get(text(one, "Profile"))
    on = whole(one, "Policy")
    on = whole(one, "EnableFirewall") if on is None else on
    if profile is None or on is None:
        return {}
    return {"description": "Windows Firewall", "profile": profile, "status": "on" if on else "off"}


def _antivirus(capture: Capture) -> list[dict[str, Any]]:
    dates = MachineDates.of(capture)
    defender = row(capture, "defender")
    found = []
    for one in rows(capture, "antivirus"):
        own = text(one, "instanceGuid").upper() == _DEFENDER
        found.append({**_listed(one), **(_defender(defender, dates) if own else {})})
    if not found and flag(defender, "AMServiceEnabled"):  # servers have no list
        found.append({"name": "Microsoft Defender Antivirus", **_defender(defender, dates)})
    return [one for one in found if one.get("name")]


def _listed(one: Row) -> dict[str, Any]:
    state = whole(one, "productState")
    return present(
        name=text(one, "displayName"),
        guid=text(one, "instanceGuid"),
        enabled=None if state is None else state >> 12 & 15 != _OFF,
        uptodate=None if state is None else state >> 4 & 15 != _OUTDATED,
    )


def _defender(one: Row, dates: MachineDates) -> dict[str, Any]:
    return present(
        company="Microsoft" if one else None,
        version=text(one, "AMProductVersion"),
        enabled=flag(one, "RealTimeProtectionEnabled"),
        base_version=text(one, "AntivirusSignatureVersion"),
        base_creation=dates.local(one, "AntivirusSignatureLastUpdated")[:10],
    )


def _state(capture: Capture) -> dict[str, Any]:
    restart, update, lock = row(capture, "restart"), row(capture, "windows-update"), row(capture, "screen-lock")
    pending = row(capture, "pending-updates")
    return present(
        restart_required=any(flag(restart, key) for key in restart) if restart else None,
        automatic_updates=_automatic(update) if update else None,
        lists_refreshed=_refreshed(text(update, "LastSuccessTime")),
        pending=present(updates=whole(pending, "Updates"), security_updates=whole(pending, "SecurityUpdates")),
        **_screen_lock(lock),
    )


def _automatic(update: Row) -> bool:
    if whole(update, "NoAutoUpdate") == 1:
        return False
    options = whole(update, "AUOptions")
    return options is None or options in _AUTOMATIC


def _refreshed(said: str) -> str:
    """When the list of updates was last looked for: UTC in the registry."""
    return said.replace(" ", "T") + "Z" if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", said) else ""


def _screen_lock(lock: Row) -> dict[str, Any]:
    """Whether the screen locks itself, and after how many seconds: by the machine's limit, or a screen saver that asks
    for the password.
    """
    saver = text(lock, "ScreenSaveActive") == "1" and text(lock, "ScreenSaverIsSecure") == "1"
    limits = [whole(lock, "InactivityTimeoutSecs"), whole(lock, "ScreenSaveTimeOut") if saver else None]
    seconds = min((one for one in limits if one), default=None)
    return present(screen_lock=seconds is not None, screen_lock_after=seconds) if lock else {}


SUBJECT = Subject(
    "security",
    _parse,
    ("firewall", "antivirus", "defender", "restart", "windows-update", "pending-updates", "screen-lock"),
    (Section("firewalls"), Section("antivirus"), Section("terrier.security")),
)
