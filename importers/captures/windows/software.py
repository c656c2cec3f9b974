"""Programs in the registry: those of everybody (64-bit and 32-bit), and those that people installed for themselves."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._dates import MachineDates
from importers.captures.windows._rows import Row, flag, row, rows
from importers.captures.windows.accounts import is_person, names_of
from importers.captures.windows.databases import installed, is_without_edition
from importers.discovery.collector import Content, Section, present

ELEVATE = "software that other users installed for themselves"
_GUID = re.compile(r"\{[0-9A-F-]{36}\}", re.IGNORECASE)
_UPDATE = re.compile(r"\bKB\d{6,7}\b")
_MOST_KIB = 1 << 31  # 2 TiB: larger sizes are no sizes


def _parse(capture: Capture) -> Content:
    dates = MachineDates.of(capture)
    native, other = ("x86_64", "i586") if _is_64_bit(capture) else ("i586", "i586")
    found = [
        *_programs(rows(capture, "software-64"), dates, arch=native),
        *_programs(rows(capture, "software-32"), dates, arch=other),
    ]
    names = names_of(capture)
    for one in rows(capture, "software-users"):
        sid = text(one, "Sid")
        login = names.get(sid, "").rpartition("\\")[2] or sid
        found += _programs([one], dates, username=login, userid=sid)
    found = [one for one in found if not is_without_edition(str(one["name"]), capture)] + installed(capture)
    return {"softwares": found} if found else {}


def _is_64_bit(capture: Capture) -> bool:
    """Whether Windows is: the words after the number are translated."""
    return "32" not in text(row(capture, "operating-system"), "OSArchitecture")


def _programs(listed: list[Row], dates: MachineDates, **more: str) -> list[dict[str, Any]]:
    return [
        _program(one, dates, more) for one in listed if text(one, "DisplayName") and not flag(one, "SystemComponent")
    ]


def _program(one: Row, dates: MachineDates, more: dict[str, str]) -> dict[str, Any]:
    key, name = text(one, "Key"), text(one, "DisplayName")
    size = whole(one, "EstimatedSize") or 0
    return present(
        name=name,
        version=text(one, "DisplayVersion"),
        publisher=text(one, "Publisher"),
        install_date=dates.day(text(one, "InstallDate")),
        filesize=size * 1024 if 0 < size < _MOST_KIB else None,
        folder=text(one, "InstallLocation").strip('"'),
        guid=key if _GUID.fullmatch(key) else None,
        comments=text(one, "Comments"),
        url_info_about=text(one, "URLInfoAbout"),
        helplink=text(one, "HelpLink"),
        release_type=_release_type(one, name),
        no_remove=True if flag(one, "NoRemove") else None,
        version_major=text(one, "VersionMajor"),
        version_minor=text(one, "VersionMinor"),
        **{"from": "registry"},
        **more,
    )


def _release_type(one: Row, name: str) -> str:
    """What an entry is if it is an update of another program."""
    stated = text(one, "ReleaseType")
    if stated:
        return stated
    return "Update" if text(one, "ParentKeyName") and (_UPDATE.search(name) or _UPDATE.search(text(one, "Key"))) else ""


def unseen(capture: Capture) -> Collection[str]:
    """The software of people is seen of those whose settings are loaded: who is logged on, or was asked."""
    loaded = {text(one, "Sid") for one in rows(capture, "sessions")} | {text(row(capture, "session"), "Sid")}
    away = [one for one in rows(capture, "profiles") if is_person(text(one, "Sid")) and flag(one, "Loaded") is not True]
    return ("user_softwares",) if any(text(one, "Sid") not in loaded for one in away) else ()


SUBJECT = Subject(
    "programs",
    _parse,
    ("software-64", "software-32", "software-users", "profiles", "sql-instances"),
    (Section("softwares"), Section("user_softwares", ELEVATE)),
    unseen,
)
