"""People: local accounts and groups, who is logged on, and who uses the machine most."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._dates import MachineDates, file_time
from importers.captures.windows._rows import Row, row, rows
from importers.discovery.collector import Content, Section, present

#: Accounts of people: of the machine or a domain (S-1-5-21-…), of Azure AD (S-1-12-1-…).
_PERSON = re.compile(r"S-1-(5-21|12-1)-[\d-]+")
#: The last parts of ids that Windows itself gives: administrator, guest, and accounts that serve programs.
_BUILT_IN = ("-500", "-501", "-503", "-504")


def is_person(sid: str) -> bool:
    """Whether the id is of an account that a person has, and not of one that Windows comes with."""
    return _PERSON.fullmatch(sid) is not None and not (sid.startswith("S-1-5-21-") and sid.endswith(_BUILT_IN))


def names_of(capture: Capture) -> dict[str, str]:
    """Security id → login, after its domain and a backslash where that is known, of who was ever logged on."""
    found: dict[str, str] = {}
    last = row(capture, "last-logon")
    told = [
        *((text(one, "Sid"), text(one, "User")) for one in rows(capture, "sessions")),
        (text(last, "LastLoggedOnUserSID"), text(last, "LastLoggedOnSAMUser")),
        *((text(one, "Sid"), text(one, "User")) for one in rows(capture, "profiles")),
        *((text(one, "SID"), text(one, "Name")) for one in rows(capture, "accounts")),
        *((text(one, "Sid"), _leaf(text(one, "Path"))) for one in rows(capture, "profiles")),
    ]
    for sid, name in told:
        if sid and name.strip(".\\"):
            found.setdefault(sid, name.removeprefix(".\\"))
    return found


def _leaf(path: str) -> str:
    return path.rstrip("\\").rpartition("\\")[2]


def _parse(capture: Capture) -> Content:
    names = names_of(capture)
    dates = MachineDates.of(capture)
    last = row(capture, "last-logon")
    found = present(
        local_users=_accounts(capture),
        local_groups=[_group(one) for one in rows(capture, "groups") if text(one, "SID") and text(one, "Name")],
        users=_sessions(capture, names),
    )
    sid = text(last, "LastLoggedOnUserSID")
    login = text(last, "LastLoggedOnSAMUser") or text(last, "LastLoggedOnUser")
    if login:
        at = {text(one, "Sid"): dates.of_ticks(_loaded(one)) for one in rows(capture, "profiles")}.get(sid, "")
        found["hardware"] = present(lastloggeduser=login.removeprefix(".\\"), datelastloggeduser=at)
    user = _main_user(capture, sid)
    if user:
        found["terrier"] = {"main_user": present(login=_bare(names.get(user, "")), name=_full_name(capture, user))}
        if not found["terrier"]["main_user"].get("login"):
            del found["terrier"]
    return found


def _accounts(capture: Capture) -> list[dict[str, Any]]:
    homes = {text(one, "Sid"): text(one, "Path") for one in rows(capture, "profiles")}
    return [
        present(
            id=sid, login=text(one, "Name"), name=text(one, "FullName") or text(one, "Name"), home=homes.get(sid, "")
        )
        for one in rows(capture, "accounts")
        if (sid := text(one, "SID"))
    ]


def _group(one: Row) -> dict[str, Any]:
    listed = one.get("Members")
    members = [str(member) for member in listed if isinstance(member, str)] if isinstance(listed, list) else []
    return present(id=text(one, "SID"), name=text(one, "Name"), members=sorted(members))


def _sessions(capture: Capture, names: dict[str, str]) -> list[dict[str, Any]]:
    found = {}
    for one in rows(capture, "sessions"):
        name = text(one, "User") or names.get(text(one, "Sid"), "")
        domain, _, login = name.rpartition("\\")
        if login:
            found[name] = present(login=login, domain=domain.strip("."))
    return list(found.values())


def _bare(name: str) -> str:
    return name.rpartition("\\")[2].partition("@")[0]


def _loaded(profile: Row) -> int:
    """When a profile was loaded last: a file time."""
    return file_time(profile, "LocalProfileLoadTimeHigh", "LocalProfileLoadTimeLow")


def _main_user(capture: Capture, last: str) -> str:
    """The id of the person who logged on most often, of several the latest; where no log tells, whose profile was
    loaded last; else who was there last. "" if nobody is known.
    """
    told = rows(capture, "logons")
    logons = {text(one, "Sid"): one for one in told if is_person(text(one, "Sid"))}
    if told:
        return max(
            logons, key=lambda sid: (whole(logons[sid], "Count") or 0, text(logons[sid], "Latest"), sid), default=""
        )
    profiles = {text(p, "Sid"): _loaded(p) for p in rows(capture, "profiles") if is_person(text(p, "Sid"))}
    if any(profiles.values()):
        return max(profiles, key=lambda sid: (profiles[sid], sid))
    if is_person(last):
        return last
    return next(iter(profiles)) if len(profiles) == 1 else ""


def _full_name(capture: Capture, sid: str) -> str:
    told = [
        *(text(one, "DisplayName") for one in rows(capture, "sessions") if text(one, "Sid") == sid),
        *(text(one, "FullName") for one in rows(capture, "accounts") if text(one, "SID") == sid),
    ]
    last = row(capture, "last-logon")
    if text(last, "LastLoggedOnUserSID") == sid:
        told.append(text(last, "LastLoggedOnDisplayName"))
    return next((name for name in told if name), "")


SUBJECT = Subject(
    "accounts",
    _parse,
    ("accounts", "groups", "sessions", "profiles", "last-logon", "logons"),
    (Section("local_users"), Section("local_groups"), Section("users"), Section("hardware")),
)
