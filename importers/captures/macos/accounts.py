"""People: local accounts and groups, who is logged on, who logged on last, and who does most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import Entry, offset, plists
from importers.captures.macos.processes import MONTHS
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_NO_SHELLS = ("nologin", "false")
_NOBODY = {"reboot", "shutdown", "wtmp", "_mbsetupuser", "root"}
_LOGIN = re.compile(r"(\S+)\s+(\S+)\s.*?\b\w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d)\b")


class MacLogin(NamedTuple):
    """A line of last: who, on which terminal, and when as "2026-11-30 09:12"."""

    user: str
    terminal: str
    when: str


def attribute(entry: Entry, name: str) -> str:
    """The first value of an attribute of dscl, which names it with or without its prefix."""
    return text(entry, f"dsAttrTypeStandard:{name}") or text(entry, name)


def values(entry: Entry, name: str) -> list[str]:
    """All values of an attribute of dscl."""
    found = entry.get(f"dsAttrTypeStandard:{name}", entry.get(name))
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def logins(content: str, taken: datetime) -> Iterator[MacLogin]:
    """The logins of ``last``, which tells no year: the latest in which they are not after the capture."""
    for line in content.splitlines():
        match = _LOGIN.match(line)
        if not match or match[3] not in MONTHS or match[1] in _NOBODY:
            continue
        for year in (taken.year, taken.year - 1):
            try:
                at = datetime.strptime(f"{year} {MONTHS.index(match[3]) + 1} {match[4]} {match[5]}", "%Y %m %d %H:%M")
            except ValueError:  # 29 February of another year
                continue
            if at <= taken + timedelta(minutes=1):
                yield MacLogin(match[1], match[2], at.strftime("%Y-%m-%d %H:%M"))
                break


def main_user(history: list[MacLogin], people: set[str]) -> str:
    """Who logged on at the Mac itself most often, of several the latest; "" if nobody did."""
    counts: dict[str, tuple[int, str]] = {}
    for one in history:
        if one.user in people and one.terminal == "console":
            number, latest = counts.get(one.user, (0, ""))
            counts[one.user] = (number + 1, max(latest, one.when))
    return max(counts, key=lambda user: (*counts[user], user), default="")


def _parse(capture: Capture) -> Content:
    accounts = [one for one in map(_account, plists(capture, "accounts")) if one]
    groups = [
        present(id=attribute(one, "PrimaryGroupID"), name=name, members=values(one, "GroupMembership"))
        for one in plists(capture, "groups")
        if (name := attribute(one, "RecordName"))
    ]
    people = {one["login"] for one in accounts if _is_person(one)}
    now = [line.split()[0] for line in capture.content("logged-on").splitlines() if len(line.split()) > 2]
    taken = datetime.strptime(capture.taken_at, "%Y-%m-%dT%H:%M:%SZ") + timedelta(minutes=offset(capture))
    history = list(logins(capture.content("logins"), taken))
    found: Content = present(
        local_users=accounts, local_groups=groups, users=[{"login": login} for login in dict.fromkeys(now)]
    )
    last = max(history, key=lambda one: one.when, default=None)
    if last:
        found["hardware"] = {"lastloggeduser": last.user, "datelastloggeduser": f"{last.when}:00"}
    user = main_user(history, people) or next((one for one in now if one in people), "")
    if user:
        names = {one["login"]: one["name"] for one in accounts}
        found["terrier"] = {"main_user": present(login=user, name=names.get(user))}
    return found


def _account(entry: Entry) -> dict[str, Any]:
    login = attribute(entry, "RecordName")
    if not login:
        return {}
    return present(
        id=attribute(entry, "UniqueID"), login=login, name=attribute(entry, "RealName") or login,
        home=attribute(entry, "NFSHomeDirectory"), shell=attribute(entry, "UserShell"),
    )  # fmt: skip


def _is_person(account: dict[str, Any]) -> bool:
    """Whether it is a person's: macOS numbers them from 501, and those of directories far above."""
    number = str(account.get("id", ""))
    return (
        re.fullmatch(r"\d{3,18}", number) is not None
        and int(number) >= 500
        and not account["login"].startswith("_")
        and not str(account.get("shell", "")).endswith(_NO_SHELLS)
    )


SUBJECT = Subject(
    "accounts",
    _parse,
    ("accounts", "groups", "logged-on", "logins", "offset"),
    (Section("local_users"), Section("local_groups"), Section("users"), Section("hardware")),
)
